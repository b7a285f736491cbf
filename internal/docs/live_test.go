// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// live applies examples: init, apply, a second plan, which is empty, destroy, which leaves nothing. A CLI takes most of its time to
// start itself and the provider, so one root module calls all of them; one alone is a root module itself. The error says what went
// otherwise.
func live(t *testing.T, together ...example) error {
	t.Helper()
	testEnv := acctest.NewOnSystemClock(t, simulator.Options{})
	var lives []life
	others := map[string]*shapes{}
	dir := t.TempDir()
	for _, e := range together {
		l, err := newLife(t, testEnv, dir, e)
		if err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
		lives = append(lives, l)
		mergeShapes(others, otherProviders(l.pieces...))
	}
	w := newWorkspace(t, testEnv, lives[0].module, others)
	if len(lives) > 1 {
		w.dir = dir
	}
	if err := w.before(lives); err != nil {
		return fmt.Errorf("before: %w", err)
	}
	for _, l := range lives {
		for name, text := range l.fitted.files {
			write(t, l.module, name, text)
		}
		w.call(l, l.pieces)
	}
	w.said.Reset()
	if slices.Contains(lives[0].needs(), listBlocks) {
		return errors.Join(w.steps([]string{"init", "query"}), w.leaks())
	}
	if err := w.steps([]string{"init", "apply"}); err != nil {
		return err
	}
	return errors.Join(w.steps([]string{"plan"}), w.steps([]string{"destroy"}), w.leaks(), w.ended(lives))
}

// life is an example that is lived through.
type life struct {
	example
	fitted fitted
	pieces []piece
	// module is the directory of the example.
	module string
}

func newLife(t *testing.T, testEnv *acctest.Env, dir string, e example) (life, error) {
	t.Helper()
	l := life{example: e, fitted: fit(t, testEnv, e.files), module: filepath.Join(dir, e.slug())}
	pieces, err := parseAll(l.fitted.files)
	if err != nil {
		return life{}, err
	}
	l.pieces = slices.Collect(maps.Values(pieces))
	problems := []error{checkSources(t, l.pieces...)}
	for _, p := range l.pieces {
		problems = append(problems, checkListsAndActions(t, p))
	}
	if e.around != "" {
		if err := os.CopyFS(l.module, os.DirFS(e.around)); err != nil {
			return life{}, err
		}
		l.module = filepath.Join(l.module, filepath.FromSlash(e.name))
	}
	if err := os.MkdirAll(l.module, 0o700); err != nil {
		return life{}, err
	}
	write(t, l.module, "here_override.tf", overrides(testEnv, l.pieces))
	return l, errors.Join(problems...)
}

// before applies what there has to be before some of the examples.
func (w *workspace) before(lives []life) error {
	var steps []string
	for _, l := range lives {
		if l.fitted.before != "" {
			steps = []string{"init", "apply"}
			write(w.t, l.module, "before.tf", l.fitted.before)
			w.call(l, nil)
		}
	}
	problem := w.steps(steps)
	for _, l := range lives {
		if l.fitted.before != "" {
			problem = errors.Join(problem, os.Remove(filepath.Join(l.module, "before.tf")))
		}
	}
	return problem
}

// call has the root module call an example, unless that is the root module.
func (w *workspace) call(l life, pieces []piece) {
	w.t.Helper()
	source, err := filepath.Rel(w.dir, l.module)
	if err != nil {
		w.t.Fatal(err)
	}
	if source != "." {
		write(w.t, w.dir, l.slug()+".tf", call(l.slug(), "./"+filepath.ToSlash(source), pieces))
	}
}

// ended tells what lives have left, or never said.
func (w *workspace) ended(lives []life) error {
	var elses []int64
	for _, l := range lives {
		elses = append(elses, l.fitted.elses...)
		for _, phrase := range l.fitted.says {
			if !phrase.MatchString(w.said.String()) {
				return fmt.Errorf("nowhere it says %q: %s", phrase, w.said.String())
			}
		}
	}
	var left []string
	for _, token := range w.testEnv.Tokens() {
		if !slices.Contains(elses, token.ID) {
			left = append(left, token.Name)
		}
	}
	if left != nil {
		return fmt.Errorf("the destroy left the tokens %q", left)
	}
	if purged := w.testEnv.Purged(); len(purged) > 0 {
		return fmt.Errorf("the server purged %v", purged)
	}
	return nil
}

// steps runs commands that have to succeed; a plan has to be empty besides.
func (w *workspace) steps(commands []string) error {
	flags := map[string][]string{
		"init": {"-input=false"}, "plan": {"-input=false", "-detailed-exitcode"},
		"apply": {"-input=false", "-auto-approve"}, "destroy": {"-input=false", "-auto-approve"},
	}
	for _, command := range commands {
		if err := succeeds(w.run(append([]string{command, "-no-color"}, flags[command]...)...)); err != nil {
			return fmt.Errorf("%s: %w", command, err)
		}
	}
	return nil
}

// overrides are what keeps an example from working anywhere but where it is meant for: its server.
func overrides(testEnv *acctest.Env, pieces []piece) string {
	for _, p := range pieces {
		for _, b := range p.body.Blocks {
			if b.Type == "provider" && b.Labels[0] == "commvault" && b.Body.Attributes["host"] != nil {
				return fmt.Sprintf("provider \"commvault\" {\n  host = %q\n}\n", testEnv.URL())
			}
		}
	}
	return ""
}
