// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// errorsIn returns the errors in the output of the CLI, each on one line.
func errorsIn(shown string) []string {
	var list []string
	for _, text := range strings.Split(shown, "Error: ")[1:] {
		list = append(list, acctest.Unwrapped(text))
	}
	return list
}

// refusal is a token with a wrong argument.
type refusal struct {
	label     string
	arguments []string
	// attribute is the attribute on whose line the error appears. "" is the line of the resource, for missing arguments.
	attribute string
	// says contains the given value and the accepted ones, in this order.
	says []string
}

// refuse plans all wrong tokens at once, because each run of the CLI is slow, and checks that nothing is sent.
func refuse(t *testing.T, refusals []refusal) {
	t.Helper()
	w := acctest.New(t, simulator.Options{})
	var tokens []string
	for i, r := range refusals {
		tokens = append(tokens, acctest.NamedToken(fmt.Sprintf("r%d", i), r.arguments...))
	}
	var shown string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		ErrorCheck: func(err error) error {
			shown = err.Error()
			return nil
		},
		Steps: []resource.TestStep{{Config: w.Config(tokens...), PlanOnly: true}},
	})
	checkRefusals(t, refusals, errorsIn(shown))
	if err := w.NothingSent(nil); err != nil {
		t.Error(err)
	}
}

// checkRefusals checks that each of the tokens, which are named r0, r1 and so on, has one error on its line.
func checkRefusals(t *testing.T, refusals []refusal, list []string) {
	t.Helper()
	if len(list) != len(refusals) {
		t.Errorf("%d errors were shown for %d wrong tokens", len(list), len(refusals))
	}
	for i, r := range refusals {
		t.Run(r.label, func(t *testing.T) {
			label := fmt.Sprintf("r%d", i)
			line := regexp.MustCompile(fmt.Sprintf(`with commvault_access_token\.%s, .*: resource "commvault_access_token" "%s"`, label, label))
			if r.attribute != "" {
				line = regexp.MustCompile(fmt.Sprintf(`with commvault_access_token\.%s, .* [0-9]+: %s = `, label, r.attribute))
			}
			for _, shown := range list {
				if !strings.Contains(shown, "with commvault_access_token."+label+",") {
					continue
				}
				if !line.MatchString(shown) {
					t.Errorf("it does not show the line of %q: %s", r.attribute, shown)
				}
				if !acctest.Says(r.says...).MatchString(shown) {
					t.Errorf("it does not say %q: %s", r.says, shown)
				}
				return
			}
			t.Error("it was not refused")
		})
	}
}

// refuseBlocks plans several wrong blocks at once. kind is the beginning of each block, such as `data "commvault_access_token"`. The
// keys of says are the bodies. It checks that each block is refused at its address with the expected text, and that nothing is sent.
func refuseBlocks(t *testing.T, test resource.TestCase, w *acctest.Env, kind string, says map[string]string) {
	t.Helper()
	bodies := slices.Sorted(maps.Keys(says))
	blocks := []string{w.Login()}
	for i, body := range bodies {
		blocks = append(blocks, fmt.Sprintf("%s \"r%d\" {\n  %s\n}\n", kind, i, body))
	}
	var shown string
	test.ErrorCheck = func(err error) error {
		shown = err.Error()
		return nil
	}
	test.Steps = []resource.TestStep{{Config: strings.Join(blocks, ""), PlanOnly: true}}
	resource.Test(t, test)
	list := errorsIn(shown)
	if len(list) != len(bodies) {
		t.Errorf("%d errors were shown for %d wrong blocks: %q", len(list), len(bodies), list)
	}
	for i, body := range bodies {
		if !slices.ContainsFunc(list, func(text string) bool {
			return strings.Contains(text, fmt.Sprintf("%s \"r%d\"", kind, i)) && acctest.Says(says[body]).MatchString(text)
		}) {
			t.Errorf("%s: no error at it says %q: %q", body, says[body], list)
		}
	}
	if err := w.NothingSent(nil); err != nil {
		t.Error(err)
	}
}

// TestAccRefusedArguments covers every rule of the resource's schema that a configuration alone can violate. Validate refuses each
// violation, and nothing is sent.
func TestAccRefusedArguments(t *testing.T) {
	t.Parallel()
	const name, scim, touch, custom = `name = "ci"`, `type = "MS_SCIM"`, `type = "OneTouch"`, `type = "CUSTOM"`
	const notBlank = "the value must be a text that is not blank"
	const aTime = "the value must be in RFC 3339 format, with a zone and whole seconds"
	const none, text, prefix, kind, endpoints, ips = "", "name", "name_prefix", "type", "api_endpoints", "allowed_ips"
	const owner, until, expiry = "user_id", "renewable_until", "token_expiry"
	refusals := []refusal{
		{"no name", nil, none, []string{"Neither name nor name_prefix is set", "Exactly one of them must be"}},
		{"both names", []string{name, `name_prefix = "ci-"`}, prefix, []string{`"ci"`, `"ci-"`, "Exactly one of them must be set"}},
		{"an empty name", []string{`name = ""`}, text, []string{`"" was given`, "which is blank", notBlank}},
		{"a blank name", []string{`name = " "`}, text, []string{`" " was given`, notBlank}},
		{"an empty prefix", []string{`name_prefix = ""`}, prefix, []string{`"" was given`, "it is empty", notBlank}},
		{"a blank prefix", []string{`name_prefix = "  "`}, prefix, []string{`" " was given`, notBlank}},

		{"another type", []string{name, `type = "SCIM"`}, kind,
			[]string{`"SCIM" was given`, `the value must be "DEFAULT", "MS_SCIM", "ALL", "CUSTOM", "OneTouch" or "Hyperscale"`}},
		{"a type in lower case", []string{name, `type = "all"`}, kind, []string{`"all" was given`, `letter case matters: did you mean "ALL"?`}},
		{"a type by its number", []string{name, `type = 2`}, kind, []string{`"2" was given; the value must be`}},
		{"an empty type", []string{name, `type = ""`}, kind, []string{`"" was given; the value must be`}},

		{"no endpoints of CUSTOM", []string{name, custom}, none, []string{"type is CUSTOM", "api_endpoints is not set", "/v4/servers"}},
		{"endpoints of no type", []string{name, `api_endpoints = ["/a"]`}, endpoints, []string{"api_endpoints is set", "the type is ALL", "CUSTOM"}},
		{"endpoints of MS_SCIM", []string{name, scim, `api_endpoints = ["/a"]`}, endpoints, []string{"the type is MS_SCIM", "CUSTOM"}},
		{"an empty set of endpoints", []string{name, custom, `api_endpoints = []`}, endpoints, []string{"at least 1 element", "got: 0"}},
		{"an endpoint that is null", []string{name, custom, `api_endpoints = ["/a", null]`}, endpoints, []string{"null value"}},

		{"an address that is null", []string{name, `allowed_ips = [null]`}, ips, []string{"null value"}},

		{"the owner 0", []string{name, `user_id = 0`}, owner, []string{"0 was given", "from 1 to 2147483647"}},
		{"the owner -1", []string{name, `user_id = -1`}, owner, []string{"-1 was given", "from 1 to 2147483647"}},
		{"half an owner", []string{name, `user_id = 1.5`}, owner, []string{"1.5 was given", "The value must be a whole number"}},

		{"a time without a zone", []string{name, `renewable_until = "2027-01-01T00:00:00"`}, until,
			[]string{`"2027-01-01T00:00:00"`, "no zone", aTime}},
		{"a time with a fraction", []string{name, `renewable_until = "2027-01-01T00:00:00.5Z"`}, until,
			[]string{`"2027-01-01T00:00:00.5Z"`, "fraction of a second", aTime}},
		{"the time that means none", []string{name, `renewable_until = "1970-01-01T00:00:00Z"`}, until,
			[]string{`"1970-01-01T00:00:00Z"`, "is not after 1970-01-01T00:00:00Z", aTime}},
		{"the time that means none, in another zone", []string{name, `renewable_until = "1970-01-01T02:00:00+02:00"`}, until,
			[]string{`"1970-01-01T02:00:00+02:00"`, aTime}},
		{"a time that int32 cannot hold", []string{name, `renewable_until = "2038-01-19T03:14:08Z"`}, until,
			[]string{`"2038-01-19T03:14:08Z"`, "is after 2038-01-19T03:14:07Z", aTime}},
		{"no time", []string{name, `renewable_until = "tomorrow"`}, until, []string{`"tomorrow"`, aTime}},
		{"no such day", []string{name, `renewable_until = "2027-02-30T00:00:00Z"`}, until, []string{`"2027-02-30T00:00:00Z"`, aTime}},
		{"an empty time", []string{name, `renewable_until = ""`}, until, []string{"it is empty", aTime}},
		{"an end without a zone", []string{name, scim, `token_expiry = "2027-01-01T00:00:00"`}, expiry,
			[]string{`"2027-01-01T00:00:00"`, "no zone", aTime}},
		{"an end with a fraction", []string{name, scim, `token_expiry = "2027-01-01T00:00:00.000Z"`}, expiry,
			[]string{`"2027-01-01T00:00:00.000Z"`, "fraction of a second", aTime}},
		{"an end that int32 cannot hold", []string{name, touch, `token_expiry = "2038-01-19T03:14:08Z"`}, expiry,
			[]string{`"2038-01-19T03:14:08Z"`, "2038-01-19T03:14:07Z", aTime}},

		{"renewal of MS_SCIM", []string{name, scim, `renewable_until = "2027-01-01T00:00:00Z"`}, until,
			[]string{"type is MS_SCIM", "token_expiry", "is supported for the types ALL, DEFAULT, CUSTOM and Hyperscale"}},
		{"renewal of OneTouch", []string{name, touch, `renewable_until = "2027-01-01T00:00:00Z"`}, until,
			[]string{"type is OneTouch", "token_expiry", "is supported for the types ALL, DEFAULT, CUSTOM and Hyperscale"}},
	}
	for _, c := range []struct{ given, is string }{
		{`type = "ALL"`, "ALL"}, {"", "ALL"}, {`type = "DEFAULT"`, "DEFAULT"}, {`type = "Hyperscale"`, "Hyperscale"},
		{custom + "\n  api_endpoints = [\"/a\"]", "CUSTOM"},
	} {
		refusals = append(refusals, refusal{
			"an end of " + c.is + c.given, []string{name, c.given, `token_expiry = "2027-01-01T00:00:00Z"`}, expiry,
			[]string{"the type is " + c.is, "renewable_until", "is supported for the types MS_SCIM and OneTouch"},
		})
	}
	refuse(t, refusals)
}

// TestAccRefusedOddScope covers endpoints and addresses of another form, which only an imported token may have. The plan refuses new
// ones before anything is sent.
func TestAccRefusedOddScope(t *testing.T) {
	t.Parallel()
	const name, custom, endpoints, ips = `name = "ci"`, `type = "CUSTOM"`, "api_endpoints", "allowed_ips"
	const aPath, anIP = `the value must be a path that begins with "/"`, "the value must be an IPv4 or IPv6 address"
	refuse(t, []refusal{
		{"an endpoint without a slash", []string{name, custom, `api_endpoints = ["/a", "client"]`}, endpoints, []string{`"client" was given`, aPath}},
		{"an endpoint with a blank", []string{name, custom, `api_endpoints = ["/a b"]`}, endpoints, []string{`"/a b" was given`, aPath}},
		{"an empty endpoint", []string{name, custom, `api_endpoints = [""]`}, endpoints, []string{`"" was given`, aPath}},
		{"a name for an address", []string{name, `allowed_ips = ["10.0.0.1", "localhost"]`}, ips, []string{`"localhost"`, anIP}},
		{"an address out of range", []string{name, `allowed_ips = ["10.0.0.300"]`}, ips, []string{`"10.0.0.300"`, anIP}},
		{"a block out of range", []string{name, `allowed_ips = ["10.0.0.0/33"]`}, ips, []string{`"10.0.0.0/33"`, "CIDR"}},
		{"a range backwards", []string{name, `allowed_ips = ["10.0.0.9-10.0.0.1"]`}, ips, []string{`"10.0.0.9-10.0.0.1"`, "lowest address first"}},
		{"an address with a zone", []string{name, `allowed_ips = ["fe80::1%eth0"]`}, ips, []string{`"fe80::1%eth0"`, "without a zone"}},
		{"an empty address", []string{name, `allowed_ips = [""]`}, ips, []string{`""`, anIP}},
	})
}

// TestAccRefusedEndsInThePast covers the rules that depend on the time. The plan refuses violations before anything is sent.
func TestAccRefusedEndsInThePast(t *testing.T) {
	t.Parallel()
	const now, accepted = "the current time 2026-11-23T14:26:42Z", "Set a time in the future"
	refuse(t, []refusal{
		{"a second ago", []string{`name = "ci"`, `renewable_until = "` + acctest.In(-time.Second) + `"`}, "renewable_until",
			[]string{`"` + acctest.In(-time.Second) + `"`, now, accepted}},
		{"now, in another zone", []string{`name = "ci"`, `renewable_until = "` + inBerlin(0) + `"`}, "renewable_until",
			[]string{`"` + inBerlin(0) + `"`, now, accepted}},
		{"the first second", []string{`name = "ci"`, `renewable_until = "1970-01-01T00:00:01Z"`}, "renewable_until",
			[]string{`"1970-01-01T00:00:01Z"`, now, accepted}},
		{"an expiry", []string{`name = "ci"`, `type = "OneTouch"`, `token_expiry = "` + acctest.In(-time.Hour) + `"`}, "token_expiry",
			[]string{`"` + acctest.In(-time.Hour) + `"`, now, accepted}},
	})
}

// TestRefusedChangeToThePast verifies that an end cannot move into the past, and that an end that has passed in the meantime causes a
// warning and does not prevent other changes.
func TestRefusedChangeToThePast(t *testing.T) {
	t.Parallel()
	for attribute, kind := range map[string]string{"renewable_until": "ALL", "token_expiry": "MS_SCIM"} {
		t.Run(attribute, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			w := acctest.New(t, simulator.Options{})
			end, past := acctest.In(acctest.Day), acctest.In(-time.Hour)
			arguments := func(name, end string) acctest.Arguments {
				return acctest.Arguments{"name": name, "type": kind, attribute: end}
			}
			i := w.Plain(t)
			i.MustApply(ctx, acctest.Create, arguments("ci", end))
			run := i.Apply(ctx, arguments("ci", past))
			expectErrors(t, run.Diagnostics, "is in the past", attribute, `"`+past+`"`, "Set a time in the future")
			w.Clock.Advance(3 * acctest.Day)
			run = i.MustApply(ctx, acctest.Noop, arguments("ci", end))
			if !acctest.Says("Access token can no longer be used or renewed", "unusable since "+end).MatchString(run.Warnings()) {
				t.Errorf("the warnings are %q", run.Warnings())
			}
			if err := w.Sent(simulator.OpUpdate)(nil); err != nil {
				t.Error(err)
			}
			i.MustApply(ctx, acctest.Update, arguments("ci-2", end))
			if err := w.Sent(simulator.OpUpdate, `{"tokenName": "ci-2"}`)(nil); err != nil {
				t.Error(err)
			}
		})
	}
}
