// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// moment is a point in a run: before or after the nth request of an operation took effect.
type moment struct {
	operation simulator.Operation
	nth       int
	when      simulator.When
}

func (m moment) String() string { return fmt.Sprintf("%s %d %s", m.operation, m.nth, m.when) }

// moments returns the moments of a create: its login, its lists and its attempts. Each occurs in some create.
func moments() []moment {
	var all []moment
	for _, operation := range []simulator.Operation{simulator.OpLogin, simulator.OpList, simulator.OpCreate} {
		for nth := 1; nth <= 2; nth++ {
			all = append(all, moment{operation, nth, simulator.Before}, moment{operation, nth, simulator.After})
		}
	}
	return all
}

// at calls f once, at the moment, counting from the next request. Requests that f sends do not count.
func (m moment) at(w *acctest.Env, f func()) {
	var seen atomic.Int64
	var over atomic.Bool
	hook := func(*http.Request) {
		if !over.Load() && seen.Add(1) == int64(m.nth) {
			over.Store(true)
			f()
		}
	}
	if m.when == simulator.Before {
		w.OnRequest(m.operation, hook)
	} else {
		w.OnAnswer(m.operation, hook)
	}
}

// interleaving is a create that meets a fault while another run creates a token with the same name.
type interleaving struct {
	moment
	fault simulator.Fault // of the first attempt; the zero value is no fault
	// twin is set if the other run requests an identical token.
	twin bool
	// prefix is set if the names are generated.
	prefix bool
}

func (i interleaving) String() string {
	return fmt.Sprintf("%s/%s/twin %t/prefix %t", i.moment, i.fault, i.twin, i.prefix)
}

// isTheKnownLimit reports whether nothing shows who created the token: the request was lost before it reached the server, or its
// refusal was lost, and the other run creates the same fixed name with the same arguments at that moment. The documentation describes
// this limit.
func (i interleaving) isTheKnownLimit() bool {
	return i.twin && !i.prefix && losesAnswers(i.fault)
}

// losesAnswers reports whether a fault of a create prevents a usable response and also a response that proves that the request was not
// processed.
func losesAnswers(f simulator.Fault) bool {
	switch f.Kind {
	case simulator.Reset, simulator.Truncated, simulator.CutJSON, simulator.Empty, simulator.HTML200, simulator.EmptyObject,
		simulator.Null, simulator.ForeignArray, simulator.ForeignObject, simulator.NoSecret:
		return true
	case simulator.BareStatus:
		return f.Status >= http.StatusInternalServerError && f.Status != http.StatusNotImplemented
	default:
		return false
	}
}

// TestInterleavingMatrix makes another run create a token with the same name at every request of a create that fails in every way.
// Apart from the known limit, the other run's token is neither adopted nor revoked, and every token on the server is in one of the
// states or named in a message.
func TestInterleavingMatrix(t *testing.T) {
	t.Parallel()
	var cells, limits atomic.Int64
	t.Run("cell", func(t *testing.T) {
		number := 0
		for _, fault := range append([]simulator.Fault{{}}, simulator.AllFaults()...) {
			if fault.Kind == simulator.Hang || fault.Kind == simulator.Slow {
				continue // these take real time
			}
			for _, when := range []simulator.When{simulator.Before, simulator.After} {
				for _, moment := range moments() {
					for _, kind := range []struct{ twin, prefix bool }{{true, false}, {false, false}, {true, true}} {
						if number++; !acctest.Takes(number) || fault.Kind == simulator.None && when == simulator.After {
							continue
						}
						c := interleaving{moment, fault.At(when), kind.twin, kind.prefix}
						cells.Add(1)
						t.Run(c.String(), func(t *testing.T) {
							t.Parallel()
							if c.test(t) {
								limits.Add(1)
							}
						})
					}
				}
			}
		}
	})
	acctest.Proves(t, "%d cells of two runs that interleave, %d of them at the known limit", cells.Load(), limits.Load())
	if !acctest.Sampled() && (cells.Load() < 1000 || limits.Load() == 0) {
		t.Errorf("the interleaving matrix has %d cells, %d of them at the known limit", cells.Load(), limits.Load())
	}
}

// test reports whether the token of the other run was adopted. Only the known limit permits that.
func (i interleaving) test(t *testing.T) (adopted bool) {
	w := acctest.NewOverHTTP(t, simulator.Options{})
	theirs, ours := w.Plain(t), w.Plain(t)
	ours.Provider["max_retries"] = 1
	arguments := acctest.Arguments{"name": "deploy"}
	if i.prefix {
		arguments = acctest.Arguments{"name_prefix": "deploy-"}
	}
	others := arguments
	if !i.twin {
		others = with(arguments, "allowed_ips", []string{"192.0.2.1"})
	}
	i.at(w, func() { // the fault does not apply to the other run
		waiting := w.PendingFaults(simulator.OpCreate)
		w.ClearFaults()
		theirs.Apply(t.Context(), others)
		if waiting > 0 {
			w.FailNext(simulator.OpCreate, i.fault)
		}
	})
	w.FailNext(simulator.OpCreate, i.fault)
	run := ours.Apply(t.Context(), arguments)
	w.ClearFaults()
	w.ClearHooks()
	said := run.Errors()
	if theirs.State != nil && ours.State != nil && theirs.ID() == ours.ID() {
		if !i.isTheKnownLimit() {
			t.Fatalf("the token of another run is in the state: %s", said)
		}
		expect(t, said, "If another run created it at the same moment, run terraform untaint")
		return true
	}
	secret := ""
	if theirs.State != nil {
		secret = theirs.Text("access_token")
	}
	i.named(t, w, said, theirs, ours)
	again := ours.Apply(t.Context(), arguments)
	said += again.Errors()
	if theirs.State != nil && (!w.Works(secret) || ours.State != nil && ours.ID() == theirs.ID()) {
		t.Errorf("the token of another run was revoked or adopted by one more apply: %s", said)
	}
	if ours.State != nil && !ours.Tainted && !w.Works(ours.Text("access_token")) {
		t.Error("the token in the state does not work")
	}
	i.named(t, w, said, theirs, ours)
	return false
}

// named checks that each token on the server is in one of the states or named in a message.
func (i interleaving) named(t *testing.T, w *acctest.Env, said string, instances ...*acctest.Instance) {
	t.Helper()
	held := map[int64]bool{}
	for _, instance := range instances {
		if instance.State != nil {
			held[instance.ID()] = true
		}
	}
	for _, token := range w.Tokens() {
		unknown := strings.Contains(said, "Unknown whether the access token was created") && strings.Contains(said, fmt.Sprintf("%q", token.Name))
		if !held[token.ID] && !unknown && !strings.Contains(said, fmt.Sprintf("id %d", token.ID)) {
			t.Errorf("the token %d is on the server, and neither in a state nor named: %s", token.ID, said)
		}
	}
}
