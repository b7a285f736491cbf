// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

var operations = []simulator.Operation{
	simulator.OpPing, simulator.OpLogin, simulator.OpWhoAmI, simulator.OpUsers, simulator.OpList, simulator.OpCreate,
	simulator.OpUpdate, simulator.OpRevoke, simulator.OpRenew, simulator.OpLogout,
}

// deniesRenewal reports whether a fault looks like the API's own response to a renewal that it did not make. If the server has
// renewed the token all the same, every client loses the pair.
func deniesRenewal(op simulator.Operation, f simulator.Fault) bool {
	return op == simulator.OpRenew && (f.Status == http.StatusUnauthorized || f.Status == http.StatusForbidden || f.Status == http.StatusTooManyRequests)
}

// TestAnInterruptionAtAnyRequestLeavesNothing interrupts the probe during its n-th request, for every n.
func TestAnInterruptionAtAnyRequestLeavesNothing(t *testing.T) {
	interrupted := 0
	dialects := []string{"default", "contrary", "no-list", "revoke-pending", "capped-list"}
	if acctest.RaceDetector {
		dialects = dialects[:1] // the others race no more
	}
	for _, name := range dialects {
		dialect, err := simulator.ParseDialect(name)
		if err != nil {
			t.Fatal(err)
		}
		for n := int64(1); ; n++ {
			b := newBench(t, simulator.Options{Dialect: dialect}, true)
			ctx, cancel := context.WithCancel(t.Context())
			var requests atomic.Int64
			for _, op := range operations {
				b.OnRequest(op, func(*http.Request) {
					if requests.Add(1) == n {
						cancel()
					}
				})
			}
			o := b.run(ctx, t, "-yes", "-destructive")
			cancel()
			reached := requests.Load() >= n
			if ended := o.report.Ended != ""; ended != (o.code == exitFailed) && name != "revoke-pending" {
				t.Errorf("%s, request %d: the exit code is %d, ended %q", name, n, o.code, o.report.Ended)
			}
			b.ApproveRevocations()
			if left := b.left(); len(left) > 0 {
				t.Errorf("%s, request %d: left %v\n%s", name, n, left, o.stdout)
			}
			b.Close()
			if !reached {
				break
			}
			interrupted++
		}
	}
	acctest.Proves(t, "%d interruptions of the probe, one at each request: no token left", interrupted)
}

// TestAServerThatBreaksOffAtRandom fails calls at random in all ways that the simulator supports. The probe ends, and names each token
// that is left.
func TestAServerThatBreaksOffAtRandom(t *testing.T) {
	runs, failed, seeds := 0, 0, uint64(60)
	if acctest.RaceDetector {
		seeds = 5
	}
	for _, often := range []float64{0.05, 0.2, 0.5} {
		for seed := range seeds {
			chance := rand.New(rand.NewPCG(seed, uint64(often*100)))
			b := newBench(t, simulator.Options{}, true)
			faults := simulator.AllFaults()
			for _, op := range operations {
				for range 60 {
					fault := simulator.Fault{}
					if chance.Float64() < often {
						fault = faults[chance.IntN(len(faults))]
						if chance.IntN(2) == 0 && !deniesRenewal(op, fault) {
							fault = fault.At(simulator.After)
						}
						failed++
					}
					b.FailNext(op, fault)
				}
			}
			o := b.run(t.Context(), t, "-yes")
			for _, name := range b.left() {
				if !strings.Contains(o.stdout, strings.TrimSpace(name)+":") {
					t.Errorf("%v, seed %d: %s is left, and not named\n%s\n%s", often, seed, name, o.stdout, o.stderr)
				}
			}
			if len(b.left()) > 0 && (o.code != exitFailed || o.report.Removed) {
				t.Errorf("%v, seed %d: tokens are left, and the exit code is %d", often, seed, o.code)
			}
			runs++
			b.Close()
		}
	}
	acctest.Proves(t, "%d runs of the probe against a server that breaks off at random: each token that is left is named", runs)
	if failed < runs {
		t.Errorf("only %d faults", failed)
	}
}

// TestEachFaultOfEachCall fails one of the first three calls of each operation in each way.
func TestEachFaultOfEachCall(t *testing.T) {
	cells, number := 0, 0
	for _, op := range operations {
		for _, fault := range simulator.AllFaults() {
			for _, when := range []simulator.When{simulator.Before, simulator.After} {
				for before := range 3 {
					if number++; !acctest.Takes(number) || when == simulator.After && deniesRenewal(op, fault) {
						continue
					}
					cells++
					b := newBench(t, simulator.Options{}, true)
					b.FailNext(op, append(make([]simulator.Fault, before), fault.At(when))...)
					o := b.run(t.Context(), t, "-yes")
					if left := b.left(); len(left) > 0 {
						t.Errorf("%s %d, %s: left %v\n%s", op, before, fault.At(when), left, o.stdout)
					}
					b.Close()
				}
			}
		}
	}
	acctest.Proves(t, "%d faults of the probe's calls: no token left", cells)
}

// TestReportIdentifiesNobody searches the output and the report for secrets, hosts, users and ids.
func TestReportIdentifiesNobody(t *testing.T) {
	looked := 0
	for _, name := range []string{"default", "extreme", "contrary", "text-numbers", "echo", "list-array=canaryUser", "list-array=canaryPassword", "list-array=x@canaryUser"} {
		options := simulator.Options{Username: `CORP\canaryuser`, Password: "canaryPassword"}
		if name != "echo" {
			var err error
			if options.Dialect, err = simulator.ParseDialect(name); err != nil {
				t.Fatal(err)
			}
		}
		b := newBench(t, options, true)
		if name == "echo" {
			for _, op := range operations[1:] {
				if op != simulator.OpLogin {
					b.FailNext(op, make([]simulator.Fault, 2)...)
					b.FailNext(op, simulator.NewFault(simulator.Echo), simulator.NewFault(simulator.Echo))
				}
			}
		}
		o := b.run(t.Context(), t, "-yes", "-destructive")
		canaries := []string{"canaryuser", "canaryPassword", "127.0.0.1", strings.TrimPrefix(b.URL(), "http://127.0.0.1:")}
		ids := map[string]bool{fmt.Sprint(b.UserID()): true}
		for _, token := range b.foreign {
			canaries = append(canaries, token.Name, token.AccessToken, token.RefreshToken)
		}
		for _, r := range b.Journal() {
			if r.TokenID != 0 {
				ids[fmt.Sprint(r.TokenID)] = true
			}
			for _, header := range []string{"Authtoken", "Authorization"} {
				for value := range strings.FieldsSeq(r.Header.Get(header)) {
					if len(value) > 20 {
						canaries = append(canaries, value)
					}
				}
			}
		}
		text := o.stdout + o.stderr + o.text
		for _, canary := range canaries {
			if strings.Contains(strings.ToLower(text), strings.ToLower(canary)) {
				t.Errorf("%s: it tells %q", name, canary)
			}
			looked++
		}
		for id := range ids {
			if regexp.MustCompile(`\b` + id + `\b`).MatchString(text) {
				t.Errorf("%s: it tells the id %s", name, id)
			}
			looked++
		}
	}
	acctest.Proves(t, "%d secrets, hosts, users and ids: none in the output or the report of the probe", looked)
}

// TestALimitOfWritesIsWaitedFor accepts a few writes per minute.
func TestALimitOfWritesIsWaitedFor(t *testing.T) {
	for name, limit := range map[string]simulator.RateLimit{
		"period":  {Writes: 3, Period: time.Minute},
		"seconds": {Writes: 4, Period: time.Minute, RetryAfter: true},
		"date":    {Writes: 4, Period: time.Minute, RetryAfter: true, RetryDate: true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, simulator.Options{RateLimit: limit}, true)
			o := b.run(t.Context(), t, "-yes")
			if left := b.left(); len(left) > 0 || o.report.Dialect != "default" {
				t.Errorf("left %v, dialect %s\n%s", left, o.report.Dialect, o.stdout)
			}
			if a := o.answer(t, "rate-limit"); a.Answer == "none was seen" {
				t.Errorf("the limit is not told")
			}
		})
	}
}

// TestALimitThatOutlastsTheProbe asks for a wait of an hour, which the probe refuses.
func TestALimitThatOutlastsTheProbe(t *testing.T) {
	for writes := 1; writes < 30; writes++ {
		b := newBench(t, simulator.Options{RateLimit: simulator.RateLimit{Writes: writes}}, true)
		o := b.run(t.Context(), t, "-yes")
		if o.code != exitFailed {
			t.Errorf("%d writes: exit code %d", writes, o.code)
		}
		if took := b.clock.Now().Sub(start); took > 10*time.Minute {
			t.Errorf("%d writes: it waited %s", writes, took)
		}
		for _, left := range b.left() {
			if !strings.Contains(o.stdout, strings.TrimSpace(left)+":") {
				t.Errorf("%d writes: %s is left, and not named", writes, left)
			}
		}
		b.Close()
	}
}

// TestALostCreateIsNamedWithoutAList loses the response to a create of a server without a list.
func TestALostCreateIsNamedWithoutAList(t *testing.T) {
	for before := range 3 {
		b := newBench(t, simulator.Options{Dialect: simulator.Dialect{NoList: true}}, true)
		b.FailNext(simulator.OpCreate, append(make([]simulator.Fault, before), simulator.NewFault(simulator.Reset).At(simulator.After))...)
		o := b.run(t.Context(), t, "-yes")
		for _, left := range b.left() {
			if !strings.Contains(o.stdout, left+": the answer to its creation was lost") {
				t.Errorf("create %d: %s is left, and not named\n%s", before, left, o.stdout)
			}
		}
		if len(b.left()) != 1 || o.code != exitFailed {
			t.Errorf("create %d: left %v, exit code %d", before, b.left(), o.code)
		}
		b.Close()
	}
}
