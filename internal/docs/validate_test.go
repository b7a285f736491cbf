// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/cliconfig"
)

// trial is a block of a page that is validated.
type trial struct {
	page  page
	block block
	// pieces of its configuration: the block, and what its page declares elsewhere. None if it is not HCL of a module.
	pieces []piece
	module string // the directory with the pieces
	// problem is nil if the block is valid.
	problem error
}

// validate sets the problem of each trial. Most of the time of a CLI is its start, so one run validates many trials.
func validate(t *testing.T, root string, trials []*trial) {
	t.Helper()
	cli := acctest.NewCLI(t, "")
	dir, form := t.TempDir(), t.TempDir()
	others := map[string]*shapes{}
	var sources []string
	var ready []*trial
	for i, tr := range trials {
		tr.module = filepath.Join(dir, fmt.Sprintf("block%d", i))
		tr.problem = tr.prepare(t, root, releaseOf(t, cli))
		if tr.problem != nil || tr.pieces == nil {
			continue
		}
		ready = append(ready, tr)
		write(t, form, filepath.Base(tr.module)+".tf", tr.block.text)
		mergeShapes(others, otherProviders(tr.pieces...))
		sources = slices.AppendSeq(sources, maps.Values(sourcesOf(tr.pieces)))
	}
	overrideProviders(t, cli, sources, others)
	cli.Attach(nil)
	checkFormat(cli, form, ready)
	var together []*trial
	for _, tr := range ready {
		if flags, alone := tr.alone(); alone {
			output := cli.Run(slices.Concat([]string{"-chdir=" + tr.module, "validate", "-no-color"}, flags)...)
			tr.problem = errors.Join(tr.problem, succeeds(output))
		} else {
			together = append(together, tr)
		}
	}
	validateTogether(t, cli, dir, together)
}

// prepare writes the module of a block, and finds the problems that can be found without a CLI.
func (tr *trial) prepare(t *testing.T, root string, cli release) error {
	t.Helper()
	if err := os.Mkdir(tr.module, 0o700); err != nil {
		t.Fatal(err)
	}
	if cliConfiguration.MatchString(tr.block.text) {
		return validateCLIConfiguration(t, tr.block.text)
	}
	p, err := parse(tr.block.String(), tr.block.text)
	if err != nil {
		return err
	}
	added, missing := p.completed(otherBlocks(tr.page, tr.block))
	if len(missing) > 0 {
		return fmt.Errorf("it refers to %s, which the page declares nowhere", strings.Join(missing, ", "))
	}
	if !slices.ContainsFunc(append(added, p.text), func(text string) bool { return strings.Contains(text, requiredProviders) }) {
		added = append(added, required)
	}
	context, err := parse("context.tf", strings.Join(added, "\n\n")+"\n")
	if err != nil {
		return err
	}
	if err := errors.Join(checkSources(t, p, context), checkListsAndActions(t, p)); err != nil {
		return err
	}
	if lacking := cli.lacks(append(p.needs(), context.needs()...)); lacking != "" {
		return lacksError{lacking}
	}
	text, contextText, err := localModules(root, path.Dir(tr.page.path), tr.module, p, context)
	if err != nil {
		return err
	}
	tr.pieces = []piece{p, context}
	file := "main.tf"
	if slices.Contains(p.needs(), listBlocks) {
		file = "main.tfquery.hcl"
	}
	write(t, tr.module, file, text)
	write(t, tr.module, "context.tf", contextText)
	return nil
}

// validateCLIConfiguration makes the CLI read its own configuration. About a wrong one, the CLI prints a warning and continues.
func validateCLIConfiguration(t *testing.T, text string) error {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "cli.tfrc", text)
	cli := acctest.NewCLI(t, "", "TF_CLI_CONFIG_FILE="+filepath.Join(dir, "cli.tfrc"))
	if said := cli.Run("version").Text; strings.Contains(said, "problems with the CLI configuration") {
		return errors.New(said)
	}
	return nil
}

// alone reports whether the block has what only a root module may have, and the flags to validate it with.
func (tr *trial) alone() (flags []string, alone bool) {
	needs := tr.pieces[0].needs()
	if slices.Contains(needs, listBlocks) {
		flags = []string{"-query"}
	}
	return flags, onlyInRoot(needs)
}

// checkFormat finds the blocks that terraform fmt would change. It takes no file of a query by its name, though the language
// is the same: all are *.tf in the directory.
func checkFormat(cli *acctest.CLI, dir string, trials []*trial) {
	changes := strings.Fields(cli.Run("-chdir="+dir, "fmt", "-no-color", "-check").Stdout)
	for _, tr := range trials {
		if name := filepath.Base(tr.module) + ".tf"; slices.Contains(changes, name) {
			tr.problem = succeeds(cli.Run("-chdir="+dir, "fmt", "-no-color", "-check", "-diff", name))
		}
	}
}

// validateTogether validates a module that calls those of the trials, and again without those that have failed, until none
// does: each block that is valid has been in a run without errors.
func validateTogether(t *testing.T, cli *acctest.CLI, dir string, trials []*trial) {
	t.Helper()
	if len(trials) == 0 {
		return
	}
	caller := filepath.Join(dir, fmt.Sprintf("caller%d", len(trials)))
	if err := os.Mkdir(caller, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, caller, "any.tf", anyVariable)
	for _, tr := range trials {
		name := filepath.Base(tr.module)
		write(t, caller, name+".tf", call(name, "../"+name, tr.pieces))
	}
	output := cli.Run("-chdir="+caller, "get", "-no-color")
	if output.Code == 0 {
		output = cli.Run("-chdir="+caller, "validate", "-no-color")
	}
	if output.Code == 0 {
		return
	}
	var valid []*trial
	problems := problemsByModule(output.Text)
	for _, tr := range trials {
		if problem := problems[filepath.Base(tr.module)]; problem != nil {
			tr.problem = errors.Join(tr.problem, problem)
		} else {
			valid = append(valid, tr)
		}
	}
	if len(valid) < len(trials) {
		validateTogether(t, cli, dir, valid)
		return
	}
	for _, tr := range trials { // the CLI names no place
		tr.problem = errors.Join(tr.problem, succeeds(output))
	}
}

// cliConfiguration matches a block for ~/.terraformrc. The CLIs read it as an older HCL, which this parser does not support.
var cliConfiguration = regexp.MustCompile(`(?m)^(?:provider_installation|credentials)\b`)

// otherBlocks of the page, the nearest above first, then those below.
func otherBlocks(page page, b block) []piece {
	var above, below []piece
	for _, candidate := range page.blocks {
		p, err := parse(candidate.String(), candidate.text)
		switch {
		case !candidate.isHCL() || candidate.line == b.line || err != nil: // one that is wrong fails by itself
		case candidate.line < b.line:
			above = append(above, p)
		default:
			below = append(below, p)
		}
	}
	slices.Reverse(above)
	return append(above, below...)
}

// ourModule is the address of a module of this repository.
var ourModule = regexp.MustCompile(`"(?:git::https://)?` + regexp.QuoteMeta(ours) + `(?:\.git)?//([^"?]+)(?:\?ref=[^"]+)?"`)

// localModules copies the modules of this repository that the pieces call into dir, and changes the calls to these copies.
func localModules(root, from, dir string, p, context piece) (text, contextText string, err error) {
	text, contextText = p.text, context.text
	for _, b := range slices.Concat(p.body.Blocks, context.body.Blocks) {
		source := literal(b.Body, "source")
		if b.Type != "module" {
			continue
		}
		name := ""
		if match := ourModule.FindStringSubmatch(`"` + source + `"`); match != nil {
			name = match[1]
		} else if strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../") {
			name = path.Join(from, source)
		}
		if stat, failed := os.Stat(filepath.Join(root, filepath.FromSlash(name))); name == "" || failed != nil || !stat.IsDir() {
			return "", "", fmt.Errorf("there is no module %q", source)
		}
		target := "modules/" + path.Base(name)
		if err := os.CopyFS(filepath.Join(dir, target), os.DirFS(filepath.Join(root, name))); err != nil && !errors.Is(err, os.ErrExist) {
			return "", "", err
		}
		local := strings.NewReplacer(`"`+source+`"`, `"./`+target+`"`)
		text, contextText = local.Replace(text), local.Replace(contextText)
	}
	return text, contextText, nil
}

// overrideProviders makes the CLI use the built provider, and a stand-in for each other provider, without a registry.
func overrideProviders(t *testing.T, cli *acctest.CLI, sources []string, others map[string]*shapes) {
	t.Helper()
	overrides := map[string]string{ourSource: filepath.Dir(acctest.Binary(t))}
	for _, source := range sources {
		if isOurs(source) {
			overrides[source] = filepath.Dir(acctest.Binary(t))
		}
	}
	for source, s := range others {
		dir := t.TempDir()
		s.install(t, dir, "terraform-provider-"+path.Base(source))
		overrides[source] = dir
	}
	dir := t.TempDir()
	write(t, dir, "cli.tfrc", cliconfig.Overrides(overrides))
	cli.Setenv("TF_CLI_CONFIG_FILE", filepath.Join(dir, "cli.tfrc"))
}
