// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestAccModule guards the validations of the module, and that it leaves renewing to others.
func TestAccModule(t *testing.T) {
	t.Parallel()
	const calm = "  name             = \"a\"\n  allow_every_call = true\n"
	for name, test := range map[string]struct{ arguments, want string }{
		"what is whole":         {calm, ""},
		"endpoints":             {"  name = \"a\"\n  api_endpoints = [\"/v4/servers\"]\n", ""},
		"a name with a space":   {"  name = \"a b\"\n  allow_every_call = true\n", "begins with a letter or a digit"},
		"no name":               {"  allow_every_call = true\n", `"name" is required`},
		"nothing it may do":     {"  name = \"a\"\n", "Say what the token may do"},
		"everything, and less":  {calm + "  api_endpoints = [\"/v4/servers\"]\n", "Say what the token may do"},
		"an endpoint of all":    {"  name = \"a\"\n  api_endpoints = [\"/\"]\n", "says more than that"},
		"addresses for nobody":  {calm + "  allowed_ips = []\n", "use null for everybody"},
		"a day":                 {calm + "  lifetime_days = 1\n", "from 2 to 365"},
		"more than a year":      {calm + "  lifetime_days = 366\n", "from 2 to 365"},
		"half a day":            {calm + "  lifetime_days = 2.5\n", "from 2 to 365"},
		"no overlap":            {calm + "  overlap_hours = 0\n", "at least 1"},
		"a lifetime of nothing": {calm + "  lifetime_days = null\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewOnSystemClock(t, simulator.Options{})
			dir := t.TempDir()
			if err := os.CopyFS(filepath.Join(dir, "module"), os.DirFS(examples+"/modules/rotating-token")); err != nil {
				t.Fatal(err)
			}
			write(t, dir, "main.tf", "module \"a\" {\n  source = \"./module\"\n"+test.arguments+"}\n")
			w := newWorkspace(t, world, dir, nil)
			err := w.steps([]string{"init", "apply"})
			for _, token := range world.Tokens() {
				// Whoever uses it renews it an hour later, which is nothing to Terraform.
				later := func(renewed *simulator.Token) { renewed.ExpiresAt = renewed.ExpiresAt.Add(time.Hour) }
				if failed := world.EditToken(token.ID, later); failed != nil {
					t.Error(failed)
				}
				err = errors.Join(err, w.steps([]string{"plan"}))
			}
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || len(world.Tokens()) > 0):
				t.Errorf("the error is %v, want %q, and no token", err, test.want)
			}
		})
	}
}
