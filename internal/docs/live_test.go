// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// live through an example: init, apply, a second plan, which is empty, destroy, which leaves nothing. The error says what
// went otherwise.
func live(t *testing.T, e example) error {
	t.Helper()
	world := acctest.NewOnSystemClock(t, simulator.Options{})
	fitted := fit(t, world, e.files)
	pieces, err := parseAll(fitted.files)
	if err != nil {
		return err
	}
	all := slices.Collect(maps.Values(pieces))
	var needs []need
	for _, p := range all {
		needs = append(needs, p.needs()...)
		if err := checkListsAndActions(t, p); err != nil {
			return err
		}
	}
	if err := checkSources(t, all...); err != nil {
		return err
	}
	dir := t.TempDir()
	if e.around != "" {
		if err := os.CopyFS(dir, os.DirFS(e.around)); err != nil {
			return err
		}
		dir = filepath.Join(dir, filepath.FromSlash(e.name))
	}
	w := newWorkspace(t, world, dir, otherProviders(all...))
	if lacking := releaseOf(t, w.cli).lacks(needs); lacking != "" {
		return lacksError{lacking}
	}
	write(t, dir, "here_override.tf", overrides(world, all))
	if fitted.before != "" {
		write(t, dir, "before.tf", fitted.before)
		if err := w.steps([]string{"init", "apply"}); err != nil {
			return fmt.Errorf("before: %w", err)
		}
		if err := os.Remove(filepath.Join(dir, "before.tf")); err != nil {
			return err
		}
		w.said.Reset()
	}
	for name, text := range fitted.files {
		write(t, dir, name, text)
	}
	steps := []string{"init", "apply", "plan", "destroy"}
	if slices.Contains(needs, listBlocks) {
		steps = []string{"init", "query"}
	}
	if err := w.steps(steps); err != nil {
		return err
	}
	for _, phrase := range fitted.says {
		if !strings.Contains(w.said.String(), phrase) {
			return fmt.Errorf("nowhere it says %q: %s", phrase, w.said.String())
		}
	}
	for _, token := range world.Tokens() {
		if !slices.Contains(fitted.elses, token.ID) {
			return fmt.Errorf("the destroy left the token %q", token.Name)
		}
	}
	if purged := world.Purged(); len(purged) > 0 {
		return fmt.Errorf("the server purged %v", purged)
	}
	return w.leaks()
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

// overrides are what keeps an example from working anywhere but where it is meant for: its server, and its backend.
func overrides(world *acctest.World, pieces []piece) string {
	var text strings.Builder
	for _, p := range pieces {
		for _, b := range p.body.Blocks {
			if b.Type == "provider" && b.Labels[0] == "commvault" && b.Body.Attributes["host"] != nil {
				fmt.Fprintf(&text, "provider \"commvault\" {\n  host = %q\n}\n", world.URL())
			}
			for _, nested := range b.Body.Blocks {
				if b.Type == "terraform" && nested.Type == "backend" {
					text.WriteString("terraform {\n  backend \"local\" {}\n}\n")
				}
			}
		}
	}
	return text.String()
}
