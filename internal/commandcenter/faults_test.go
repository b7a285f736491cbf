// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"fmt"
	"testing"
	"time"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// harmless is the kind of a fault that is not a failure.
const harmless cc.Kind = 0

// meaning returns how a client must classify a fault of an operation, and whether Command Center itself answered.
func meaning(op simulator.Operation, f simulator.Fault) (kind cc.Kind, documented bool) {
	switch f.Kind {
	case simulator.Slow:
		return harmless, false
	case simulator.Status, simulator.BareStatus:
		documented := f.Kind == simulator.Status
		switch {
		case f.Status == 401:
			return cc.Unauthorized, true
		case f.Status == 500 && documented:
			return cc.Failed, true
		case f.Status == 500, f.Status == 502, f.Status == 504:
			return cc.Lost, false
		}
		return cc.Refused, documented
	case simulator.HTML403, simulator.NotFoundHTML404:
		return cc.Refused, false
	case simulator.Echo, simulator.ErrorTop, simulator.ErrorInError, simulator.ErrorInTokenInfo:
		return cc.Refused, true
	case simulator.HTML503:
		return cc.Busy, false
	case simulator.TooMany, simulator.Unavailable:
		return cc.Busy, true
	case simulator.Redirect:
		return cc.Redirected, false
	case simulator.NoSecret:
		if op == simulator.OpCreate || op == simulator.OpLogin {
			return cc.Lost, false
		}
		return harmless, false // no secrets in these answers
	case simulator.EmptyObject:
		if op == simulator.OpList {
			return harmless, false // a list without an array, which proves no absence
		}
		return cc.Lost, false
	default:
		return cc.Lost, false
	}
}

// eachFault runs a test for every fault, before and after the operation takes effect.
func eachFault(t *testing.T, o simulator.Options, test func(b *bench, f simulator.Fault)) {
	t.Helper()
	for _, fault := range simulator.AllFaults() {
		for _, when := range []simulator.When{simulator.Before, simulator.After} {
			name := fault.At(when).String()
			if fault.Body != "" {
				name += " " + fault.Body
			}
			t.Run(name, func(t *testing.T) {
				b := newBench(t, o)
				b.OnHang(func() { b.clock.Advance(patience) })
				test(b, fault.At(when))
			})
		}
	}
}

// wantBackoff fails the test unless the clock was asked to wait n times, each about as long as the policy demands.
func (b *bench) wantBackoff(n int, kind cc.Kind, f simulator.Fault) {
	b.t.Helper()
	slept := b.clock.Slept()
	if len(slept) != n {
		b.t.Fatalf("waited %v, want %d waits", slept, n)
	}
	for i, d := range slept {
		least, most := time.Second<<i/2, time.Second<<i
		if kind == cc.Busy && f.Kind != simulator.HTML503 {
			least, most = time.Second, 2*time.Second // the server asked to wait one second
		}
		if d < least || d > most {
			b.t.Errorf("wait %d was %s, want %s to %s", i, d, least, most)
		}
	}
}

// call is one operation that may be repeated, on an existing token.
type call struct {
	op   simulator.Operation
	make func(b *bench, c *cc.Client, id int64) error
}

var repeatable = []call{
	{simulator.OpList, func(b *bench, c *cc.Client, _ int64) error {
		_, err := c.Tokens(b.t.Context(), 0)
		return err
	}},
	{simulator.OpUpdate, func(b *bench, c *cc.Client, id int64) error {
		name := "changed"
		_, err := c.Update(b.t.Context(), id, cc.Change{Name: &name})
		return err
	}},
}

// byGo returns how many times net/http itself repeats the call: it repeats a GET whose kept-alive connection was reset.
func (c call) byGo(f simulator.Fault) int {
	if c.op == simulator.OpList && f.Kind == simulator.Reset {
		return 1
	}
	return 0
}

func TestListAndUpdateAreRepeatedWhereThatIsSafe(t *testing.T) {
	for _, call := range repeatable {
		t.Run(string(call.op), func(t *testing.T) {
			eachFault(t, simulator.Options{}, func(b *bench, f simulator.Fault) {
				token := b.elsewhere(simulator.Token{Name: "there"})
				c := b.client()
				b.FailNext(call.op, f)
				err := call.make(b, c, token.ID)
				kind, documented := meaning(call.op, f)
				switch kind {
				case harmless:
					b.wantAsked(fmt.Sprintf("login 1, %s 1", call.op))
				case cc.Lost, cc.Failed, cc.Busy:
					b.wantAsked(fmt.Sprintf("login 1, %s 2", call.op))
					b.wantBackoff(1-call.byGo(f), kind, f)
				case cc.Unauthorized:
					b.wantAsked(fmt.Sprintf("login 2, %s 2", call.op))
				default:
					if got := failureOf(b.t, err, kind); got.Documented != documented || got.Attempts != 1 {
						b.t.Errorf("the error is %+v", got)
					}
					b.wantAsked(fmt.Sprintf("login 1, %s 1", call.op))
					b.wantBackoff(0, kind, f)
					return
				}
				if err != nil {
					b.t.Errorf("the repetition failed: %s", err)
				}
				b.wantNoSecret()
			})
		})
	}
}

func TestListAndUpdateGiveUpAfterTheirRetries(t *testing.T) {
	for _, call := range repeatable {
		t.Run(string(call.op), func(t *testing.T) {
			eachFault(t, simulator.Options{}, func(b *bench, f simulator.Fault) {
				kind, _ := meaning(call.op, f)
				if kind == harmless || kind == cc.Refused || kind == cc.Redirected || f.When == simulator.After {
					return
				}
				token := b.elsewhere(simulator.Token{Name: "there"})
				c := b.client()
				b.FailNext(call.op, f, f, f, f)
				failure := failureOf(b.t, call.make(b, c, token.ID), kind)
				if kind == cc.Unauthorized {
					b.wantAsked(fmt.Sprintf("login 2, %s 2", call.op))
					return
				}
				b.wantAsked(fmt.Sprintf("login 1, %s %d", call.op, 3+call.byGo(f)))
				b.wantBackoff(2, kind, f)
				if failure.Attempts != 3 {
					b.t.Errorf("the error counts %d attempts", failure.Attempts)
				}
				wantSays(b.t, failure, "3 attempts")
				b.wantNoSecret(failure.Error())
			})
		})
	}
}

func TestAnUpdateThatTookEffectSucceedsAfterEveryFault(t *testing.T) {
	eachFault(t, simulator.Options{}, func(b *bench, f simulator.Fault) {
		kind, _ := meaning(simulator.OpUpdate, f)
		if f.When == simulator.Before || kind == cc.Refused || kind == cc.Redirected {
			return
		}
		token := b.elsewhere(simulator.Token{Name: "there"})
		b.FailNext(simulator.OpUpdate, f)
		if err := repeatable[1].make(b, b.client(), token.ID); err != nil {
			b.t.Error(err)
		}
		if now, _ := b.Token(token.ID); now.Name != "changed" {
			b.t.Errorf("the token is %+v", now)
		}
	})
}

func TestARevocationIsRepeatedAndThenTheListDecides(t *testing.T) {
	eachFault(t, simulator.Options{}, func(b *bench, f simulator.Fault) {
		token := b.elsewhere(simulator.Token{Name: "there"})
		c := b.client()
		b.FailNext(simulator.OpRevoke, f)
		err := c.Revoke(b.t.Context(), cc.Target{ID: token.ID, Owner: cc.Owner{ID: b.UserID()}})
		kind, _ := meaning(simulator.OpRevoke, f)
		_, there := b.Token(token.ID)
		gone := "" // the repetition finds no such token, and the lists of the owner and of the caller agree
		if f.When == simulator.After {
			gone = "list 2, "
		}
		switch kind {
		case harmless:
			b.wantAsked("login 1, revoke 1")
			if f.Kind == simulator.NoSecret && f.When == simulator.Before {
				return // the server reports success although nothing happened
			}
		case cc.Lost, cc.Failed, cc.Busy:
			b.wantAsked("login 1, " + gone + "revoke 2")
		case cc.Unauthorized:
			b.wantAsked("login 2, " + gone + "revoke 2")
		default:
			if f.When == simulator.Before {
				b.wantAsked("login 1, list 1, revoke 1")
				wantKind(b.t, err, kind)
				if !there {
					b.t.Error("the token is gone")
				}
				return
			}
			b.wantAsked("login 1, list 2, revoke 1")
		}
		if err != nil || there {
			b.t.Errorf("the token is there: %t; the error is %v", there, err)
		}
	})
}

func TestALoginIsRepeatedOnlyIfItWasNotProcessed(t *testing.T) {
	eachFault(t, simulator.Options{}, func(b *bench, f simulator.Fault) {
		c := b.client()
		b.FailNext(simulator.OpLogin, f)
		_, err := c.Tokens(b.t.Context(), 0)
		kind, _ := meaning(simulator.OpLogin, f)
		switch kind {
		case harmless:
			b.wantAsked("login 1, list 1")
		case cc.Busy:
			b.wantAsked("login 2, list 1")
			b.wantBackoff(1, kind, f)
		default:
			if err == nil {
				b.t.Fatal("the list came without a login")
			}
			wantSays(b.t, err, "login")
			b.wantAsked("login 1")
			_, again := c.Tokens(b.t.Context(), b.UserID())
			if again == nil || again.Error() != err.Error() {
				b.t.Errorf("another call says %v", again)
			}
			b.wantAsked("login 1")
			b.wantNoSecret(err.Error())
			return
		}
		if err != nil {
			b.t.Error(err)
		}
	})
}

func TestACreateIsReconciledOrRepeatedAfterEveryFault(t *testing.T) {
	dialects := []string{"default", "brief-list", "contrary", "clock=-3h", "clock=-1h", "clock=1h", "clock=3h"}
	if testing.Short() {
		dialects = dialects[:1]
	}
	for _, dialect := range dialects {
		d, err := simulator.ParseDialect(dialect)
		if err != nil {
			t.Fatal(err)
		}
		for _, generated := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, generated %t", dialect, generated), func(t *testing.T) {
				eachFault(t, simulator.Options{Dialect: d}, func(b *bench, f simulator.Fault) {
					c := b.client()
					b.FailNext(simulator.OpCreate, f)
					made, err := c.Issue(b.t.Context(), cc.Spec{Name: "one", Generated: generated})
					kind, documented := meaning(simulator.OpCreate, f)
					if f.When == simulator.Before {
						b.afterNothing(made, err, kind, documented)
					} else {
						b.afterEffect(made, err, kind, documented, generated)
					}
					if err != nil {
						b.wantNoSecret(err.Error())
					}
				})
			})
		}
	}
}

// afterNothing checks a create whose first request had no effect.
func (b *bench) afterNothing(made cc.Token, err error, kind cc.Kind, documented bool) {
	b.t.Helper()
	switch kind {
	case harmless:
		b.wantAsked("login 1, list 1, create 1")
	case cc.Lost:
		b.wantAsked("login 1, list 2, create 2")
		b.wantBackoff(1, cc.Lost, simulator.Fault{})
	case cc.Busy:
		b.wantAsked("login 1, list 1, create 2")
	case cc.Unauthorized:
		b.wantAsked("login 2, list 1, create 2")
	default:
		b.wantAsked("login 1, list 2, create 1")
		failure := failedIssue(b.t, err, cc.NothingCreated)
		if got := failureOf(b.t, failure, kind); failure.ListErr != nil || len(b.Tokens()) != 0 || got.Documented != documented {
			b.t.Errorf("the error is %+v, the server has %v", failure, b.Tokens())
		}
		return
	}
	if err != nil {
		b.t.Fatal(err)
	}
	if tokens := b.Tokens(); len(tokens) != 1 || tokens[0].AccessToken != made.AccessToken.Reveal() {
		b.t.Errorf("the server has %v", tokens)
	}
}

// afterEffect checks a create whose first request created a token.
func (b *bench) afterEffect(made cc.Token, err error, kind cc.Kind, documented, generated bool) {
	b.t.Helper()
	tokens := b.Tokens()
	if len(tokens) != 1 {
		b.t.Fatalf("the server has %v", tokens)
	}
	if kind == harmless {
		if err != nil || tokens[0].AccessToken != made.AccessToken.Reveal() {
			b.t.Errorf("the error is %v", err)
		}
		return
	}
	outcome := cc.Orphaned
	switch {
	case kind == cc.Lost:
	case documented && kind != cc.Busy && kind != cc.Unauthorized && generated: // any token that has the name may be the reason
		outcome = cc.NameTaken
	case !generated: // the answer may have been replaced, or the API refused for a reason other than the name
		outcome = cc.Appeared
	}
	switch kind {
	case cc.Busy:
		b.wantAsked("login 1, list 2, create 2")
	case cc.Unauthorized:
		b.wantAsked("login 2, list 2, create 2")
	default:
		b.wantAsked("login 1, list 2, create 1")
	}
	failure := failedIssue(b.t, err, outcome)
	if failure.Token.ID != tokens[0].ID || failure.Token.AccessToken != "" || failure.Name != "one" {
		b.t.Errorf("the error is %+v", failure)
	}
	wantSays(b.t, failure, fmt.Sprintf("the id %d", tokens[0].ID), `"one"`)
}
