// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

const rotatingToken = examples + "/modules/rotating-token"

// calm is a call of the module that it accepts.
const calm = "  name = \"a\"\n  type = \"ALL\"\n"

// TestAccModule guards that the module accepts what its page says, and that a renewal by the consumer causes no diff.
func TestAccModule(t *testing.T) {
	t.Parallel()
	calls := map[string]string{
		"whole":            calm,
		"endpoints":        "  name = \"a\"\n  api_endpoints = [\"/v4/servers\"]\n",
		"lifetime_of_null": calm + "  lifetime_days = null\n",
		"early":            calm + "  lifetime_days = 60\n  rotate_before_days = 20\n",
		"renewed":          calm + "  renew = true\n  renew_before_minutes = 15\n",
		"scim":             "  name = \"a\"\n  type = \"MS_SCIM\"\n",
		"one_touch":        "  name = \"a\"\n  type = \"OneTouch\"\n",
	}
	w := newModuleWorkspace(t, calls)
	if err := w.steps([]string{"init", "apply"}); err != nil {
		t.Fatal(err)
	}
	tokens := w.testEnv.Tokens()
	if len(tokens) != len(calls) {
		t.Errorf("the server holds %d tokens, want one of each call", len(tokens))
	}
	for _, token := range tokens {
		if w.output("renewed") == token.AccessToken || token.RefreshToken == "" {
			continue
		}
		later := func(renewed *simulator.Token) { renewed.ExpiresAt = renewed.ExpiresAt.Add(time.Hour) }
		if err := w.testEnv.EditToken(token.ID, later); err != nil {
			t.Error(err)
		}
	}
	if err := w.steps([]string{"plan"}); err != nil {
		t.Error(err)
	}
}

// TestAccModuleRefuses guards what the module refuses, before there is a token. One apply asks for the errors of all variables;
// without any, a plan comes to the preconditions.
func TestAccModuleRefuses(t *testing.T) {
	t.Parallel()
	type refused map[string]struct{ arguments, want string }
	for name, tests := range map[string]refused{
		"variables": {
			"name_with_a_space":    {"  name = \"a b\"\n  type = \"ALL\"\n", "begins with a letter or a digit"},
			"type_in_small":        {"  name = \"a\"\n  type = \"all\"\n", "in this spelling"},
			"endpoint_of_all":      {calm + "  api_endpoints = [\"/\"]\n", "names something"},
			"addresses_for_nobody": {calm + "  allowed_ips = []\n", "Use null for everybody"},
			"day":                  {calm + "  lifetime_days = 1\n", "from 2 to 365"},
			"more_than_a_year":     {calm + "  lifetime_days = 366\n", "from 2 to 365"},
			"half_a_day":           {calm + "  lifetime_days = 2.5\n", "from 2 to 365"},
			"rotated_at_its_end":   {calm + "  rotate_before_days = 0\n", "before its end, at least 1"},
			"no_overlap":           {calm + "  overlap_hours = 0\n", "at least 1"},
			"renewed_after_its_end": {
				calm + "  renew = true\n  renew_before_minutes = 0\n", "from 1 to 43200",
			},
		},
		"preconditions": {
			"nothing_it_may_do":   {"  name = \"a\"\n", "Say what the token may do"},
			"everything_and_less": {calm + "  api_endpoints = [\"/v4/servers\"]\n", "Say what the token may do"},
		},
		"the provider": {
			"nothing_to_renew": {calm + "  renew_before_minutes = 15\n", "Set renew = true, or remove renew_before_minutes"},
			"scim_renewed":     {"  name = \"a\"\n  type = \"MS_SCIM\"\n  renew = true\n", "is not supported for this token type"},
			"always_due":       {calm + "  lifetime_days = 10\n  rotate_before_days = 10\n", "less than the lifetime"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := map[string]string{}
			for name, test := range tests {
				calls[name] = test.arguments
			}
			w := newModuleWorkspace(t, calls)
			err := w.steps([]string{"init", "apply"})
			if err == nil || len(w.testEnv.Tokens()) > 0 {
				t.Fatalf("the error is %v, and the server holds %d tokens", err, len(w.testEnv.Tokens()))
			}
			problems := problemsByModule(err.Error())
			for name, test := range tests {
				if err := problems[name]; err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("%s: the error is %v, want %q", name, err, test.want)
				}
			}
		})
	}
}

// newModuleWorkspace has a file for each call of the module, and a copy of it, so that each error says whose it is.
func newModuleWorkspace(t *testing.T, calls map[string]string) *workspace {
	t.Helper()
	dir := t.TempDir()
	for name, arguments := range calls {
		writeModuleCall(t, dir, name, arguments)
	}
	return newWorkspace(t, acctest.NewOnSystemClock(t, simulator.Options{}), dir, nil)
}

// writeModuleCall writes a call of a copy of the module, with its access token as an output.
func writeModuleCall(t *testing.T, dir, name, arguments string) {
	t.Helper()
	if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(rotatingToken)); err != nil {
		t.Fatal(err)
	}
	write(t, dir, name+".tf", fmt.Sprintf("module %q {\n  source = \"./%[1]s\"\n%s}\n\n"+
		"output %[1]q {\n  value     = module.%[1]s.access_token\n  sensitive = true\n}\n", name, arguments))
}

// TestAccModuleRenews proves that no call with the access token of a module with renew = true meets a dead token, while
// Terraform runs every 5 minutes as the module's page says.
func TestAccModuleRenews(t *testing.T) {
	t.Parallel()
	eachAnswerToRenewals(t, func(t *testing.T, testEnv *acctest.Env, oldLives bool) {
		dir := t.TempDir()
		writeModuleCall(t, dir, "reports",
			"  name = \"reports\"\n  api_endpoints = [\"/Job\"]\n  renew = true\n  renew_before_minutes = 15\n")
		w := newTimedWorkspace(t, testEnv, dir, nil)
		r := &recipe{
			workspace: w, every: 5 * time.Minute, delivery: 90 * time.Second, failing: 3,
			token: func() string { return w.output("reports") },
		}
		r.live("modules/rotating-token", 2*time.Hour, oldLives)
		if err := w.leaks(); err != nil {
			t.Error(err)
		}
	})
}

var (
	testCommand   = need{"terraform test", 6, 6}
	mockProviders = need{"mocked providers", 7, 8}
	passedRuns    = regexp.MustCompile(`Success! (\d+) passed, 0 failed`)
)

// TestAccModuleOwnTests runs the tests that the module comes with: against a server, and against a mocked provider, which
// sends nothing.
func TestAccModuleOwnTests(t *testing.T) {
	t.Parallel()
	cli := releaseOf(t, acctest.NewCLI(t, ""))
	for name, test := range map[string]struct {
		flags  []string
		needs  []need
		issues bool
	}{
		"tests":        {nil, []need{testCommand}, true},
		"tests/mocked": {[]string{"-test-directory=tests/mocked"}, []need{testCommand, mockProviders}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if lacking := cli.lacks(test.needs); lacking != "" {
				t.Skip(lacksError{lacking})
			}
			files, err := filepath.Glob(filepath.Join(rotatingToken, filepath.FromSlash(name), "*.tftest.hcl"))
			if err != nil {
				t.Fatal(err)
			}
			runs := 0
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				runs += strings.Count(string(text), "\nrun \"")
			}
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(rotatingToken)); err != nil {
				t.Fatal(err)
			}
			testEnv := acctest.NewOnSystemClock(t, simulator.Options{})
			w := newWorkspace(t, testEnv, dir, nil)
			if err := w.steps([]string{"init"}); err != nil {
				t.Fatal(err)
			}
			output := w.run(append([]string{"test", "-no-color"}, test.flags...)...)
			passed := passedRuns.FindStringSubmatch(output.Text)
			if output.Code != 0 || passed == nil || passed[1] != fmt.Sprint(runs) || runs == 0 {
				t.Errorf("want %d runs that pass: exit %d: %s", runs, output.Code, output.Text)
			}
			if issued := testEnv.Count(simulator.OpCreate) > 0; issued != test.issues || len(testEnv.Tokens()) > 0 {
				t.Errorf("tokens were issued: %t, want %t; %d are left", issued, test.issues, len(testEnv.Tokens()))
			}
			if !test.issues && len(testEnv.Journal()) > 0 {
				t.Errorf("the server got %d requests", len(testEnv.Journal()))
			}
			if err := w.leaks(); err != nil {
				t.Error(err)
			}
		})
	}
}
