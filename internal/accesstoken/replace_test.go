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

// writes checks the creates, updates and revocations since the last ResetJournal, in order.
func writes(w *acctest.Env, want ...simulator.Operation) resource.TestCheckFunc {
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

// onlyHeld checks that the server has the token in the state, and no other.
func onlyHeld(w *acctest.Env) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		if held := w.Tokens(); len(held) != 1 {
			return fmt.Errorf("the server has %d tokens, want one", len(held))
		}
		return w.StateIsServers(s)
	}
}

// TestAccReplace covers each argument of the resource whose change replaces the token: the old token is revoked, a new one is created,
// and nothing is updated in place.
func TestAccReplace(t *testing.T) {
	t.Parallel()
	const prefix, admin, service = `name_prefix = "ci-"`, 11, 12
	const replaced = plancheck.ResourceActionDestroyBeforeCreate
	rotate := func(body string) string { return "rotate_when_changed = {" + body + "}" }
	owner := func(id int) string { return fmt.Sprintf("user_id = %d", id) }
	is := knownvalue.StringExact
	w := acctest.New(t, simulator.Options{})
	if w.UserID() != admin || w.AddUser("service", "S3rvice-Passw0rd") != service {
		t.Fatal("the simulator's users have other ids than this test takes for granted")
	}
	testChanges(t, w, []change{
		{
			"type", nil, []string{`type = "MS_SCIM"`},
			"", replaced, map[string]knownvalue.Check{"type": is("MS_SCIM")},
		},
		{
			"type left to its default", []string{`type = "MS_SCIM"`}, nil,
			"", replaced, map[string]knownvalue.Check{"type": is("ALL")},
		},
		{
			"type with its arguments", []string{`type = "CUSTOM"`, `api_endpoints = ["/a"]`},
			[]string{`type = "OneTouch"`, `token_expiry = "` + acctest.In(acctest.Day) + `"`},
			"", replaced, map[string]knownvalue.Check{"api_endpoints": knownvalue.Null()},
		},
		{
			"name_prefix", []string{prefix}, []string{`name_prefix = "cd-"`},
			"", replaced, map[string]knownvalue.Check{"name_prefix": is("cd-")},
		},
		{
			"name instead of name_prefix", []string{prefix}, nil,
			"", replaced, map[string]knownvalue.Check{"name": is("name instead of name_prefix")},
		},
		{
			"user_id", []string{owner(admin)}, []string{owner(service)},
			"", replaced, map[string]knownvalue.Check{"user_id": knownvalue.Int64Exact(service)},
		},
		{
			"user_id given", nil, []string{owner(service)},
			"", replaced, map[string]knownvalue.Check{"user_id": knownvalue.Int64Exact(service)},
		},
		{
			"rotate_when_changed", []string{rotate(`a = "1"`)}, []string{rotate(`a = "2"`)},
			"", replaced, map[string]knownvalue.Check{"rotate_when_changed": knownvalue.MapExact(map[string]knownvalue.Check{"a": knownvalue.StringExact("2")})},
		},
	})
}

// TestAccRecordOnly covers changes that are not replacements although they look like it: an argument that the state lacks is recorded,
// and nothing is sent.
func TestAccRecordOnly(t *testing.T) {
	t.Parallel()
	is := knownvalue.StringExact
	testChanges(t, acctest.New(t, simulator.Options{}), []change{
		{
			"rotate_when_changed with one more", []string{`rotate_when_changed = {}`}, []string{`rotate_when_changed = { a = "1" }`},
			"", plancheck.ResourceActionUpdate, map[string]knownvalue.Check{"rotate_when_changed": knownvalue.MapSizeExact(1)},
		},
		{
			"rotate_when_changed removed", []string{`rotate_when_changed = { a = "1" }`}, nil,
			"", plancheck.ResourceActionUpdate, map[string]knownvalue.Check{"rotate_when_changed": knownvalue.Null()},
		},
		{
			"rotate_when_changed given", nil, []string{`rotate_when_changed = { a = "1" }`},
			"", plancheck.ResourceActionUpdate, map[string]knownvalue.Check{"rotate_when_changed": knownvalue.MapSizeExact(1)},
		},
		{
			"name_prefix instead of name", nil, []string{`name_prefix = "cd-"`},
			"", plancheck.ResourceActionUpdate, map[string]knownvalue.Check{"name": is("name_prefix instead of name"), "name_prefix": is("cd-")},
		},
		{
			"user_id given as it is", nil, []string{"user_id = 11"},
			"", plancheck.ResourceActionNoop, map[string]knownvalue.Check{"user_id": knownvalue.Int64Exact(11)},
		},
		{
			"user_id removed", []string{"user_id = 11"}, nil,
			"", plancheck.ResourceActionNoop, map[string]knownvalue.Check{"user_id": knownvalue.Int64Exact(11)},
		},
	})
}

const createFirst = "lifecycle {\n    create_before_destroy = true\n  }"

// TestAccCreateBeforeDestroy verifies that with a prefix the new token can be created while the old one exists.
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

// TestAccCreateBeforeDestroyWithFixedName verifies that the error explains the name collision, and that the old token stays.
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
					"create_before_destroy", "change name for one apply", "Only if no Terraform configuration manages it", "terraform import", "1001"),
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
