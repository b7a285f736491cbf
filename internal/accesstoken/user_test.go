// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestAccUser covers the use of the data source, a token for a service account whose name is known, and its errors.
func TestAccUser(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{Accounts: simulator.ExampleAccounts()})
	user := func(label, name string) string {
		return fmt.Sprintf("data \"commvault_user\" %q {\n  name = %q\n}\n", label, name)
	}
	var alice, backup int64
	for _, account := range w.Accounts() {
		switch account.Name {
		case `CORP\alice`:
			alice = account.ID
		case "backup-service":
			backup = account.ID
		}
	}
	id := func(label string, want int64) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.commvault_user."+label, tfjsonpath.New("id"), knownvalue.Int64Exact(want))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{
			{Config: w.Config(user("x", " ")), ExpectError: acctest.Says(`name: " " was given`)},
			{
				Config: w.Config(user("backup", "backup-service"), user("alice", `CORP\alice`),
					acctest.Token(`name = "theirs"`, "user_id = data.commvault_user.backup.id")),
				ConfigStateChecks: []statecheck.StateCheck{
					id("backup", backup), id("alice", alice), acctest.Value("user_id", knownvalue.Int64Exact(backup)),
				},
			},
			{Config: w.Config(user("x", "backup-servce")), ExpectError: acctest.Says(
				"User not found", `no user named "backup-servce"`, fmt.Sprintf(`The nearest, of 5 in total: "backup-service" (id %d)`, backup))},
			{Config: w.Config(user("x", "alice")), ExpectError: acctest.Says(fmt.Sprintf(`The nearest, of 5 in total: "CORP\\alice" (id %d)`, alice))},
		},
	})
}

// TestUser verifies that a user is found only in a complete list and by exactly one match, and that the list is requested once.
func TestUser(t *testing.T) {
	t.Parallel()
	read := func(t *testing.T, p *acctest.Process, name string) (string, string) {
		t.Helper()
		attributes, said := p.ReadData(t.Context(), "commvault_user", acctest.Arguments{"name": name})
		if said.Failed() {
			return "", said.Errors()
		}
		return attributes["id"].String(), said.Warnings()
	}
	for name, c := range map[string]struct {
		options simulator.Options
		fault   simulator.Fault
		user    string
		want    []string
	}{
		"another letter case": {user: "BACKUP-service", want: []string{"User not found", `The nearest, of 5 in total: "backup-service"`}},
		"none near":           {user: "x", want: []string{"User not found", "The nearest, of 5 in total"}},
		"listed partly, found": {
			options: simulator.Options{Dialect: simulator.Dialect{PageSize: 4, PageMark: simulator.PageTotal}},
			user:    "backup-service", want: []string{"List of users is incomplete", `"backup-service" (id `, "set user_id to"},
		},
		"listed partly, not found": {
			options: simulator.Options{Dialect: simulator.Dialect{PageSize: 2, PageMark: simulator.PageNext}},
			user:    "backup-service", want: []string{"User not found", "may omit users", "announces more items"},
		},
		"forbidden": {
			fault: simulator.NewFault(simulator.Status).WithStatus(403), user: "admin", want: []string{"Users not listed", "Check the permissions"},
		},
		"a page": {fault: simulator.NewFault(simulator.HTML200), user: "admin", want: []string{"Users not listed"}},
		"no user without an id": {
			fault: simulator.NewFault(simulator.Status).WithStatus(200).WithBody(`{"users":[{"userEntity":{"userName":"admin"}}]}`),
			user:  "admin", want: []string{"User not found", "no usable id or name"},
		},
		"two of a name": {
			fault: simulator.NewFault(simulator.Status).WithStatus(200).WithBody(
				`{"users":[{"userEntity":{"userName":"ci","userId":7}},{"userEntity":{"userName":"ci","userId":8}}]}`),
			user: "ci", want: []string{"Name of the user is not unique", `"ci" (id 7), "ci" (id 8)`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.options.Accounts = simulator.ExampleAccounts()
			w := acctest.NewOverHTTP(t, c.options)
			if c.fault.Kind != simulator.None {
				for range 20 {
					w.FailNext(simulator.OpUsers, c.fault)
				}
			}
			_, errors := read(t, w.Start(t.Context(), t, w.LoginArguments()), c.user)
			for _, phrase := range c.want {
				if !strings.Contains(errors, phrase) {
					t.Errorf("the errors do not say %q: %s", phrase, errors)
				}
			}
		})
	}
	w := acctest.NewOverHTTP(t, simulator.Options{Accounts: simulator.ExampleAccounts()})
	w.FailNext(simulator.OpUsers, simulator.NewFault(simulator.Reset)) // the call may be retried
	p := w.Start(t.Context(), t, w.LoginArguments())
	var all sync.WaitGroup
	for _, account := range w.Accounts() {
		all.Go(func() {
			if id, said := read(t, p, account.Name); !strings.Contains(id, fmt.Sprint(account.ID)) || said != "" {
				t.Errorf("%s has the id %s, want %d: %s", account.Name, id, account.ID, said)
			}
		})
	}
	all.Wait()
	if lists := w.Count(simulator.OpUsers); lists != 2 {
		t.Errorf("%d requests for users, want one and its repetition", lists)
	}
}

// TestUserOfAnUnknownProvider verifies that the data source fails and names the unknown arguments.
func TestUserOfAnUnknownProvider(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{})
	arguments := w.LoginArguments()
	arguments["password"] = acctest.Unknown
	_, said := w.Start(t.Context(), t, arguments).ReadData(t.Context(), "commvault_user", acctest.Arguments{"name": "admin"})
	expectErrors(t, said, "Provider arguments not known yet", `cannot look up the user "admin"`, "password")
}
