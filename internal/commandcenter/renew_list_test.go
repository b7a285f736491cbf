// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestAPairIsSentOnlyIfAListProvesItUnspent(t *testing.T) {
	for name, c := range map[string]struct {
		dialect string
		prepare func(b *bench, r *cc.Renewal)
		want    cc.PairVerdict
	}{
		"nobody renewed it": {want: cc.PairUnspent},
		"somebody renewed it": {prepare: func(b *bench, r *cc.Renewal) {
			b.clock.Advance(time.Minute)
			if _, err := b.RenewToken(r.Wanted.ID); err != nil {
				b.t.Error(err)
			}
		}, want: cc.PairSpent},
		"the list rounds the expiry up":             {dialect: "listed-ends-later", want: cc.PairUnspent},
		"the list shows no expiry":                  {dialect: "brief-list", want: cc.PairUnspent},
		"ours is not known":                         {prepare: func(_ *bench, r *cc.Renewal) { r.ExpiresAt = time.Time{} }, want: cc.PairUncertain},
		"neither is known":                          {dialect: "brief-list", prepare: func(_ *bench, r *cc.Renewal) { r.ExpiresAt = time.Time{} }, want: cc.PairUnspent},
		"it is gone, although this process made it": {prepare: func(b *bench, r *cc.Renewal) { b.RemoveToken(r.Wanted.ID) }, want: cc.PairUncertain},
		"it was gone before":                        {prepare: func(_ *bench, r *cc.Renewal) { r.Wanted.ID, r.Wanted.MayBeHidden = 77, false }, want: cc.PairGone},
		"it is hidden":                              {prepare: func(_ *bench, r *cc.Renewal) { r.Wanted.ID = 77 }, want: cc.PairUnspent},
		"the list is not complete":                  {dialect: "page-total", prepare: func(_ *bench, r *cc.Renewal) { r.Wanted.ID = 77 }, want: cc.PairUncertain},
		"the list fails": {prepare: func(b *bench, _ *cc.Renewal) {
			b.FailNext(simulator.OpList, simulator.NewFault(simulator.HTML403))
		}, want: cc.PairUnproven},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := simulator.ParseDialect("default," + c.dialect)
			if c.dialect == "" {
				d, err = simulator.Dialect{}, nil
			}
			if err != nil {
				t.Fatal(err)
			}
			b := newBench(t, simulator.Options{Dialect: d})
			b.elsewhere(simulator.Token{Name: "another"})
			b.elsewhere(simulator.Token{Name: "yet another"})
			client := b.client()
			r := renewal(b.issue(client, cc.Spec{Name: "one"}))
			if c.prepare != nil {
				c.prepare(b, &r)
			}
			verdict, token, err := client.RenewIfUnspent(t.Context(), r)
			if verdict != c.want || (err != nil) != (verdict == cc.PairUnproven) {
				t.Errorf("the verdict is %d, want %d; %+v, %v", verdict, c.want, token, err)
			}
			if sent := b.Count(simulator.OpRenew) > 0; sent != (verdict == cc.PairUnspent) || len(b.Purged()) > 0 {
				t.Errorf("sent: %t, verdict %d, purged %v", sent, verdict, b.Purged())
			}
			if verdict == cc.PairSpent && token.ExpiresAt.IsZero() {
				t.Error("the listed token is not returned")
			}
		})
	}
}

func TestARenewalWaitsForABusyServerAndRequestsANewList(t *testing.T) {
	busyDocumented := []simulator.Fault{
		simulator.NewFault(simulator.TooMany).WithHeader("Retry-After", "30"), simulator.NewFault(simulator.Unavailable).WithHeader("Retry-After", "30"),
	}
	for _, fault := range busyDocumented {
		b := newBench(t, simulator.Options{})
		c := b.client()
		r := renewal(b.issue(c, cc.Spec{Name: "one"}))
		b.FailNext(simulator.OpRenew, fault, fault)
		verdict, token, err := c.RenewIfUnspent(t.Context(), r)
		if now, _ := b.Token(token.ID); verdict != cc.PairUnspent || err != nil || now.AccessToken != token.AccessToken.Reveal() {
			t.Errorf("%d, %+v, %v", verdict, token, err)
		}
		b.wantAsked("login 1, list 4, create 1, renew 3")
		if waited := b.clock.Now().Sub(start); waited < time.Minute || waited > 65*time.Second {
			t.Errorf("waited %s", waited)
		}

		r = renewal(b.issue(c, cc.Spec{Name: "given up"}))
		b.ResetJournal()
		b.FailNext(simulator.OpRenew, fault, fault, fault)
		verdict, _, err = c.RenewIfUnspent(t.Context(), r)
		if verdict != cc.PairUnspent || !cc.KeepsPair(err) {
			t.Errorf("%d, %v", verdict, err)
		}
		b.wantAsked("list 3, renew 3")

		r = renewal(b.issue(c, cc.Spec{Name: "renewed by somebody else meanwhile"}))
		b.ResetJournal()
		b.FailNext(simulator.OpRenew, fault)
		b.OnRequest(simulator.OpRenew, func(*http.Request) {
			if err := b.EditToken(r.Wanted.ID, func(t *simulator.Token) { t.ExpiresAt = t.ExpiresAt.Add(time.Minute) }); err != nil {
				t.Error(err)
			}
		})
		if verdict, _, err = c.RenewIfUnspent(t.Context(), r); verdict != cc.PairSpent || err != nil {
			t.Errorf("%d, %v", verdict, err)
		}
		b.wantAsked("list 2, renew 1")
		if len(b.Purged()) > 0 {
			t.Error("the chain was purged")
		}
	}
	for _, fault := range []simulator.Fault{ // an intermediary may have replaced the answer of the API
		simulator.NewFault(simulator.HTML503), simulator.NewFault(simulator.BareStatus).WithStatus(429), simulator.NewFault(simulator.HTML403),
	} {
		b := newBench(t, simulator.Options{})
		c := b.client()
		r := renewal(b.issue(c, cc.Spec{Name: "one"}))
		b.FailNext(simulator.OpRenew, fault)
		if verdict, _, err := c.RenewIfUnspent(t.Context(), r); verdict != cc.PairUnspent || err == nil || cc.KeepsPair(err) {
			t.Errorf("%s: %d, %v", fault, verdict, err)
		}
		b.wantAsked("login 1, list 2, create 1, renew 1")
	}
}

func TestAWaitThatIsTooLongForARenewalKeepsThePair(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	r := renewal(b.issue(c, cc.Spec{Name: "one"}))
	b.FailNext(simulator.OpRenew, simulator.NewFault(simulator.TooMany).WithHeader("Retry-After", "3600"))
	for range 2 {
		if verdict, _, err := c.RenewIfUnspent(t.Context(), r); verdict != cc.PairUnspent || !cc.KeepsPair(err) {
			t.Errorf("%d, %v", verdict, err)
		}
	}
	if n := b.Count(simulator.OpRenew); n != 1 {
		t.Errorf("%d renewals were sent", n)
	}
}

// realTime makes a client use the system clock.
func realTime(cfg *cc.Config) { cfg.Clock = clock.System() }

// TestRenewalsShareTheirLists guards the read quota of the SaaS: 1,000 reads an hour.
func TestRenewalsShareTheirLists(t *testing.T) {
	const tokens, parallelism = 300, 10
	b := newBench(t, simulator.Options{})
	c := b.client(realTime)
	renewals := make(chan cc.Renewal, tokens)
	for i := range tokens {
		token := b.elsewhere(simulator.Token{Name: fmt.Sprint("t", i)})
		renewals <- cc.Renewal{
			Wanted:    cc.Wanted{ID: token.ID, Owner: cc.Owner{ID: token.UserID, Caller: true}},
			Pair:      cc.Pair{AccessToken: cc.Secret(token.AccessToken), RefreshToken: cc.Secret(token.RefreshToken)},
			ExpiresAt: token.ExpiresAt,
		}
	}
	close(renewals)
	parallel(parallelism, func(int) {
		for r := range renewals {
			if verdict, _, err := c.RenewIfUnspent(t.Context(), r); verdict != cc.PairUnspent || err != nil {
				t.Errorf("%d, %v", verdict, err)
			}
		}
	})
	lists, most := b.Count(simulator.OpList), 2*tokens/parallelism+2
	t.Logf("%d lists", lists)
	if lists > most || b.Count(simulator.OpRenew) != tokens || len(b.Purged()) > 0 {
		t.Errorf("%s; want at most %d lists", b.asked(), most)
	}
}

// TestAllRenewalsSucceedAtOneWriteASecond guards that no renewal fails because of the others.
func TestAllRenewalsSucceedAtOneWriteASecond(t *testing.T) {
	const tokens = 10
	for _, retries := range []int{4, 1} {
		b := newBench(t, simulator.Options{RateLimit: simulator.RateLimit{Writes: 1, Period: time.Second, RetryAfter: true}})
		c := b.client(func(cfg *cc.Config) { cfg.MaxRetries = retries })
		parallel(tokens, func(i int) {
			token := b.elsewhere(simulator.Token{Name: fmt.Sprint("t", i)})
			verdict, _, err := c.RenewIfUnspent(t.Context(), cc.Renewal{
				Wanted:    cc.Wanted{ID: token.ID, Owner: cc.Owner{ID: token.UserID, Caller: true}},
				Pair:      cc.Pair{AccessToken: cc.Secret(token.AccessToken), RefreshToken: cc.Secret(token.RefreshToken)},
				ExpiresAt: token.ExpiresAt,
			})
			if verdict != cc.PairUnspent || err != nil {
				t.Errorf("with %d retries: %d, %v", retries, verdict, err)
			}
		})
		if len(b.Purged()) > 0 {
			t.Error("a chain was purged")
		}
		t.Logf("with %d retries: %s, in %s", retries, b.asked(), b.clock.Now().Sub(start))
	}
}

func TestOneRenewalWaitsForNoCompanions(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	for i := range 3 {
		r := renewal(b.issue(c, cc.Spec{Name: fmt.Sprint("t", i)}))
		if _, _, err := c.RenewIfUnspent(t.Context(), r); err != nil {
			t.Error(err)
		}
	}
	if slept := b.clock.Slept(); len(slept) > 0 {
		t.Errorf("waited %v", slept)
	}
}

func TestListsOfDifferentOwnersAreConcurrent(t *testing.T) {
	b := newBench(t, simulator.Options{})
	owners := []int64{0, b.UserID(), b.AddUser("a", "x-1234"), b.AddUser("b", "x-1234")}
	c := b.client()
	if _, err := c.Tokens(t.Context(), 0); err != nil { // logs in
		t.Fatal(err)
	}
	b.gate(simulator.OpList, len(owners)) // opens when all have arrived
	parallel(len(owners), func(i int) {
		if _, err := c.FreshTokens(t.Context(), owners[i]); err != nil {
			t.Error(err)
		}
	})
}

// TestCallersDuringAListRequestShareTheNextOne guards against a list that was made before the caller asked.
func TestCallersDuringAListRequestShareTheNextOne(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	underWay, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	b.OnAnswer(simulator.OpList, func(*http.Request) { once.Do(func() { close(underWay); <-goOn }) })
	var all sync.WaitGroup
	all.Go(func() { _, _ = c.FreshTokens(t.Context(), 0) })
	<-underWay
	made := b.elsewhere(simulator.Token{Name: "meanwhile"})
	for range 5 {
		all.Go(func() {
			if list, err := c.FreshTokens(t.Context(), 0); err != nil {
				t.Error(err)
			} else if _, there := list.Get(made.ID); !there {
				t.Error("the list was made before it was asked for")
			}
		})
	}
	close(goOn)
	all.Wait()
	if n := b.Count(simulator.OpList); n > 3 { // some of the five may arrive when the next one is already in flight
		t.Errorf("%d lists", n)
	}
}

func TestCreatesThatLackTheirExpiryShareLists(t *testing.T) {
	const tokens = 20
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{EndUntold: true}})
	c := b.client(realTime)
	parallel(tokens, func(i int) {
		made, err := c.Issue(t.Context(), cc.Spec{Name: fmt.Sprint("t", i)})
		if err != nil {
			t.Error(err)
			return
		}
		if _, known := c.SupplyExpiry(t.Context(), made.ID, cc.Owner{ID: made.UserID, Caller: true}); !known {
			t.Error("the expiry is not supplied")
		}
	})
	if n := b.Count(simulator.OpList); n > 1+tokens/2 {
		t.Errorf("%d lists", n)
	}
}
