// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/accesstoken"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	providercode "github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestPlanUnchangedIsTheFrameworks verifies that a plan without the framework equals the framework's plan: for tokens of every type,
// created and imported, from full and brief lists, with all arguments and with few, usable and expired, with matching and changed
// configurations, and with and without an identity. It also verifies which plans skip the framework.
func TestPlanUnchangedIsTheFrameworks(t *testing.T) {
	t.Parallel()
	configs := map[string]acctest.Arguments{
		"plain":    {"name": "t"},
		"prefix":   {"name_prefix": "t-"},
		"default":  {"name": "t", "type": "DEFAULT"},
		"all":      {"name": "t", "type": "ALL", "allowed_ips": []string{"192.0.2.1", "2001:db8::/32"}},
		"end":      {"name": "t", "renewable_until": acctest.In(2 * acctest.Day)},
		"spelling": {"name": "t", "renewable_until": "2026-11-30T02:00:00+02:00", "allowed_ips": []string{"2001:DB8::1"}},
		"rotate":   {"name": "t", "rotate_when_changed": map[string]string{"a": "b"}},
		"custom":   {"name": "t", "type": "CUSTOM", "api_endpoints": []string{"/Client"}},
		"scim":     {"name": "t", "type": "MS_SCIM", "token_expiry": acctest.In(3 * acctest.Day)},
		"onetouch": {"name": "t", "type": "OneTouch"},
		"hyper":    {"name": "t", "type": "Hyperscale"},
		"owner":    {"name": "t", "user_id": acctest.New(t, simulator.Options{}).UserID()},
	}
	ages := map[string]time.Duration{"new": 0, "expired": time.Hour, "dead": 400 * acctest.Day}
	skipped, asked, number := 0, 0, 0
	for name, arguments := range configs {
		for age, passed := range ages {
			for _, origin := range []string{"created", "imported", "imported from a brief list"} {
				if number++; acctest.RaceDetector && !acctest.Takes(number) {
					continue // nothing else runs at the same time
				}
				ctx := t.Context()
				imported := origin != "created"
				w := acctest.New(t, simulator.Options{Dialect: simulator.Dialect{BriefList: strings.Contains(origin, "brief")}})
				i := w.Plain(t)
				i.MustApply(ctx, acctest.Create, arguments)
				p := w.Start(ctx, t, i.Provider)
				if imported {
					if said := i.Import(ctx, p, i.Identity); said.Failed() {
						t.Fatal(said.Errors())
					}
				}
				w.Clock.Advance(passed)
				theirs := acctest.StartServer(ctx, t, providerserver.NewProtocol6(
					providercode.New("test", providercode.WithClock(w.Clock))())(), i.Provider).Server()
				for other, configured := range configs {
					for _, identity := range []*tfprotov6.ResourceIdentityData{i.Identity, nil, {}} {
						req := i.PlanRequest(p, configured)
						req.PriorIdentity = identity
						want, err := theirs.PlanResourceChange(ctx, req)
						if err != nil {
							t.Fatal(err)
						}
						got := accesstoken.PlanUnchanged(ctx, w.Clock.Now, req)
						if other == name && !imported && got == nil {
							t.Errorf("%s, %s: the plan of what nothing changes was left to the framework", name, age)
						}
						if got == nil {
							asked++
							continue
						}
						skipped++
						for what, pair := range map[string][2]any{
							"state":        {got.PlannedState.MsgPack, want.PlannedState.MsgPack},
							"private":      {string(got.PlannedPrivate), string(want.PlannedPrivate)},
							"identity":     {got.PlannedIdentity, want.PlannedIdentity},
							"replacements": {len(got.RequiresReplace), len(want.RequiresReplace)},
							"diagnostics":  {said(got.Diagnostics), said(want.Diagnostics)},
							"deferral":     {got.Deferred, want.Deferred},
						} {
							if !reflect.DeepEqual(pair[0], pair[1]) {
								t.Errorf("%s as %s, %s, %s: the %s is %v, and the framework's %v",
									name, other, age, origin, what, pair[0], pair[1])
							}
						}
					}
				}
			}
		}
	}
	t.Logf("%d plans were answered without the framework, %d were not", skipped, asked)
	if skipped < len(configs)*len(ages) && !acctest.RaceDetector {
		t.Errorf("only %d plans were answered without the framework", skipped)
	}
}

// TestUnchangedPlansPassTheFramework verifies that the released server uses PlanUnchanged. The framework would allocate many times as
// much.
func TestUnchangedPlansPassTheFramework(t *testing.T) {
	ctx := t.Context()
	w := acctest.New(t, simulator.Options{})
	i := w.Plain(t)
	arguments := acctest.Arguments{"name": "t"}
	i.MustApply(ctx, acctest.Create, arguments)
	p := w.Start(ctx, t, i.Provider)
	req := i.PlanRequest(p, arguments)
	allocates := func(server tfprotov6.ProviderServer) float64 {
		return testing.AllocsPerRun(20, func() {
			if _, err := server.PlanResourceChange(ctx, req); err != nil {
				t.Fatal(err)
			}
		})
	}
	ours := allocates(p.Server())
	theirs := allocates(acctest.StartServer(ctx, t, providerserver.NewProtocol6(
		providercode.New("test", providercode.WithClock(w.Clock))())(), i.Provider).Server())
	t.Logf("a plan of what nothing changes allocates %.0f times, the framework's %.0f", ours, theirs)
	if ours > theirs/5 {
		t.Errorf("a plan of what nothing changes allocates %.0f times, and the framework's %.0f", ours, theirs)
	}
}

// said returns the diagnostics, one per line.
func said(diagnostics []*tfprotov6.Diagnostic) string {
	lines := make([]string, 0, len(diagnostics))
	for _, d := range diagnostics {
		lines = append(lines, fmt.Sprintf("%s: %s: %s (%s)", d.Severity, d.Summary, d.Detail, d.Attribute))
	}
	return strings.Join(lines, "\n")
}
