// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package scripts

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const oldest = `echo "Terraform v1.5.7"; echo "on linux_amd64"`

// TestWithCLIBuildsOpenTofu covers a machine without terraform and tofu: the script announces that it builds OpenTofu, which takes
// minutes, and reuses the result the next time.
func TestWithCLIBuildsOpenTofu(t *testing.T) {
	root := copyOf(t, "scripts/with-cli")
	bin := programs(t, map[string]string{"make": makes(root, map[string]string{"bin/tofu": openTofu})})
	for _, want := range []string{"building OpenTofu on first use, which takes a few minutes", "with-cli: OpenTofu v1.12.6"} {
		command := exec.Command(filepath.Join(root, "scripts/with-cli"), "sh", "-c",
			`echo "$TERRAFORM $TF_ACC_TERRAFORM_PATH $TF_ACC_PROVIDER_HOST"`)
		command.Env = []string{"PATH=" + bin}
		var stderr strings.Builder
		command.Stderr = &stderr
		stdout, err := command.Output()
		if err != nil {
			t.Fatalf("%s\n%s", err, &stderr)
		}
		tofu := filepath.Join(root, "bin/tofu")
		if got := strings.Fields(string(stdout)); !slices.Equal(got, []string{tofu, tofu, "registry.opentofu.org"}) {
			t.Errorf("it hands on %s", got)
		}
		if first, _, _ := strings.Cut(stderr.String(), "\n"); !strings.Contains(first, want) {
			t.Errorf("it begins with %q, want %q", first, want)
		}
	}
}

// TestRunTestsEachCLIOnce verifies which CLIs the pipeline uses for the acceptance tests, and that make test runs last.
func TestRunTestsEachCLIOnce(t *testing.T) {
	for name, test := range map[string]struct {
		onPath map[string]string
		want   []string
	}{
		"another terraform":  {map[string]string{"terraform": terraform}, []string{"bin/terraform", "bin/tofu"}},
		"the same terraform": {map[string]string{"terraform": oldest}, []string{"bin/tofu"}},
		"no terraform":       {map[string]string{}, []string{"bin/terraform"}},
	} {
		t.Run(name, func(t *testing.T) {
			root := copyOf(t, "scripts/with-cli", ".ci/run")
			fakes := maps.Clone(test.onPath)
			fakes["make"] = makes(root, map[string]string{"bin/terraform": oldest, "bin/tofu": openTofu})
			command := exec.Command("bash", filepath.Join(root, ".ci/run"))
			command.Env = []string{"PATH=" + programs(t, fakes)}
			if output, err := command.CombinedOutput(); err != nil {
				t.Fatalf("%s\n%s", err, output)
			}
			log, err := os.ReadFile(filepath.Join(root, "made"))
			if err != nil {
				t.Fatal(err)
			}
			made := strings.Split(strings.TrimSpace(string(log)), "\n")
			var got []string
			for _, line := range made {
				if cli, found := strings.CutPrefix(line, "test-acceptance TERRAFORM="); found {
					got = append(got, cli)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("the acceptance tests ran against %s, want %s", got, test.want)
			}
			if last := made[len(made)-1]; last != "test TESTARGS=-count=1" {
				t.Errorf("the last make is %q", last)
			}
		})
	}
}

// TestMakeTestRunsTwice verifies that the tests run under the race detector where it can be built, and then with the CLI and the full
// matrices, that the summary comes before go test's own lines, and that the user's GOGC is kept.
func TestMakeTestRunsTwice(t *testing.T) {
	goProgram, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	const arguments = " -vet=off -ldflags=-s -w -timeout 30m -run BothClocks ./internal/clock\n"
	race := func(gogc string) string {
		return "== in process, under the race detector\nok CGO_ENABLED=1 TF_ACC= MATRIX= GOGC=" + gogc + " test -race -short" + arguments
	}
	complete := func(gogc string) string {
		return "== proved\n7 cells\n1 packages, 1 tests\nwith Terraform v1.9.8, OpenTofu v9\nin " + "|" +
			"ok CGO_ENABLED=0 TF_ACC=1 MATRIX=whole GOGC=" + gogc + " test -v" + arguments
	}
	for name, test := range map[string]struct {
		build    string // the effect of go build
		variable string
		want     string // on stdout, these parts in this order
		missing  bool   // whether stderr reports the missing race detector
	}{
		"a compiler":      {"exit 0", "GOGC=", race("400") + "|" + complete("400"), false},
		"GOGC is set":     {"exit 0", "GOGC=50", race("50") + "|" + complete("50"), false},
		"no compiler":     {"exec " + goProgram + ` "$@"`, "CC=/no/such/compiler", complete("400"), true},
		"broken compiler": {"exec " + goProgram + ` "$@"`, "CC=false", complete("400"), true},
	} {
		t.Run(name, func(t *testing.T) {
			command := makeTest(t, `case $1 in
test) echo "ok CGO_ENABLED=$CGO_ENABLED TF_ACC=$TF_ACC MATRIX=$MATRIX GOGC=$GOGC $*"
  printf '    a_test.go:1: proves 7 cells\n--- PASS: TestA\n' ;;
build) `+test.build+` ;;
esac`, "CLIS=OpenTofu v9", "TF_ACC=", "MATRIX=", "GOGC=", test.variable)
			var stdout, stderr strings.Builder
			command.Stdout, command.Stderr = &stdout, &stderr
			if err := command.Run(); err != nil {
				t.Fatalf("make test: %s\n%s%s", err, &stdout, &stderr)
			}
			rest := stdout.String()
			for want := range strings.SplitSeq(test.want, "|") {
				_, after, found := strings.Cut(rest, want)
				if !found {
					t.Fatalf("%q is not followed by %q", rest, want)
				}
				rest = after
			}
			if rest != "" {
				t.Errorf("it ends with %q", rest)
			}
			if said := strings.Contains(stderr.String(), "no C compiler that works, so the race detector stays off"); said != test.missing {
				t.Errorf("on stderr, it says %q", &stderr)
			}
		})
	}
}

// TestMakeTestShowsWhatFailed verifies that make test shows a failure with the CLI and fails.
func TestMakeTestShowsWhatFailed(t *testing.T) {
	output, err := makeTest(t, `case $1 in
test) printf '%s\n' '=== RUN TestA' '    a_test.go:1: it broke' '--- FAIL: TestA' '--- PASS: TestB'; exit 1 ;;
build) exit 1 ;;
esac`).CombinedOutput()
	if text := string(output); err == nil || !strings.Contains(text, "it broke\n--- FAIL: TestA\n") || strings.Contains(text, "TestB") {
		t.Errorf("it ends with %v, and prints %q", err, text)
	}
}

// makeTest returns make test for one package, with scripts in place of go and the CLI.
func makeTest(t *testing.T, goScript string, variables ...string) *exec.Cmd {
	t.Helper()
	bin := programs(t, map[string]string{"terraform": terraform, "go": goScript})
	root := copyOf(t, "GNUmakefile", "scripts/test", "scripts/with-cli")
	command := exec.Command("make", "--no-print-directory", "-C", root, "-s", "test", "PKG=./internal/clock", "TESTARGS=-run BothClocks")
	command.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "MAKE") || strings.HasPrefix(variable, "MFLAGS") || strings.HasPrefix(variable, "CGO_ENABLED=")
	})
	command.Env = append(command.Env, "PATH="+bin+":"+os.Getenv("PATH"), "TERRAFORM=")
	command.Env = append(command.Env, variables...)
	return command
}

// copyOf creates a directory with some of the repository's files.
func copyOf(t *testing.T, names ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// makes returns a make that records its targets in root/made, and creates the programs that it knows.
func makes(root string, programs map[string]string) string {
	script := `echo "$*" | sed 's/^--no-print-directory -C [^ ]* //' >>` + root + "/made\nfor target in \"$@\"; do case $target in\n"
	for _, name := range slices.Sorted(maps.Keys(programs)) {
		script += name + ") mkdir -p " + root + "/bin; printf '%s\\n' '#!/bin/sh' '" + programs[name] + "' >" + root + "/" + name +
			"; chmod +x " + root + "/" + name + ";;\n"
	}
	return script + "esac; done"
}
