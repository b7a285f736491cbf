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
)

// mostUnchecked is how many blocks may say that they can't be validated.
const mostUnchecked = 2

// TestAccBlocks runs every HCL block of every page through terraform validate and terraform fmt, each in a directory of its
// own, completed by what its page declares elsewhere.
func TestAccBlocks(t *testing.T) {
	pages, err := readPages(root)
	if err != nil {
		t.Fatal(err)
	}
	blocks, unchecked := 0, 0
	for _, page := range pages {
		for _, b := range page.blocks {
			if !b.isHCL() {
				continue
			}
			blocks++
			if b.unchecked != "" {
				unchecked++
				t.Logf("%s is not validated: %s", b, b.unchecked)
				continue
			}
			t.Run(b.String(), func(t *testing.T) {
				t.Parallel()
				err := validate(t, root, page, b)
				if lacking := (lacksError{}); errors.As(err, &lacking) {
					t.Skip(err)
				}
				if err != nil {
					t.Errorf("%s\n%s", err, b.text)
				}
			})
		}
	}
	t.Logf("%d blocks of HCL", blocks)
	if blocks < 10 {
		t.Errorf("only %d blocks were found", blocks)
	}
	if unchecked > mostUnchecked {
		t.Errorf("%d blocks are not validated, more than %d", unchecked, mostUnchecked)
	}
}

func (b block) isHCL() bool {
	return slices.Contains([]string{"terraform", "hcl", "tf", "tofu", "opentofu"}, strings.ToLower(b.language))
}

// lacksError means that the CLI is too old for a block.
type lacksError struct{ what string }

func (e lacksError) Error() string { return "this CLI lacks " + e.what }

// validate one block of a page. The error says what is wrong with it.
func validate(t *testing.T, root string, page page, b block) error {
	t.Helper()
	cli := acctest.NewCLI(t, "")
	dir := t.TempDir()
	if cliConfiguration.MatchString(b.text) {
		write(t, dir, "cli.tfrc", b.text)
		cli.Setenv("TF_CLI_CONFIG_FILE", filepath.Join(dir, "cli.tfrc"))
		if said := cli.Run("-chdir="+dir, "version").Text; strings.Contains(said, "problems with the CLI configuration") {
			return errors.New(said) // which it goes on without
		}
		return nil
	}
	p, err := parse(b.String(), b.text)
	if err != nil {
		return err
	}
	added, missing := p.completed(otherBlocks(page, b))
	if len(missing) > 0 {
		return fmt.Errorf("it refers to %s, which the page declares nowhere", strings.Join(missing, ", "))
	}
	if !slices.ContainsFunc(append(added, b.text), func(text string) bool { return strings.Contains(text, requiredProviders) }) {
		added = append(added, fmt.Sprintf("terraform {\n  required_providers {\n    commvault = { source = %q }\n  }\n}", ourSource))
	}
	context, err := parse("context.tf", strings.Join(added, "\n\n")+"\n")
	if err != nil {
		return err
	}
	if err := errors.Join(checkSources(t, p, context), checkListsAndActions(t, p)); err != nil {
		return err
	}
	if lacking := releaseOf(t, cli).lacks(append(p.needs(), context.needs()...)); lacking != "" {
		return lacksError{lacking}
	}
	text, contextText, modules, err := localModules(t, root, path.Dir(page.path), dir, p, context)
	if err != nil {
		return err
	}
	file, flags := "main.tf", []string(nil)
	if slices.Contains(p.needs(), listBlocks) {
		file, flags = "main.tfquery.hcl", []string{"-query"}
	}
	write(t, dir, file, text)
	write(t, dir, "context.tf", contextText)
	overrideProviders(t, cli, p, context)
	if modules {
		if err := succeeds(cli.Run("-chdir="+dir, "get", "-no-color")); err != nil {
			return err
		}
	}
	// fmt takes no file of a query by its name, though the language is the same.
	form := t.TempDir()
	write(t, form, "main.tf", text)
	return errors.Join(
		succeeds(cli.Run("-chdir="+form, "fmt", "-no-color", "-check", "-diff", "main.tf")),
		succeeds(cli.Run(slices.Concat([]string{"-chdir=" + dir, "validate", "-no-color"}, flags)...)),
	)
}

// cliConfiguration is what belongs into ~/.terraformrc. The CLIs read it as an older HCL, which this parser can't.
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

// localModules copies the modules of this repository that the pieces call into dir, and has the calls point there.
func localModules(t *testing.T, root, from, dir string, p, context piece) (text, contextText string, found bool, err error) {
	t.Helper()
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
			return "", "", false, fmt.Errorf("there is no module %q", source)
		}
		target := "modules/" + path.Base(name)
		if err := os.CopyFS(filepath.Join(dir, target), os.DirFS(filepath.Join(root, name))); err != nil && !errors.Is(err, os.ErrExist) {
			return "", "", false, err
		}
		local := strings.NewReplacer(`"`+source+`"`, `"./`+target+`"`)
		text, contextText, found = local.Replace(text), local.Replace(contextText), true
	}
	return text, contextText, found, nil
}

// overrideProviders has the CLI take the built provider, and one for each other that is used, without any registry.
func overrideProviders(t *testing.T, cli *acctest.CLI, pieces ...piece) {
	t.Helper()
	overrides := map[string]string{}
	for _, source := range sourcesOf(pieces) {
		if isOurs(source) {
			overrides[source] = filepath.Dir(acctest.Binary(t))
		}
	}
	for source, s := range otherProviders(pieces...) {
		dir := t.TempDir()
		s.install(t, dir, "terraform-provider-"+path.Base(source))
		overrides[source] = dir
	}
	var rc strings.Builder
	rc.WriteString("provider_installation {\n  dev_overrides {\n")
	for _, source := range slices.Sorted(maps.Keys(overrides)) {
		fmt.Fprintf(&rc, "    %q = %q\n", source, overrides[source])
	}
	rc.WriteString("  }\n  direct {}\n}\n")
	dir := t.TempDir()
	write(t, dir, "cli.tfrc", rc.String())
	cli.Setenv("TF_CLI_CONFIG_FILE", filepath.Join(dir, "cli.tfrc"))
}

func succeeds(output acctest.Output) error {
	if output.Code != 0 {
		return fmt.Errorf("exit %d: %s", output.Code, output.Text)
	}
	return nil
}
