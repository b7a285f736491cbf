// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// writes checks the creates, updates and revocations since the last ResetJournal, in their order.
func writes(w *acctest.World, want ...simulator.Operation) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var got []simulator.Operation
		for _, request := range w.Journal() {
			switch request.Operation {
			case simulator.OpCreate, simulator.OpUpdate, simulator.OpRevoke:
				got = append(got, request.Operation)
			}
		}
		if !slices.Equal(got, want) {
			return fmt.Errorf("the server was asked to %v, want %v", got, want)
		}
		return nil
	}
}

// onlyHeld checks that the server has the token of the state, and no other.
func onlyHeld(w *acctest.World) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		if held := w.Tokens(); len(held) != 1 {
			return fmt.Errorf("the server has %d tokens, want one", len(held))
		}
		return w.StateIsServers(s)
	}
}

// TestAccReplace guards each row of the resource's table whose change replaces the token: the old one is revoked, a new
// one is made, and nothing is changed in place.
func TestAccReplace(t *testing.T) {
	t.Parallel()
	const name, prefix, admin, service = `name = "ci"`, `name_prefix = "ci-"`, 11, 12
	rotate := func(body string) string { return "rotate_when_changed = {" + body + "}" }
	owner := func(id int) string { return fmt.Sprintf("user_id = %d", id) }
	for label, c := range map[string]struct {
		before, after []string
		state         statecheck.StateCheck
	}{
		"type": {
			[]string{name}, []string{name, `type = "Hyperscale"`}, acctest.Text("type", "Hyperscale"),
		},
		"type left to its default": {
			[]string{name, `type = "MS_SCIM"`}, []string{name}, acctest.Text("type", "ALL"),
		},
		"type with its arguments": {
			[]string{name, `type = "CUSTOM"`, `api_endpoints = ["/a"]`},
			[]string{name, `type = "OneTouch"`, `token_expiry = "` + acctest.In(acctest.Day) + `"`},
			acctest.Null("api_endpoints"),
		},
		"name_prefix": {
			[]string{prefix}, []string{`name_prefix = "cd-"`}, acctest.Text("name_prefix", "cd-"),
		},
		"name instead of name_prefix": {
			[]string{prefix}, []string{name}, acctest.Text("name", "ci"),
		},
		"user_id": {
			[]string{name, owner(admin)}, []string{name, owner(service)}, acctest.Value("user_id", knownvalue.Int64Exact(service)),
		},
		"user_id given": {
			[]string{name}, []string{name, owner(service)}, acctest.Value("user_id", knownvalue.Int64Exact(service)),
		},
		"rotate_when_changed": {
			[]string{name, rotate(`a = "1"`)}, []string{name, rotate(`a = "2"`)},
			acctest.Value("rotate_when_changed", knownvalue.MapExact(map[string]knownvalue.Check{"a": knownvalue.StringExact("2")})),
		},
		"rotate_when_changed with one more": {
			[]string{name, rotate(``)}, []string{name, rotate(`a = "1"`)},
			acctest.Value("rotate_when_changed", knownvalue.MapSizeExact(1)),
		},
		"rotate_when_changed removed": {
			[]string{name, rotate(`a = "1"`)}, []string{name}, acctest.Null("rotate_when_changed"),
		},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			if w.UserID() != admin || w.AddUser("service", "S3rvice-Passw0rd") != service {
				t.Fatal("the simulator's users have other ids than this test takes for granted")
			}
			ids, secrets := statecheck.CompareValue(compare.ValuesDiffer()), statecheck.CompareValue(compare.ValuesDiffer())
			differ := func() []statecheck.StateCheck {
				return []statecheck.StateCheck{
					ids.AddStateValue(acctest.Address, tfjsonpath.New("id")),
					secrets.AddStateValue(acctest.Address, tfjsonpath.New("access_token")),
				}
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: w.Providers(),
				CheckDestroy:             w.NothingLeft,
				Steps: []resource.TestStep{
					{Config: w.Config(acctest.Token(c.before...)), ConfigStateChecks: differ()},
					{
						PreConfig:         w.ResetJournal,
						Config:            w.Config(acctest.Token(c.after...)),
						ConfigPlanChecks:  acctest.Planned(plancheck.ResourceActionDestroyBeforeCreate),
						ConfigStateChecks: append(differ(), c.state),
						Check: resource.ComposeTestCheckFunc(
							writes(w, simulator.OpRevoke, simulator.OpCreate), onlyHeld(w), w.SecretWorks),
					},
				},
			})
		})
	}
}

// TestAccRecordOnly guards what looks like a replacement and is none: an argument that the state does not have yet is
// recorded, and nothing is sent.
func TestAccRecordOnly(t *testing.T) {
	t.Parallel()
	const name = `name = "ci"`
	for label, c := range map[string]struct {
		before, after []string
		plan          plancheck.ResourceActionType
		state         []statecheck.StateCheck
	}{
		"rotate_when_changed given": {
			[]string{name}, []string{name, `rotate_when_changed = { a = "1" }`}, plancheck.ResourceActionUpdate,
			[]statecheck.StateCheck{acctest.Value("rotate_when_changed", knownvalue.MapSizeExact(1))},
		},
		"name_prefix instead of name": {
			[]string{name}, []string{`name_prefix = "cd-"`}, plancheck.ResourceActionUpdate,
			[]statecheck.StateCheck{acctest.Text("name", "ci"), acctest.Text("name_prefix", "cd-")},
		},
		"user_id given as it is": {
			[]string{name}, []string{name, "user_id = 11"}, plancheck.ResourceActionNoop,
			[]statecheck.StateCheck{acctest.Value("user_id", knownvalue.Int64Exact(11))},
		},
		"user_id removed": {
			[]string{name, "user_id = 11"}, []string{name}, plancheck.ResourceActionNoop,
			[]statecheck.StateCheck{acctest.Value("user_id", knownvalue.Int64Exact(11))},
		},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			same := sameToken(acctest.Address)
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: w.Providers(),
				CheckDestroy:             w.NothingLeft,
				Steps: []resource.TestStep{
					{Config: w.Config(acctest.Token(c.before...)), ConfigStateChecks: same()},
					{
						PreConfig:         w.ResetJournal,
						Config:            w.Config(acctest.Token(c.after...)),
						ConfigPlanChecks:  acctest.Planned(c.plan),
						ConfigStateChecks: append(same(), c.state...),
						Check:             resource.ComposeTestCheckFunc(writes(w), onlyHeld(w)),
					},
				},
			})
		})
	}
}

const createFirst = "lifecycle {\n    create_before_destroy = true\n  }"

// TestAccCreateBeforeDestroy guards that a prefix lets the new token be made while the old one is there.
func TestAccCreateBeforeDestroy(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	config := func(team string) string {
		return w.Config(acctest.Token(`name_prefix = "ci-"`, `rotate_when_changed = { team = "`+team+`" }`, createFirst))
	}
	names := statecheck.CompareValue(compare.ValuesDiffer())
	name := tfjsonpath.New("name")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{
			{Config: config("a"), ConfigStateChecks: []statecheck.StateCheck{names.AddStateValue(acctest.Address, name)}},
			{
				PreConfig: func() {
					w.Clock.Advance(time.Second)
					w.ResetJournal()
				},
				Config:            config("b"),
				ConfigPlanChecks:  acctest.Planned(plancheck.ResourceActionCreateBeforeDestroy),
				ConfigStateChecks: []statecheck.StateCheck{names.AddStateValue(acctest.Address, name)},
				Check: resource.ComposeTestCheckFunc(
					writes(w, simulator.OpCreate, simulator.OpRevoke), onlyHeld(w), w.SecretWorks),
			},
		},
	})
}

// TestAccCreateBeforeDestroyWithFixedName guards that the clash of names is explained, and that the old token stays.
func TestAccCreateBeforeDestroyWithFixedName(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	config := func(team string) string {
		return w.Config(acctest.Token(`name = "ci"`, `rotate_when_changed = { team = "`+team+`" }`, createFirst))
	}
	same := sameToken(acctest.Address)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{
			{Config: config("a"), ConfigStateChecks: same()},
			{
				PreConfig: w.ResetJournal,
				Config:    config("b"),
				ExpectError: acctest.Says("Name of the access token is taken", `"ci"`, "1001", "Token name already present",
					"terraform import", "1001", "name_prefix"),
			},
			{
				Config:            config("a"),
				ConfigPlanChecks:  acctest.Planned(plancheck.ResourceActionNoop),
				ConfigStateChecks: same(),
				Check:             resource.ComposeTestCheckFunc(writes(w, simulator.OpCreate), onlyHeld(w), w.SecretWorks),
			},
		},
	})
}
