// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// oddNames are names that a server may list.
var oddNames = map[string]string{
	"tab": "a\tb", "outer": "  outer blanks ", "line": "two\nlines", "control": "bell\a, escape\x1b and next line\u0085", "nul": "n\x00l",
	"emoji": "🔑 key", "long": strings.Repeat("long", 250), "template": `${x} %{if} "quoted" \back`, "separator": "a\u2028b\ufeff",
}

// oddEndpoints are endpoints that a server may list.
var oddEndpoints = []string{"Client", "/with blank", "/Case/", "/case", "/tab\t"}

// TestAccGeneratedConfigurationOfOddTokens verifies that every token that a server may list can be imported: the configuration that
// Terraform generates is valid, its plan contains only the import, and the plan afterwards is empty.
func TestAccGeneratedConfigurationOfOddTokens(t *testing.T) {
	t.Parallel()
	w := acctest.NewOnSystemClock(t, simulator.Options{})
	var blocks []string
	for label, name := range oddNames {
		made := elsewhere(t, w, simulator.Token{Name: name})
		blocks = append(blocks, importBlock(label, fmt.Sprint(made.ID)))
	}
	custom := elsewhere(t, w, simulator.Token{Name: "custom", Type: "CUSTOM", APIEndpoints: oddEndpoints})
	cli := acctest.NewCLI(t, w.Config(append(blocks, importBlock("custom", fmt.Sprint(custom.ID)))...))
	if out := cli.Run("plan", "-no-color", "-input=false", "-generate-config-out=generated.tf"); out.Code != 0 ||
		!strings.Contains(out.Text, fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", len(oddNames)+1)) {
		t.Fatalf("the plan exited with %d: %s", out.Code, out.Text)
	}
	generated := cli.File("generated.tf")
	if out := cli.Must("validate", "-no-color"); strings.Contains(out.Text, "Unusual") {
		t.Errorf("validate said %s", out.Text)
	}
	if out := cli.Apply(); out.Code != 0 || strings.Contains(out.Text, "Unusual name") {
		t.Fatalf("the apply exited with %d: %s\n%s", out.Code, out.Text, generated)
	}
	if out := cli.Plan(); out.Code != 0 {
		t.Errorf("the second plan exited with %d: %s\n%s", out.Code, out.Text, generated)
	}
}

// TestOddNames verifies that a new or changed name of an unusual form causes a warning on its path, and no error.
func TestOddNames(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{})
	for label, name := range oddNames {
		warned := label != "emoji" && label != "long" && label != "template" && label != "separator"
		instance := w.Plain(t)
		run := instance.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name": name})
		if got := strings.Contains(run.Warnings(), "Unusual name of the access token"); got != warned {
			t.Errorf("%q: warned %t, want %t: %s", name, got, warned, run.Warnings())
		}
		if run := instance.MustApply(t.Context(), acctest.Noop, acctest.Arguments{"name": name}); len(run.Diagnostics) > 0 {
			t.Errorf("%q: without a change the plan says %s", name, run.Warnings())
		}
		other := acctest.Arguments{"name": name, "allowed_ips": []string{"10.0.0.1"}}
		if run := instance.MustApply(t.Context(), acctest.Update, other); len(run.Diagnostics) > 0 {
			t.Errorf("%q: a change of something else says %s", name, run.Warnings())
		}
	}
	instance := w.Plain(t)
	instance.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name": "plain"})
	if run := instance.MustApply(t.Context(), acctest.Update, acctest.Arguments{"name": "plain "}); !strings.Contains(run.Warnings(), "ends with white space") {
		t.Errorf("a change of the name says %q", run.Warnings())
	}
	if errors := instance.Apply(t.Context(), acctest.Arguments{"name": " \t"}).Errors(); !strings.Contains(errors, "Invalid name of an access token") {
		t.Errorf("a blank name is not refused: %q", errors)
	}
}

// TestOddScope verifies that endpoints and addresses of another form are accepted if the token already has them, and refused if they
// are new.
func TestOddScope(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{})
	made := elsewhere(t, w, simulator.Token{Name: "custom", Type: "CUSTOM", APIEndpoints: oddEndpoints})
	arguments := func(endpoints []string, more ...string) acctest.Arguments {
		return acctest.Arguments{"name": "custom", "type": "CUSTOM", "api_endpoints": append(more, endpoints...)}
	}
	p := w.Start(t.Context(), t, w.LoginArguments())
	instance := w.Plain(t)
	if said := instance.ImportByID(t.Context(), p, fmt.Sprint(made.ID)); said.Failed() {
		t.Fatal(said.Errors())
	}
	instance.MustApply(t.Context(), acctest.Noop, arguments(oddEndpoints))
	instance.MustApply(t.Context(), acctest.Update, arguments(oddEndpoints, "/new"))
	for attribute, given := range map[string]acctest.Arguments{
		"Invalid API endpoint": arguments(oddEndpoints, "new"),
		"Invalid IP address":   {"name": "custom", "type": "CUSTOM", "api_endpoints": oddEndpoints, "allowed_ips": []string{"lan"}},
	} {
		if errors := instance.Apply(t.Context(), given).Errors(); !strings.Contains(errors, attribute) {
			t.Errorf("%v: the plan says %q, want %s", given, errors, attribute)
		}
	}
	slot := w.Rotating(t)
	errors := slot.Apply(t.Context(), acctest.Arguments{"name_prefix": "s-", "allowed_ips": []string{"lan"}}).Errors()
	if !strings.Contains(errors, "Invalid IP address") {
		t.Errorf("the slot's plan says %q", errors)
	}
}

// TestEndpointsInAnotherSpelling verifies that letter case and a trailing slash cause no diff, whether they differ in the configuration
// or on the server.
func TestEndpointsInAnotherSpelling(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{})
	instance := w.Plain(t)
	arguments := func(endpoints ...string) acctest.Arguments {
		return acctest.Arguments{"name": "custom", "type": "CUSTOM", "api_endpoints": endpoints}
	}
	instance.MustApply(t.Context(), acctest.Create, arguments("/Client", "/v4/servers/"))
	w.ResetJournal()
	instance.MustApply(t.Context(), acctest.Noop, arguments("/client/", "/V4/Servers"))
	if err := w.EditToken(instance.ID(), func(token *simulator.Token) { token.APIEndpoints = []string{"/CLIENT", "/V4/SERVERS"} }); err != nil {
		t.Fatal(err)
	}
	instance.MustApply(t.Context(), acctest.Noop, arguments("/Client", "/v4/servers/"))
	if sent := w.Count(simulator.OpUpdate); sent != 0 {
		t.Errorf("%d updates were sent", sent)
	}
	instance.MustApply(t.Context(), acctest.Update, arguments("/Client"))
}

// TestEndBeyondTheLimit verifies that the plan warns once about a new or changed end that the type does not permit.
func TestEndBeyondTheLimit(t *testing.T) {
	t.Parallel()
	const warning = "End of the access token beyond the server's limit"
	for tokenType, c := range map[string]struct {
		attribute string
		days      int
	}{"ALL": {"renewable_until", 365}, "MS_SCIM": {"token_expiry", 365}, "OneTouch": {"token_expiry", 14}} {
		w := acctest.NewOverHTTP(t, simulator.Options{})
		end := func(days int) acctest.Arguments {
			return acctest.Arguments{"name": "ci", "type": tokenType, c.attribute: acctest.In(time.Duration(days) * acctest.Day)}
		}
		instance := w.Plain(t)
		if said := instance.MustApply(t.Context(), acctest.Create, end(c.days)).Warnings(); strings.Contains(said, warning) {
			t.Errorf("%s: the limit itself is warned of: %s", tokenType, said)
		}
		said := instance.MustApply(t.Context(), acctest.Update, end(c.days+2)).Warnings()
		for _, phrase := range []string{warning, c.attribute + " is", fmt.Sprintf("%d days from now", c.days+2), fmt.Sprintf("to %d days", c.days)} {
			if !strings.Contains(said, phrase) {
				t.Errorf("%s: the plan does not say %q: %s", tokenType, phrase, said)
			}
		}
		if said := instance.MustApply(t.Context(), acctest.Noop, end(c.days+2)).Warnings(); strings.Contains(said, warning) {
			t.Errorf("%s: an end that stays is warned of again: %s", tokenType, said)
		}
		if said := w.Plain(t).Apply(t.Context(), acctest.Arguments{
			"name": "new", "type": tokenType, c.attribute: acctest.In(time.Duration(c.days+2) * acctest.Day),
		}).Warnings(); !strings.Contains(said, warning) {
			t.Errorf("%s: a create says %q", tokenType, said)
		}
	}
}
