// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestTheJournalContainsSentRequests(t *testing.T) {
	b := newBench(t, simulator.Options{})
	token := b.create(`{"tokenName":"x"}`)
	b.pass(time.Minute)
	b.admin("DELETE", "//v4/accesstoken/"+fmt.Sprint(token.ID)+"/?x=%20", "")
	b.send("GET", "/a%2Fb", "")
	got := b.Journal()
	if len(got) != 3 {
		t.Fatalf("%d entries, want 3", len(got))
	}
	create := got[0]
	if create.Operation != simulator.OpCreate || create.Method != "POST" || create.TokenID != token.ID ||
		create.Status != 200 || string(create.Body) != `{"tokenName":"x"}` || create.Fault != "" ||
		!strings.HasPrefix(create.Header.Get("Authtoken"), "QSDK ") || !create.At.Equal(begin) {
		t.Errorf("create is %+v", create)
	}
	revoke := got[1]
	if revoke.Path != "/commandcenter/api//v4/accesstoken/"+fmt.Sprint(token.ID)+"/" || revoke.RawQuery != "x=%20" ||
		revoke.TokenID != token.ID || revoke.Status != 400 || !revoke.At.Equal(begin.Add(time.Minute)) {
		t.Errorf("revoke is %+v", revoke)
	}
	if got[2].Path != "/commandcenter/api/a%2Fb" || got[2].Status != 401 {
		t.Errorf("other is %+v", got[2])
	}
}

func TestTheJournalIsACopyAndCanBeReset(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.create(`{"tokenName":"x"}`)
	copied := b.Journal()
	copied[0].Header.Set("Authtoken", "y")
	copied[0].Body[0] = '!'
	if reflect.DeepEqual(copied, b.Journal()) {
		t.Error("a change of the copy changed the journal")
	}
	if b.Count(simulator.OpCreate) != 1 || b.Count(simulator.OpList) != 0 {
		t.Error("the count is wrong")
	}
	b.ResetJournal()
	if len(b.Journal()) != 0 || b.Count(simulator.OpCreate) != 0 {
		t.Error("the journal was not reset")
	}
	b.admin("GET", tokens, "").ok()
	if len(b.Journal()) != 1 {
		t.Error("the journal ends with its reset")
	}
}

func TestFaultsHitInOrder(t *testing.T) {
	b := newBench(t, simulator.Options{})
	failed := simulator.NewFault(simulator.Status)
	b.FailNext(simulator.OpList, failed.WithStatus(403), simulator.Fault{})
	b.FailNext(simulator.OpList, failed.WithStatus(404))
	for _, want := range []int{403, 200, 404, 200} {
		if got := b.admin("GET", tokens, "").status; got != want {
			t.Errorf("status %d, want %d", got, want)
		}
	}
	b.FailNext(simulator.OpList, failed, failed)
	b.FailNext(simulator.OpCreate, failed)
	if b.PendingFaults(simulator.OpList) != 2 || b.PendingFaults(simulator.OpRenew) != 0 {
		t.Error("the faults that wait are miscounted")
	}
	b.ClearFaults()
	b.admin("GET", tokens, "").ok()
	b.create(`{"tokenName":"x"}`)
}

func TestFaultFields(t *testing.T) {
	b := newBench(t, simulator.Options{})
	fault := simulator.Fault{Kind: simulator.ErrorInError, Status: 202, Code: 9, Message: "no"}
	b.FailNext(simulator.OpList, fault.WithHeader("X-A", "1").WithHeader("X-B", "2"))
	r := b.admin("GET", tokens, "")
	r.refusedIn("error.", 202, "no")
	if r.number("error.errorCode") != 9 || r.header.Get("X-A") != "1" || r.header.Get("X-B") != "2" {
		t.Errorf("answer %+v", r)
	}
	limited := simulator.NewFault(simulator.TooMany)
	period := limited
	period.Header = http.Header{"X-Ratelimit-Period": {"60"}}
	b.FailNext(simulator.OpList, limited.WithHeader("Retry-After", "7"), period, limited.WithBody("<title>Slow down</title>"))
	if r := b.admin("GET", tokens, ""); r.status != 429 || r.header.Get("Retry-After") != "7" {
		t.Errorf("answer %+v", r)
	}
	if r := b.admin("GET", tokens, ""); r.header.Get("Retry-After") != "" || r.header.Get("X-RateLimit-Period") != "60" {
		t.Errorf("answer %+v, want the fault's header in place of the usual one", r)
	}
	if r := b.admin("GET", tokens, ""); r.body != "<title>Slow down</title>" || r.header.Get("Retry-After") != "1" {
		t.Errorf("answer %+v, want the usual header again", r)
	}
}

func TestFaultNames(t *testing.T) {
	for fault, want := range map[string]string{
		simulator.NewFault(simulator.Status).WithStatus(403).At(simulator.After).String(): "Status 403 after",
		simulator.NewFault(simulator.Reset).String():                                      "Reset before",
		simulator.Fault{}.String():                                                        "",
		simulator.None.String():                                                           "None",
		simulator.FaultKind(-1).String():                                                  "FaultKind(-1)",
		(simulator.Echo + 1).String():                                                     "FaultKind(25)",
		simulator.Echo.String():                                                           "Echo",
	} {
		if fault != want {
			t.Errorf("%q, want %q", fault, want)
		}
	}
	kinds := map[string]bool{}
	for _, kind := range simulator.AllFaultKinds() {
		kinds[kind.String()] = true
	}
	if len(kinds) != int(simulator.Echo) || kinds["None"] {
		t.Errorf("kinds %v", kinds)
	}
}

func TestAllFaultsHoldsEveryKindAndStatus(t *testing.T) {
	names := map[string]bool{}
	for _, fault := range simulator.AllFaults() {
		if waits := fault.Kind == simulator.Slow; waits != (fault.Delay > 0) {
			t.Errorf("%s waits %s", fault, fault.Delay)
		}
		names[fault.String()+fault.Body] = true
	}
	for _, want := range []string{
		"Status 400 before", "Status 401 before", "Status 403 before", "Status 404 before", "Status 500 before",
		"BareStatus 405 before", "BareStatus 500 before", "BareStatus 501 before", "BareStatus 502 before",
		"BareStatus 504 before", "Redirect 302 before", "Redirect 307 before", "Redirect 308 before",
		"ForeignArray before", "ForeignArray before[]", "Reset before", "Hang before", "Echo 400 before",
	} {
		if !names[want] {
			t.Errorf("%q is not among %v", want, names)
		}
	}
	if want := len(simulator.AllFaultKinds()) - 3 + 13 + 1; len(names) != want {
		t.Errorf("%d faults, want %d", len(names), want)
	}
}

func TestHooksChangeTheStateMidFlight(t *testing.T) {
	b := newBench(t, simulator.Options{})
	var order []string
	b.OnRequest(simulator.OpCreate, func(r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		order = append(order, "first "+string(body))
		if _, err := b.AddToken(simulator.Token{Name: "x"}); err != nil {
			t.Error(err)
		}
	})
	b.OnRequest(simulator.OpCreate, func(r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		order = append(order, "second "+string(body))
		b.FailNext(simulator.OpList, simulator.NewFault(simulator.HTML200))
	})
	b.OnAnswer(simulator.OpCreate, func(*http.Request) { order = append(order, "answer") })
	b.admin("POST", tokens, `{"tokenName":"x"}`).refusedIn("error.", 200, "already present")
	if want := []string{`first {"tokenName":"x"}`, `second {"tokenName":"x"}`}; !reflect.DeepEqual(order, want) {
		t.Errorf("hooks %q, want %q: no answer hook, for it took no effect", order, want)
	}
	b.admin("GET", tokens, "").html(200, "Scheduled Maintenance")

	b.ClearHooks()
	b.OnAnswer(simulator.OpCreate, func(*http.Request) {
		for _, token := range b.Tokens() {
			b.RemoveToken(token.ID)
		}
	})
	b.FailNext(simulator.OpCreate, simulator.NewFault(simulator.HTML200).At(simulator.After))
	b.admin("POST", tokens, `{"tokenName":"y"}`).html(200, "Scheduled Maintenance")
	if len(b.Tokens()) != 0 || len(order) != 2 {
		t.Error("the answer hook did not run, or a cleared one did")
	}
}

func TestARefusedLoginIsNoAnswerToHook(t *testing.T) {
	b := newBench(t, simulator.Options{})
	called := 0
	b.OnAnswer(simulator.OpLogin, func(*http.Request) { called++ })
	badLogin(t, b.send("POST", "/Login", loginBody("admin", "x")), false, 0)
	b.send("POST", "/Login", loginBody("admin", b.Password())).ok()
	if called != 1 {
		t.Errorf("called %d times, want once", called)
	}
}

func TestAHookCanFailItsOwnRequest(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.OnRequest(simulator.OpList, func(*http.Request) {
		if b.Count(simulator.OpList) == 2 { // the request is already in the journal
			b.FailNext(simulator.OpList, simulator.NewFault(simulator.Status))
		}
	})
	for _, want := range []int{200, 500, 200} {
		if got := b.admin("GET", tokens, "").status; got != want {
			t.Errorf("status %d, want %d", got, want)
		}
	}
}

func TestABlockedRequestDoesNotBlockOthers(t *testing.T) {
	b := newBench(t, simulator.Options{})
	arrived, release := make(chan struct{}), make(chan struct{})
	b.OnRequest(simulator.OpCreate, func(*http.Request) {
		close(arrived)
		<-release
	})
	done := make(chan reply)
	go func() { done <- b.admin("POST", tokens, `{"tokenName":"x"}`) }()
	<-arrived
	b.admin("GET", tokens, "").ok()
	if _, err := b.AddToken(simulator.Token{Name: "y"}); err != nil {
		t.Error(err)
	}
	if b.RequestsInFlight() != 1 || b.Count(simulator.OpCreate) != 1 || len(b.Tokens()) != 1 {
		t.Error("the blocked request is not in flight, not in the journal, or took effect")
	}
	close(release)
	(<-done).ok()
	if b.RequestsInFlight() != 0 {
		t.Error("requests in flight are miscounted")
	}
}

func TestParallelRequests(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.FailNext(simulator.OpCreate, simulator.NewFault(simulator.BareStatus).At(simulator.After))
	var wait sync.WaitGroup
	for i := range 40 {
		wait.Go(func() {
			b.admin("POST", tokens, fmt.Sprintf(`{"tokenName":"t%d"}`, i))
			b.admin("POST", tokens, `{"tokenName":"same"}`)
			b.admin("GET", tokens, "")
			b.Journal()
			for _, token := range b.Tokens() {
				b.Works(token.AccessToken)
			}
		})
	}
	wait.Wait()
	if got := len(b.Tokens()); got != 41 {
		t.Errorf("%d tokens, want 40 and one of the same name", got)
	}
	if b.Count(simulator.OpCreate) != 80 {
		t.Errorf("%d creates in the journal", b.Count(simulator.OpCreate))
	}
}

func TestOneOfParallelRenewalsSucceeds(t *testing.T) {
	b := newBench(t, simulator.Options{})
	token := b.create(`{"tokenName":"x"}`)
	var wait sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for range 10 {
		wait.Go(func() {
			r := b.renew(pairOf(token))
			mu.Lock()
			defer mu.Unlock()
			if strings.Contains(r.body, simulator.RefreshPrefix) {
				won++
			}
		})
	}
	wait.Wait()
	if won != 1 || len(b.Purged()) != 1 || len(b.Tokens()) != 0 {
		t.Errorf("%d won, purged %v; want one, and then the chain purged", won, b.Purged())
	}
}
