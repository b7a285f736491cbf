// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// outcome is the result of a faulty create for a client.
type outcome struct {
	response *http.Response
	body     string
	err      error
}

// seen checks the visible effect of each kind, for faults without their own status and body.
var seen = map[simulator.FaultKind]func(*testing.T, outcome){
	simulator.Reset: func(t *testing.T, o outcome) {
		if !errors.Is(o.err, syscall.ECONNRESET) {
			t.Errorf("error %v, want a connection reset", o.err)
		}
	},
	simulator.Hang: func(t *testing.T, o outcome) {
		if !errors.Is(o.err, context.Canceled) {
			t.Errorf("error %v, want that of the cancelled context", o.err)
		}
	},
	simulator.Slow: func(t *testing.T, o outcome) { status(t, o, 200, `"accessToken":"`+simulator.AccessPrefix) },
	simulator.Truncated: func(t *testing.T, o outcome) {
		if !errors.Is(o.err, io.ErrUnexpectedEOF) || o.response.StatusCode != 200 {
			t.Errorf("error %v, want an unexpected EOF", o.err)
		}
	},
	simulator.CutJSON: func(t *testing.T, o outcome) {
		status(t, o, 200, `{"error":{"errorMessage":"","errorCode":0},"tok`)
		if strings.HasSuffix(o.body, "}}") {
			t.Errorf("body %q is whole", o.body)
		}
	},
	simulator.Empty:           func(t *testing.T, o outcome) { exactly(t, o, 200, "") },
	simulator.HTML403:         func(t *testing.T, o outcome) { status(t, o, 403, "<title>Request Blocked</title>") },
	simulator.HTML503:         func(t *testing.T, o outcome) { status(t, o, 503, "<title>Waking Up</title>") },
	simulator.HTML200:         func(t *testing.T, o outcome) { status(t, o, 200, "<title>Scheduled Maintenance</title>") },
	simulator.NotFoundHTML404: func(t *testing.T, o outcome) { status(t, o, 404, "<title>404 Not Found</title>") },
	simulator.Status:          func(t *testing.T, o outcome) { exactly(t, o, 500, flatFault) },
	simulator.BareStatus:      func(t *testing.T, o outcome) { exactly(t, o, 502, "") },
	simulator.TooMany: func(t *testing.T, o outcome) {
		exactly(t, o, 429, flatFault)
		header(t, o, "Retry-After", "1")
	},
	simulator.Unavailable: func(t *testing.T, o outcome) {
		exactly(t, o, 503, flatFault)
		header(t, o, "Retry-After", "1")
	},
	simulator.ErrorTop:     func(t *testing.T, o outcome) { exactly(t, o, 200, flatFault) },
	simulator.ErrorInError: func(t *testing.T, o outcome) { exactly(t, o, 200, `{"error":`+flatFault+`}`) },
	simulator.ErrorInTokenInfo: func(t *testing.T, o outcome) {
		exactly(t, o, 200, `{"error":{"errorMessage":"","errorCode":0},"tokenInfo":{"error":`+flatFault+`}}`)
	},
	simulator.NoSecret: func(t *testing.T, o outcome) {
		status(t, o, 200, `"tokenInfo"`)
		if strings.Contains(o.body, "accessToken\"") || strings.Contains(o.body, "refreshToken\"") {
			t.Errorf("body %q has secrets", o.body)
		}
	},
	simulator.EmptyObject: func(t *testing.T, o outcome) { exactly(t, o, 200, "{}") },
	simulator.Null:        func(t *testing.T, o outcome) { exactly(t, o, 200, "null") },
	simulator.ForeignArray: func(t *testing.T, o outcome) {
		status(t, o, 200, `[{"clientId":2,`)
	},
	simulator.ForeignObject: func(t *testing.T, o outcome) {
		status(t, o, 200, `{"clients":[{"clientId":2,`)
	},
	simulator.Redirect: func(t *testing.T, o outcome) {
		exactly(t, o, 307, "")
		header(t, o, "Location", "https://elsewhere.example/commandcenter/api/")
	},
	simulator.Echo: func(t *testing.T, o outcome) {
		status(t, o, 400, simulator.SessionPrefix)
		status(t, o, 400, `and body {\"tokenName\":\"x\"}`)
	},
}

const flatFault = `{"errorMessage":"The simulator returned this error on request","errorCode":4711}`

func status(t *testing.T, o outcome, status int, text string) {
	t.Helper()
	if o.err != nil || o.response.StatusCode != status || !strings.Contains(o.body, text) {
		t.Errorf("outcome %+v, want %d with %q", o, status, text)
	}
}

func exactly(t *testing.T, o outcome, want int, body string) {
	t.Helper()
	status(t, o, want, "")
	if o.body != body {
		t.Errorf("body %q, want %q", o.body, body)
	}
}

func header(t *testing.T, o outcome, name, want string) {
	t.Helper()
	if o.err == nil && o.response.Header.Get(name) != want {
		t.Errorf("%s is %q, want %q", name, o.response.Header.Get(name), want)
	}
}

func TestEachFaultBeforeAndAfterItsEffect(t *testing.T) {
	for _, kind := range simulator.AllFaultKinds() {
		for _, when := range []simulator.When{simulator.Before, simulator.After} {
			fault := simulator.NewFault(kind).At(when)
			t.Run(fault.String(), func(t *testing.T) {
				o := newOnline(t)
				o.FailNext(simulator.OpCreate, fault)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if kind == simulator.Hang { // the client cancels once the request hangs
					hangs := func() bool { return len(o.Journal()) == 1 && o.Journal()[0].Fault != "" }
					if when == simulator.After {
						hangs = func() bool { return len(o.Tokens()) == 1 }
					}
					go cancelOnce(ctx, cancel, hangs)
				}
				response, body, err := o.request(ctx, "POST", tokens, `{"tokenName":"x"}`)
				o.Close() // waits until the request is in the journal
				seen[kind](t, outcome{response, string(body), err})

				takesEffect := when == simulator.After || kind == simulator.Slow
				if got := len(o.Tokens()) == 1; got != takesEffect {
					t.Errorf("took effect: %v, want %v", got, takesEffect)
				}
				entry := o.Journal()[0]
				if entry.Fault != fault.String() {
					t.Errorf("the journal's fault is %q, want %q", entry.Fault, fault.String())
				}
				if answered := kind != simulator.Reset && kind != simulator.Hang; answered != (entry.Status != 0) {
					t.Errorf("the journal's status is %d", entry.Status)
				}
				if takesEffect && entry.TokenID != o.Tokens()[0].ID {
					t.Errorf("the journal's token is %d", entry.TokenID)
				}
				// The next answer is not affected.
				o.admin("POST", tokens, `{"tokenName":"y"}`).ok().text("tokenInfo.refreshToken")
			})
		}
	}
	if len(seen) != len(simulator.AllFaultKinds()) {
		t.Errorf("%d kinds are checked, there are %d", len(seen), len(simulator.AllFaultKinds()))
	}
}

// cancelOnce polls at a short interval, so that a hung request is canceled as soon as it hangs.
func cancelOnce(ctx context.Context, cancel func(), hangs func() bool) {
	for ctx.Err() == nil {
		if hangs() {
			cancel()
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Millisecond):
		}
	}
}

func TestFaultsOfEachOperation(t *testing.T) {
	paths := map[simulator.Operation][2]string{
		simulator.OpCreate: {"POST", tokens}, simulator.OpList: {"GET", tokens}, simulator.OpUpdate: {"PUT", tokens + "/1"},
		simulator.OpRevoke: {"DELETE", tokens + "/1"}, simulator.OpRenew: {"POST", renewal},
		simulator.OpLogin: {"POST", "/Login"}, simulator.OpLogout: {"POST", "/Logout"},
		simulator.OpWhoAmI: {"POST", "/WhoAmI"}, simulator.OpRenewLogin: {"POST", "/RenewLoginToken"},
		simulator.OpPing: {"GET", ""}, simulator.OpOther: {"GET", "/Client"},
	}
	for op := range paths {
		b := newBench(t, simulator.Options{})
		b.FailNext(op, simulator.NewFault(simulator.HTML200))
		for other, request := range paths {
			if other != op {
				if r := b.send(request[0], request[1], ""); strings.Contains(r.body, "Maintenance") {
					t.Errorf("the fault of %s hit %s", op, other)
				}
			}
		}
		b.send(paths[op][0], paths[op][1], "").html(200, "Scheduled Maintenance")
	}
}

func TestAResetWithoutAConnectionIsAnError(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.FailNext(simulator.OpPing, simulator.NewFault(simulator.Reset))
	if r := b.send("GET", "", ""); r.status != 500 || !strings.Contains(r.body, "reset") {
		t.Errorf("got %d %s", r.status, r.body)
	}
}

func TestACancelledSlowRequestTakesNoEffect(t *testing.T) {
	for _, when := range []simulator.When{simulator.Before, simulator.After} {
		o := newOnline(t)
		fault := simulator.NewFault(simulator.Slow).At(when)
		fault.Delay = time.Hour
		o.FailNext(simulator.OpCreate, fault)
		ctx, cancel := context.WithCancel(t.Context())
		hangs := func() bool { return o.RequestsInFlight() == 1 && o.Count(simulator.OpCreate) == 1 }
		if when == simulator.After {
			hangs = func() bool { return len(o.Tokens()) == 1 }
		}
		go cancelOnce(ctx, cancel, hangs)
		if _, _, err := o.request(ctx, "POST", tokens, `{"tokenName":"x"}`); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		o.Close() // waits for the request
		if got := len(o.Tokens()) == 1; got != (when == simulator.After) {
			t.Errorf("%s: took effect: %v", when, got)
		}
	}
}
