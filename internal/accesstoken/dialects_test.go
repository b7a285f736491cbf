// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// The acceptance tests with the same names use a CLI. A CLI sees only the provider's responses and not the dialect, so these tests call
// the provider in process, as Terraform does, in every dialect.

// TestWholeLifeInEveryDialect takes a token through its full lifecycle. After each step a second plan is empty.
func TestWholeLifeInEveryDialect(t *testing.T) {
	t.Parallel()
	acctest.EveryDialect(t, func(t *testing.T, dialect simulator.Dialect) {
		ctx := t.Context()
		w := acctest.New(t, simulator.Options{Dialect: dialect})
		i := w.Plain(t)
		created := acctest.Arguments{"name": "pipeline", "type": "CUSTOM", "api_endpoints": []string{"/v4/servers"}}
		changed := acctest.Arguments{
			"name": "pipeline-2", "type": "CUSTOM", "api_endpoints": []string{"/v4/servers", "/client"},
			"allowed_ips": []string{"10.0.0.0/8", "2001:DB8::1"}, "renewable_until": acctest.In(30 * acctest.Day),
		}
		i.MustApply(ctx, acctest.Create, created)
		expectTexts(t, i, map[string]string{
			"name": "pipeline", "type": "CUSTOM",
			"expires_at": acctest.In(30 * time.Minute), "renewable_until": acctest.In(90 * acctest.Day),
		})
		expectServers(t, i)
		i.MustApply(ctx, acctest.Noop, created)

		id := i.ID()
		run := i.Apply(ctx, changed)
		if issued := dialect.UpdateSecrets == simulator.UpdateRepeatsNew; run.Action != acctest.Update || run.Failed() != issued ||
			issued && !strings.Contains(run.Errors(), "issued new secrets") {
			t.Errorf("the plan was to %s, and the apply said %q", run.Action, run.Errors())
		}
		i.MustApply(ctx, acctest.Noop, changed)
		expectServers(t, i)
		token, _ := w.Token(id)
		if err := expectChanged(token); err != nil {
			t.Error(err)
		}

		w.Clock.Advance(10 * time.Minute)
		if _, err := w.RenewToken(id); err != nil {
			t.Fatalf("the token cannot be renewed: %s", err)
		}
		i.MustApply(ctx, acctest.Noop, changed)
		if i.ID() != id {
			t.Errorf("the token is %d, want %d", i.ID(), id)
		}

		w.RemoveToken(id)
		i.MustApply(ctx, acctest.Create, changed)
		expectServers(t, i)
		if i.ID() == id {
			t.Error("the id is that of the token that was revoked")
		}
		i.MustApply(ctx, acctest.Noop, changed)
		i.MustApply(ctx, acctest.Delete, nil)
		if err := w.NothingLeft(nil); err != nil {
			t.Error(err)
		}
	})
}

func expectTexts(t *testing.T, i *acctest.Instance, attributes map[string]string) {
	t.Helper()
	for name, want := range attributes {
		if got := i.Text(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// expectServers checks that the token in the state is the one on the server, and that its secret works.
func expectServers(t *testing.T, i *acctest.Instance) {
	t.Helper()
	token, there := i.Env.Token(i.ID())
	if !there {
		t.Fatalf("the server has no token %d, which the state holds", i.ID())
	}
	if i.Text("name") != token.Name || i.Text("access_token") != token.AccessToken || i.Text("refresh_token") != token.RefreshToken {
		t.Error("the state is not what the server has")
	}
	if !i.Env.Works(i.Text("access_token")) {
		t.Error("the access token in the state does not work")
	}
}

// TestImportThenApplyInEveryDialect verifies for every type that an import followed by an apply replaces nothing, keeps the secrets
// null and leaves an empty plan.
func TestImportThenApplyInEveryDialect(t *testing.T) {
	t.Parallel()
	acctest.EveryDialect(t, func(t *testing.T, dialect simulator.Dialect) {
		ctx := t.Context()
		w := acctest.New(t, simulator.Options{Dialect: dialect})
		for label, c := range importedTypes() {
			c.token.Name = "made-by-hand-" + label
			c.arguments["name"] = c.token.Name
			made := elsewhere(t, w, c.token)
			i := w.Plain(t)
			if said := i.ImportByID(ctx, w.Start(ctx, t, i.Provider), fmt.Sprint(made.ID)); said.Failed() {
				t.Fatalf("%s: %s", label, said.Errors())
			}
			if run := i.Apply(ctx, c.arguments); run.Failed() || run.Action != acctest.Noop && run.Action != acctest.Update {
				t.Errorf("%s: the plan was to %s: %s", label, run.Action, run.Errors())
			}
			expectTexts(t, i, map[string]string{"id": fmt.Sprint(made.ID), "name": c.token.Name})
			if dialect.UpdateSecrets != simulator.UpdateRepeatsNew {
				expectTexts(t, i, map[string]string{"access_token": "", "refresh_token": ""})
			}
			i.MustApply(ctx, acctest.Noop, c.arguments)
		}
		if created := w.Count(simulator.OpCreate); created != 0 {
			t.Errorf("%d tokens were created, none should be", created)
		}
	})
}

// TestCreateInEveryDialect verifies that a second plan is empty for each type and each form of response, and that DEFAULT and shortened
// ends stay as configured.
func TestCreateInEveryDialect(t *testing.T) {
	t.Parallel()
	cases := []struct{ arguments, want acctest.Arguments }{
		{
			acctest.Arguments{"name": "all", "allowed_ips": []string{"::ffff:10.0.0.1", "2001:DB8:0::1"}},
			acctest.Arguments{"type": "ALL"},
		},
		{
			acctest.Arguments{"name": "default", "type": "DEFAULT", "renewable_until": inBerlin(30 * acctest.Day)},
			acctest.Arguments{"type": "DEFAULT", "renewable_until": inBerlin(30 * acctest.Day)},
		},
		{
			acctest.Arguments{
				"name": "custom", "type": "CUSTOM", "api_endpoints": []string{"/v4/servers", "/client"},
				"renewable_until": acctest.In(400 * acctest.Day),
			},
			acctest.Arguments{"type": "CUSTOM", "renewable_until": acctest.In(400 * acctest.Day)},
		},
		{acctest.Arguments{"name_prefix": "hyper-", "type": "Hyperscale"}, acctest.Arguments{"type": "Hyperscale"}},
		{
			acctest.Arguments{"name": "scim", "type": "MS_SCIM", "token_expiry": inBerlin(400 * acctest.Day)},
			acctest.Arguments{
				"type": "MS_SCIM", "token_expiry": inBerlin(400 * acctest.Day), "expires_at": acctest.In(365 * acctest.Day),
			},
		},
		{
			acctest.Arguments{"name": "touch", "type": "OneTouch"},
			acctest.Arguments{"type": "OneTouch", "expires_at": acctest.In(7 * acctest.Day)},
		},
	}
	acctest.EveryDialect(t, func(t *testing.T, dialect simulator.Dialect) {
		ctx := t.Context()
		w := acctest.New(t, simulator.Options{Dialect: dialect})
		var made []*acctest.Instance
		for _, c := range cases {
			i := w.Plain(t)
			i.MustApply(ctx, acctest.Create, c.arguments)
			for name, want := range c.want {
				if got := i.Text(name); got != want {
					t.Errorf("%s: %s is %q, want %q", c.arguments["type"], name, got, want)
				}
			}
			i.MustApply(ctx, acctest.Noop, c.arguments)
			made = append(made, i)
		}
		if err := w.Wrote(len(cases), 0, 0)(nil); err != nil {
			t.Error(err)
		}
		for _, i := range made {
			i.MustApply(ctx, acctest.Delete, nil)
		}
		if err := w.Wrote(len(cases), 0, len(cases))(nil); err != nil {
			t.Error(err)
		}
	})
}

// TestUpdateInEveryDialect verifies that ends of each kind change and secrets stay, whatever the responses omit. If an update issues
// new secrets, they are saved, and one error reports them.
func TestUpdateInEveryDialect(t *testing.T) {
	t.Parallel()
	end := unix(2 * acctest.Day)
	cases := []struct {
		before, after acctest.Arguments
		want          map[string]string
		sent          string
	}{
		{
			acctest.Arguments{"name": "scim", "type": "MS_SCIM", "token_expiry": acctest.In(acctest.Day)},
			acctest.Arguments{"name": "scim", "type": "MS_SCIM", "token_expiry": inBerlin(2 * acctest.Day)},
			map[string]string{"token_expiry": inBerlin(2 * acctest.Day), "expires_at": acctest.In(2 * acctest.Day)},
			fmt.Sprintf(`{"tokenExpiryTimestamp": %d}`, end),
		},
		{
			acctest.Arguments{"name": "ci", "type": "DEFAULT", "renewable_until": acctest.In(acctest.Day)},
			acctest.Arguments{"name": "ci-2", "type": "DEFAULT", "renewable_until": inBerlin(2 * acctest.Day)},
			map[string]string{"renewable_until": inBerlin(2 * acctest.Day), "name": "ci-2", "type": "DEFAULT"},
			fmt.Sprintf(`{"tokenName": "ci-2", "renewableUntilTimestamp": %d}`, end),
		},
	}
	acctest.EveryDialect(t, func(t *testing.T, dialect simulator.Dialect) {
		ctx := t.Context()
		w := acctest.New(t, simulator.Options{Dialect: dialect})
		var sent []string
		for _, c := range cases {
			i := w.Plain(t)
			i.MustApply(ctx, acctest.Create, c.before)
			secret := i.Text("access_token")
			run := i.Apply(ctx, c.after)
			issued := dialect.UpdateSecrets == simulator.UpdateRepeatsNew
			if run.Failed() != issued || issued && !strings.Contains(run.Errors(), "issued new secrets") {
				t.Errorf("the apply said %q", run.Errors())
			}
			if unchanged := i.Text("access_token") == secret; unchanged == issued {
				t.Errorf("the secret stayed: %t", unchanged)
			}
			expectTexts(t, i, c.want)
			expectServers(t, i)
			i.MustApply(ctx, acctest.Noop, c.after)
			sent = append(sent, c.sent)
		}
		if err := w.Sent(simulator.OpUpdate, sent...)(nil); err != nil {
			t.Error(err)
		}
	})
}

// TestOneTokenInEveryDialect verifies that a token is found by id or by name, and the errors if it is not found.
func TestOneTokenInEveryDialect(t *testing.T) {
	t.Parallel()
	acctest.EveryDialect(t, func(t *testing.T, dialect simulator.Dialect) {
		ctx := t.Context()
		w := acctest.New(t, simulator.Options{Dialect: dialect})
		service := w.AddUser("service", "its-password")
		nightly := elsewhere(t, w, simulator.Token{Name: "ci-nightly"})
		for _, name := range []string{"ci-weekly", "backup", "grafana"} {
			elsewhere(t, w, simulator.Token{Name: name})
		}
		theirs := elsewhere(t, w, simulator.Token{Name: "theirs", UserID: service})
		p := w.Start(ctx, t, w.LoginArguments())
		owner := tftypes.NewValue(tftypes.Number, service)
		for _, c := range []struct {
			arguments acctest.Arguments
			id, name  string // of the token that is found
			says      []string
		}{
			{arguments: acctest.Arguments{"name": "ci-nightly"}, id: fmt.Sprint(nightly.ID), name: "ci-nightly"},
			{arguments: acctest.Arguments{"id": fmt.Sprint(nightly.ID)}, id: fmt.Sprint(nightly.ID), name: "ci-nightly"},
			{arguments: acctest.Arguments{"id": fmt.Sprint(theirs.ID), "user_id": owner}, id: fmt.Sprint(theirs.ID), name: "theirs"},
			{arguments: acctest.Arguments{"name": "ci-nigtly"}, says: []string{
				`The user of the provider has no access token with the name "ci-nigtly". The nearest, of 4 in total: `,
				fmt.Sprintf(`access token "ci-nightly" (id %d), access token "ci-weekly"`, nightly.ID),
			}},
			{arguments: acctest.Arguments{"id": "999"}, says: []string{`The user of the provider has no access token with the id "999"`}},
			{arguments: acctest.Arguments{"name": "backup", "user_id": owner}, says: []string{
				fmt.Sprintf(`The user with the id %d has no access token with the name "backup". The nearest, of 1 in total: access token "theirs"`, service),
			}},
		} {
			found, said := p.ReadData(ctx, "commvault_access_token", c.arguments)
			if said.Failed() != (len(c.says) > 0) || slices.ContainsFunc(c.says, func(text string) bool { return !strings.Contains(said.Errors(), text) }) {
				t.Errorf("%v: it says %q, want %q", c.arguments, said.Errors(), c.says)
			}
			if said.Failed() {
				continue
			}
			for name, want := range map[string]string{"id": c.id, "name": c.name} {
				if got := found[name]; !got.Equal(tftypes.NewValue(tftypes.String, want)) {
					t.Errorf("%v: %s is %s, want %s", c.arguments, name, got, want)
				}
			}
			if c.name == "theirs" && !found["user_id"].Equal(owner) {
				t.Errorf("the owner is %s, want %s", found["user_id"], owner)
			}
		}
	})
}
