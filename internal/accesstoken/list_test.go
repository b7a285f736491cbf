// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// query runs a query and returns its results.
func query(t *testing.T, w *acctest.Env, q acctest.Query) ([]acctest.Listed, acctest.Diagnostics) {
	t.Helper()
	var all []acctest.Listed
	diagnostics := w.Start(t.Context(), t, w.LoginArguments()).List(t.Context(), q, func(one acctest.Listed) bool {
		all = append(all, one)
		return true
	})
	return all, diagnostics
}

func names(listed []acctest.Listed) string {
	list := make([]string, 0, len(listed))
	for _, one := range listed {
		list = append(list, one.Name)
	}
	return strings.Join(list, " ")
}

// ofEveryType adds a token of each type to the server, two of them with addresses, and one of another user.
func ofEveryType(t *testing.T, w *acctest.Env) (service int64) {
	t.Helper()
	service = w.AddUser("service", "its-password")
	for _, token := range []simulator.Token{
		{Name: "all", Type: simulator.TypeAll, AllowedIPs: []string{"192.0.2.0/24", "2001:db8::1"}},
		{Name: "custom", Type: simulator.TypeCustom, APIEndpoints: []string{"/v4/servers", "/Client"}, AllowedIPs: []string{"192.0.2.7"}},
		{Name: "scim", Type: simulator.TypeSCIM, ExpiresAt: acctest.Start.Add(5 * acctest.Day)},
		{Name: "onetouch", Type: simulator.TypeOneTouch},
		{Name: "hyperscale", Type: simulator.TypeHyperscale},
		{Name: "old", ExpiresAt: acctest.Start.Add(-time.Hour), RenewableUntil: acctest.Start.Add(-time.Minute)},
		{Name: "theirs", UserID: service},
	} {
		elsewhere(t, w, token)
	}
	return service
}

// TestListChooses verifies the filters, the order and the limit, with one request.
func TestListChooses(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	service := ofEveryType(t, w)
	for name, test := range map[string]struct {
		query acctest.Query
		want  string
	}{
		"all":       {acctest.Query{Limit: 100}, "all custom scim onetouch hyperscale old"},
		"limit":     {acctest.Query{Limit: 2}, "all custom"},
		"no limit":  {acctest.Query{}, "all custom scim onetouch hyperscale old"},
		"name":      {acctest.Query{Arguments: acctest.Arguments{"name_regex": "^o"}}, "onetouch old"},
		"type":      {acctest.Query{Arguments: acctest.Arguments{"type": "DEFAULT"}}, "all old"},
		"end":       {acctest.Query{Arguments: acctest.Arguments{"ends_before": acctest.In(6 * acctest.Day)}}, "scim old"},
		"together":  {acctest.Query{Arguments: acctest.Arguments{"name_regex": "l", "type": "ALL"}, Limit: 1}, "all"},
		"none":      {acctest.Query{Arguments: acctest.Arguments{"name_regex": "nobody"}}, ""},
		"of others": {acctest.Query{Arguments: acctest.Arguments{"user_id": service}}, "theirs"},
	} {
		t.Run(name, func(t *testing.T) {
			listed, diagnostics := query(t, w, test.query)
			if len(diagnostics) > 0 || names(listed) != test.want {
				t.Errorf("the results are %q with %q, want %q", names(listed), diagnostics.Errors()+diagnostics.Warnings(), test.want)
			}
			for _, one := range listed {
				if one.Resource != nil {
					t.Errorf("the resource of %s was not asked for", one.Name)
				}
			}
		})
		w.ResetJournal()
	}
	if _, diagnostics := query(t, w, acctest.Query{}); diagnostics.Failed() || w.Count(simulator.OpList) != 1 || len(w.Journal()) != 2 {
		t.Errorf("a query sent %d requests, want a login and a list", len(w.Journal()))
	}
}

// TestListIsImportable verifies for every type and in every dialect that the results of a query can be imported by their identity, with
// the configuration that Terraform generates, and that the plan afterwards is empty.
func TestListIsImportable(t *testing.T) {
	t.Parallel()
	acctest.EveryDialect(t, func(t *testing.T, dialect simulator.Dialect) {
		w := acctest.New(t, simulator.Options{Dialect: dialect})
		service := ofEveryType(t, w)
		listed, _ := query(t, w, acctest.Query{IncludeResource: true})
		theirs, _ := query(t, w, acctest.Query{IncludeResource: true, Arguments: acctest.Arguments{"user_id": service}})
		listed = append(listed, theirs...)
		want := 7
		if dialect.HideExpired {
			want = 6
		}
		if len(listed) != want {
			t.Fatalf("%d tokens were listed, want %d", len(listed), want)
		}
		w.ResetJournal()
		for _, one := range listed {
			id, owner := acctest.Identity(t, one.Identity)
			token, _ := w.Token(number(t, id))
			if wantOwner := token.UserID; owner != wantOwner && (!dialect.BriefList || one.Name == "theirs") {
				t.Errorf("the identity of %s says that %d owns it, want %d", one.Name, owner, wantOwner)
			}
			for _, secret := range []string{token.AccessToken, token.RefreshToken} {
				if secret != "" && strings.Contains(one.Resource.String(), secret) {
					t.Errorf("the resource of %s shows a secret", one.Name)
				}
			}
			p := w.Start(t.Context(), t, w.LoginArguments())
			instance := w.Plain(t)
			if imported := instance.Import(t.Context(), p, one.Identity); len(imported) > 0 {
				t.Errorf("the import of %s says %q", one.Name, imported.Errors()+imported.Warnings())
				continue
			}
			if !dialect.BriefList && !instance.State.Equal(*one.Resource) {
				t.Errorf("the resource of %s is\n%s, and what an import reads\n%s", one.Name, one.Resource, instance.State)
			}
			plan, diagnostics := instance.Plan(t.Context(), p, p.Settable(*one.Resource))
			if diagnostics.Failed() {
				t.Errorf("the generated configuration of %s is refused: %s", one.Name, diagnostics.Errors())
				continue
			}
			// If the list omits the type, the first apply records it without a request.
			if plan.Action != acctest.Noop && !dialect.BriefList {
				t.Errorf("after the import of %s the plan is to %s: %s", one.Name, plan.Action, plan.Planned)
			}
		}
		for _, request := range w.Journal() {
			if request.Operation != simulator.OpList && request.Operation != simulator.OpLogin {
				t.Errorf("the imports sent %s", request.Operation)
			}
		}
	})
}

// TestListFails verifies that errors are sent to the stream.
func TestListFails(t *testing.T) {
	t.Parallel()
	t.Run("list", func(t *testing.T) {
		t.Parallel()
		w := acctest.New(t, simulator.Options{})
		w.FailNext(simulator.OpList, slices.Repeat([]simulator.Fault{simulator.NewFault(simulator.HTML200)}, 20)...)
		listed, diagnostics := query(t, w, acctest.Query{})
		if len(listed) > 0 || !strings.Contains(diagnostics.Errors(), "Access tokens not listed") {
			t.Errorf("%d results and %q, want an error", len(listed), diagnostics.Errors())
		}
	})
	t.Run("login", func(t *testing.T) {
		t.Parallel()
		w := acctest.New(t, simulator.Options{})
		arguments := w.LoginArguments()
		arguments["password"] = "wrong-password"
		diagnostics := w.Start(t.Context(), t, arguments).List(t.Context(), acctest.Query{}, func(acctest.Listed) bool { return true })
		if !strings.Contains(diagnostics.Errors(), `login of "admin" was refused`) || strings.Contains(diagnostics.Errors(), "wrong-password") {
			t.Errorf("the stream says %q", diagnostics.Errors())
		}
	})
	t.Run("unknown argument", func(t *testing.T) {
		t.Parallel()
		w := acctest.New(t, simulator.Options{})
		arguments := w.LoginArguments()
		arguments["host"] = acctest.Unknown
		diagnostics := w.Start(t.Context(), t, arguments).List(t.Context(), acctest.Query{}, func(acctest.Listed) bool { return true })
		if !strings.Contains(diagnostics.Errors(), "its arguments host come") || len(w.Journal()) > 0 {
			t.Errorf("the stream says %q", diagnostics.Errors())
		}
	})
	t.Run("refused filter", func(t *testing.T) {
		t.Parallel()
		w := acctest.New(t, simulator.Options{})
		_, diagnostics := query(t, w, acctest.Query{Arguments: acctest.Arguments{"name_regex": "("}})
		if !strings.Contains(diagnostics.Errors(), "Invalid regular expression") || len(w.Journal()) > 0 {
			t.Errorf("the validation says %q", diagnostics.Errors())
		}
	})
	t.Run("filter on what is not listed", func(t *testing.T) {
		t.Parallel()
		w := acctest.New(t, simulator.Options{Dialect: simulator.Dialect{BriefList: true}})
		ofEveryType(t, w)
		listed, diagnostics := query(t, w, acctest.Query{Arguments: acctest.Arguments{"type": "ALL"}})
		if len(listed) > 0 || diagnostics.Failed() || !strings.Contains(diagnostics.Warnings(), "does not list the type of these tokens") {
			t.Errorf("%d results and %q, want a warning", len(listed), diagnostics.Warnings())
		}
	})
}

// TestListIsCancelled verifies that an interrupted query reports the interruption, before its list and among its results.
func TestListIsCancelled(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	ofEveryType(t, w)
	p := w.Start(t.Context(), t, w.LoginArguments())
	ctx, cancel := context.WithCancel(t.Context())
	results := 0
	diagnostics := p.List(ctx, acctest.Query{}, func(acctest.Listed) bool {
		results++
		cancel()
		return true
	})
	if results != 1 || !strings.Contains(diagnostics.Errors(), "interrupted after 1 of 6 access tokens") {
		t.Errorf("%d results and %q, want one result and an error", results, diagnostics.Errors())
	}
	ended, end := context.WithCancel(t.Context())
	w.OnRequest(simulator.OpList, func(*http.Request) { end() })
	w.FailNext(simulator.OpList, simulator.NewFault(simulator.Hang))
	w.OnHang(func() {})
	diagnostics = w.Start(t.Context(), t, w.LoginArguments()).List(ended, acctest.Query{}, func(acctest.Listed) bool {
		t.Error("there is a result")
		return true
	})
	if !diagnostics.Failed() {
		t.Error("a list that was cancelled on its way is no error")
	}
}

// TestListOfAThousand verifies that a thousand tokens cost one request, at most 2 s, and less than 20 MiB.
func TestListOfAThousand(t *testing.T) { //nolint:paralleltest // it measures memory
	w := acctest.NewOverHTTP(t, simulator.Options{})
	for i := range 1000 {
		elsewhere(t, w, simulator.Token{Name: fmt.Sprintf("token-%04d", i)})
	}
	p := w.Start(t.Context(), t, w.LoginArguments())
	heap := func() int64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return int64(stats.HeapAlloc)
	}
	before, most, results := heap(), int64(0), 0
	var first, start = time.Duration(0), time.Now()
	diagnostics := p.List(t.Context(), acctest.Query{IncludeResource: true, Limit: 1000}, func(acctest.Listed) bool {
		if results++; results == 1 {
			first = time.Since(start)
		}
		if results%250 == 0 {
			most = max(most, heap())
		}
		return true
	})
	took := time.Since(start)
	if diagnostics.Failed() || results != 1000 {
		t.Fatalf("%d results: %s", results, diagnostics.Errors())
	}
	grown := (most - before) >> 10
	t.Logf("1,000 tokens with their resources: the first after %s, all after %s, %d KiB more memory in use", first, took, grown)
	if w.Count(simulator.OpList) != 1 {
		t.Errorf("%d lists were sent, want one", w.Count(simulator.OpList))
	}
	if limit := 2 * time.Second; !acctest.RaceDetector && took > limit {
		t.Errorf("it took %s, want at most %s", took, limit)
	}
	if grown > 20<<10 {
		t.Errorf("the memory in use grew by %d KiB, want less than 20 MiB", grown)
	}
}

// TestAccQuery covers the list resource with a real CLI.
func TestAccQuery(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	ofEveryType(t, w)
	mine := elsewhere(t, w, simulator.Token{Name: "ci-1", Type: simulator.TypeCustom, APIEndpoints: []string{"/Client"}})
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   acctest.Since("1.14", ""),
		ProtoV6ProviderFactories: w.Providers(),
		Steps: []resource.TestStep{{
			Query: true,
			Config: w.Config(`
list "commvault_access_token" "ci" {
  provider         = commvault
  include_resource = true
  config {
    name_regex = "^ci-"
  }
}
`),
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("commvault_access_token.ci", 1),
				querycheck.ExpectIdentity("commvault_access_token.ci", map[string]knownvalue.Check{
					"id": knownvalue.StringExact(fmt.Sprint(mine.ID)), "user_id": knownvalue.Int64Exact(mine.UserID),
				}),
			},
		}},
	})
}

func number(t *testing.T, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
