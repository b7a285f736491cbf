// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestAccWayOutOfATakenName verifies that the advice works when a replacement with create_before_destroy collides with its own
// predecessor: whether or not a lost response has tainted it, and also if only a dependent resource requests that order.
func TestAccWayOutOfATakenName(t *testing.T) {
	t.Parallel()
	const dependent = `
resource "terraform_data" "dependent" {
  triggers_replace = commvault_access_token.test.id
  lifecycle {
    create_before_destroy = true
  }
}
`
	for name, c := range map[string]struct {
		tainted bool
		inside  string
		beside  string
	}{
		"healthy": {false, createFirst, ""}, "tainted": {true, createFirst, ""}, "healthy and forced": {false, "", dependent}, "tainted and forced": {true, "", dependent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			config := func(name, team string) string {
				return w.Config(acctest.Token(name, `rotate_when_changed = { team = "`+team+`" }`, c.inside), c.beside)
			}
			taken := acctest.Says("Name of the access token is taken", "1001", "change name for one apply", "change the name back in place")
			steps := []resource.TestStep{{Config: config(`name = "ci"`, "a")}, {Config: config(`name = "ci"`, "b"), ExpectError: taken}}
			if c.tainted {
				w.FailNext(simulator.OpCreate, simulator.Fault{Kind: simulator.Reset, When: simulator.After})
				steps = []resource.TestStep{
					{Config: config(`name = "ci"`, "a"), ExpectError: acctest.Says("Access token created without its secret")},
					{Config: config(`name = "ci"`, "b"), ExpectError: taken},
				}
			}
			steps = append(steps,
				resource.TestStep{Config: config(`name = "ci-2"`, "b"), Check: resource.ComposeTestCheckFunc(onlyHeld(w), w.SecretWorks)},
				resource.TestStep{
					Config: config(`name = "ci"`, "b"), ConfigPlanChecks: acctest.Planned(plancheck.ResourceActionUpdate),
					Check: resource.ComposeTestCheckFunc(onlyHeld(w), w.SecretWorks),
				},
			)
			if c.tainted && c.inside != "" { // the alternative in the message
				steps = append(steps, resource.TestStep{
					Config: config(`name_prefix = "ci-"`, "c"), Check: resource.ComposeTestCheckFunc(onlyHeld(w), w.SecretWorks),
				})
			}
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: w.Providers(), CheckDestroy: w.NothingLeft, Steps: steps})
		})
	}
}

// TestNameTakenByAResourceOfTheConfiguration verifies that the error does not suggest to import or revoke the token of another
// resource.
func TestNameTakenByAResourceOfTheConfiguration(t *testing.T) {
	t.Parallel()
	for name, names := range map[string][2]string{"equal": {"ci", "ci"}, "equal to the server": {"ci", "CI"}} {
		w := acctest.NewOverHTTP(t, simulator.Options{Dialect: simulator.Dialect{NamesFoldCase: true}})
		p := w.Start(t.Context(), t, w.LoginArguments())
		first, second := w.Plain(t), w.Plain(t)
		create := func(i *acctest.Instance, name string) acctest.Diagnostics {
			plan, said := i.Plan(t.Context(), p, acctest.Arguments{"name": name})
			if said.Failed() {
				t.Fatal(said.Errors())
			}
			return i.ApplyPlan(t.Context(), p, plan)
		}
		if said := create(first, names[0]); said.Failed() {
			t.Fatal(said.Errors())
		}
		said := create(second, names[1])
		expectErrors(t, said, "Name of the access token is taken", fmt.Sprintf("id %d", first.ID()), "in this apply", "unique name")
		if errors := said.Errors(); strings.Contains(errors, "import") || strings.Contains(errors, "revoke") {
			t.Errorf("%s: the advice is %s", name, errors)
		}
		// This process has only read the first token.
		p = w.Start(t.Context(), t, w.LoginArguments())
		if said := first.Refresh(t.Context(), p); said.Failed() {
			t.Fatal(said.Errors())
		}
		said = create(second, names[1])
		expectErrors(t, said, "A resource of this configuration holds that token", "change name for one apply", "apply again", "unique name")
		if errors := said.Errors(); strings.Contains(errors, "terraform import") {
			t.Errorf("%s: the advice is %s", name, errors)
		}
	}
}

// TestNameThatIsGivenUpInTheSameApply verifies the advice if the same apply revokes or renames the holder of the name.
func TestNameThatIsGivenUpInTheSameApply(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{})
	first, second := w.Plain(t), w.Plain(t)
	first.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name": "ci"})
	var once sync.Once
	var said acctest.Diagnostics
	w.OnRequest(simulator.OpUpdate, func(*http.Request) {
		once.Do(func() { said = second.Apply(t.Context(), acctest.Arguments{"name": "ci"}).Diagnostics })
	})
	first.MustApply(t.Context(), acctest.Update, acctest.Arguments{"name": "other"})
	expectErrors(t, said, "Name of the access token is taken", "releases the name in this apply, apply again")
	second.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name": "ci"})
}
