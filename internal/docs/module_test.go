// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// calm is a call of the module that it accepts.
const calm = "  name             = \"a\"\n  allow_every_call = true\n"

// TestAccModule guards that the module leaves renewing to others.
func TestAccModule(t *testing.T) {
	t.Parallel()
	w := newModuleWorkspace(t, map[string]string{
		"whole":            calm,
		"endpoints":        "  name = \"a\"\n  api_endpoints = [\"/v4/servers\"]\n",
		"lifetime_of_null": calm + "  lifetime_days = null\n",
	})
	if err := w.steps([]string{"init", "apply"}); err != nil {
		t.Fatal(err)
	}
	tokens := w.world.Tokens()
	if len(tokens) != 3 {
		t.Errorf("the server holds %d tokens, want one of each call", len(tokens))
	}
	for _, token := range tokens {
		// Whoever uses it renews it an hour later, which is nothing to Terraform.
		later := func(renewed *simulator.Token) { renewed.ExpiresAt = renewed.ExpiresAt.Add(time.Hour) }
		if err := w.world.EditToken(token.ID, later); err != nil {
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
			"name_with_a_space":    {"  name = \"a b\"\n  allow_every_call = true\n", "begins with a letter or a digit"},
			"endpoint_of_all":      {calm + "  api_endpoints = [\"/\"]\n", "says more than that"},
			"addresses_for_nobody": {calm + "  allowed_ips = []\n", "use null for everybody"},
			"day":                  {calm + "  lifetime_days = 1\n", "from 2 to 365"},
			"more_than_a_year":     {calm + "  lifetime_days = 366\n", "from 2 to 365"},
			"half_a_day":           {calm + "  lifetime_days = 2.5\n", "from 2 to 365"},
			"no_overlap":           {calm + "  overlap_hours = 0\n", "at least 1"},
		},
		"preconditions": {
			"nothing_it_may_do":   {"  name = \"a\"\n", "Say what the token may do"},
			"everything_and_less": {calm + "  api_endpoints = [\"/v4/servers\"]\n", "Say what the token may do"},
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
			if err == nil || len(w.world.Tokens()) > 0 {
				t.Fatalf("the error is %v, and the server holds %d tokens", err, len(w.world.Tokens()))
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
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(examples+"/modules/rotating-token")); err != nil {
			t.Fatal(err)
		}
		write(t, dir, name+".tf", fmt.Sprintf("module %q {\n  source = \"./%[1]s\"\n%s}\n", name, arguments))
	}
	return newWorkspace(t, acctest.NewOnSystemClock(t, simulator.Options{}), dir, nil)
}
