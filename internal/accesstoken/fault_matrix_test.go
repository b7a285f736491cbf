// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// cell is one case of the fault matrix: an operation that fails in one way.
type cell struct {
	operation simulator.Operation
	fault     simulator.Fault
	number    int // of the fault: before or after the operation took effect
	// times is the number of consecutive failures: one, so that a retry succeeds, or enough for a full apply.
	times int
}

func (c cell) String() string { return fmt.Sprintf("%s/%s/%dx", c.operation, c.fault, c.times) }

// scenarios are the actions of the user during which the operation fails.
var scenarios = map[simulator.Operation]func(*matrix){
	simulator.OpLogin:  (*matrix).create,
	simulator.OpList:   (*matrix).createBesideAnother,
	simulator.OpCreate: (*matrix).create,
	simulator.OpUpdate: (*matrix).update,
	simulator.OpRevoke: (*matrix).revoke,
}

// TestFaultMatrix makes every operation fail in every way, before and after it took effect, once and throughout an apply. In each of
// the other dialects, every operation and every fault occurs. After each run, every token on the server is in the state or named in an
// error, and no secret is shown. After another apply without faults, everything matches the configuration, unless an error states what
// the user has to do.
func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	var cells atomic.Int64
	t.Run("dialect", func(t *testing.T) {
		operations := slices.Sorted(maps.Keys(scenarios))
		for d, dialect := range variants(alikeWithoutRenewals) {
			t.Run(dialect.Name, func(t *testing.T) {
				t.Parallel()
				for i, c := range allCells() {
					if !acctest.Takes(i) || !paired(d, slices.Index(operations, c.operation), len(operations), c) {
						continue
					}
					cells.Add(1)
					t.Run(c.String(), func(t *testing.T) { newMatrix(t, dialect.Dialect, c).run() })
				}
			})
		}
	})
	acctest.Proves(t, "%d cells of the fault matrix, in %d dialects", cells.Load(), len(variants(alikeWithoutRenewals)))
	if cells.Load() < 80 && !acctest.Sampled() {
		t.Errorf("the fault matrix has %d cells, want at least 80", cells.Load())
	}
}

func allCells() []cell {
	var cells []cell
	for operation := range scenarios {
		for number, fault := range simulator.AllFaults() {
			if fault.Kind == simulator.NoSecret && operation != simulator.OpCreate && operation != simulator.OpUpdate {
				continue // other responses contain no secret that could be missing
			}
			for _, when := range []simulator.When{simulator.Before, simulator.After} {
				for _, times := range []int{1, 20} {
					cells = append(cells, cell{operation, fault.At(when), number, times})
				}
			}
		}
	}
	slices.SortFunc(cells, func(a, b cell) int { return strings.Compare(a.String(), b.String()) })
	return cells
}

// matrix is one cell under test.
type matrix struct {
	*testing.T
	cell
	dialect simulator.Dialect
	ctx     context.Context
	log     acctest.Log
	env     *acctest.Env
	token   *acctest.Instance
}

func newMatrix(t *testing.T, dialect simulator.Dialect, c cell) *matrix {
	m := &matrix{T: t, cell: c, dialect: dialect, env: acctest.NewOverHTTP(t, simulator.Options{Dialect: dialect})}
	m.ctx = m.log.Context(t.Context())
	m.token = m.env.Plain(t)
	m.token.Provider["max_retries"] = 1
	return m
}

func (m *matrix) run() {
	scenarios[m.operation](m)
	if leaks := m.env.Leaks(m.log.String()); len(leaks) > 0 {
		m.Errorf("the log shows %v", leaks)
	}
	if !strings.Contains(m.log.String(), "/V4/AccessToken") {
		m.Error("the log shows no calls: nothing was captured")
	}
}

// withFaults applies while the operation fails, and checks the invariants.
func (m *matrix) withFaults(arguments acctest.Arguments) {
	m.Helper()
	m.env.FailNext(m.operation, slices.Repeat([]simulator.Fault{m.fault}, m.times)...)
	run := m.token.Apply(m.ctx, arguments)
	m.env.ClearFaults()
	m.invariants(run, arguments)
}

func (m *matrix) invariants(run acctest.Run, arguments acctest.Arguments) {
	m.Helper()
	said := run.Errors() + run.Warnings()
	if leaks := m.env.Leaks(said); len(leaks) > 0 {
		m.Errorf("a message shows %v: %s", leaks, said)
	}
	for _, token := range m.env.Tokens() {
		if token.Name == bystander {
			continue
		}
		held := m.token.State != nil && m.token.ID() == token.ID
		if !held && !strings.Contains(said, fmt.Sprintf("id %d", token.ID)) && !m.saysUnknown(run, arguments) {
			m.Errorf("the token %d is on the server, and neither in the state nor named: %s", token.ID, said)
		}
	}
	if m.token.State != nil && !m.token.Tainted && m.token.Text("access_token") == "" {
		m.Error("a token without a secret is in the state and not tainted")
	}
}

// saysUnknown reports whether the error states, with the token's name, that its existence is unknown.
func (m *matrix) saysUnknown(run acctest.Run, arguments acctest.Arguments) bool {
	return strings.Contains(run.Errors(), "Unknown whether the access token was created") &&
		strings.Contains(run.Errors(), fmt.Sprintf("%q", arguments["name"]))
}

// converges applies once more, without faults. If another token has the name, the error must name that token again, because only the
// user can determine its owner.
func (m *matrix) converges(arguments acctest.Arguments) {
	m.Helper()
	run := m.applyAndApprove(arguments)
	m.invariants(run, arguments)
	if run.Failed() {
		if m.token.State == nil && strings.Contains(run.Errors(), "Name of the access token is taken") {
			return
		}
		if strings.Contains(run.Errors(), "issued new secrets") { // expected in the dialect that issues new secrets
			m.env.Works(m.token.Text("access_token"))
			return
		}
		m.Fatalf("one more apply fails: %s", run.Errors())
	}
	token, found := m.env.Token(m.token.ID())
	if !found {
		m.Fatal("the token in the state is not on the server")
	}
	if token.Name != arguments["name"] {
		m.Error("the token in the state is not as it is on the server")
	}
	sameSecrets := token.AccessToken == m.token.Text("access_token") && token.RefreshToken == m.token.Text("refresh_token")
	if !sameSecrets && !m.secretsLostWithAnswer() {
		m.Error("the secrets in the state are not those that the server has")
	}
	if m.token.Apply(m.ctx, arguments).Action != acctest.Noop {
		m.Error("a second plan is not empty")
	}
}

// applyAndApprove applies until no revocation awaits approval. If an empty list proves nothing, the revocation has to be requested
// again a day later.
func (m *matrix) applyAndApprove(arguments acctest.Arguments) acctest.Run {
	m.Helper()
	run := m.token.Apply(m.ctx, arguments)
	for _, passes := range []time.Duration{0, 25 * time.Hour} {
		if strings.Contains(run.Errors(), "Revocation of the access token is pending") {
			m.env.ApproveRevocations()
			m.env.Clock.Advance(passes)
			run = m.token.Apply(m.ctx, arguments)
		}
	}
	return run
}

// secretsLostWithAnswer reports whether the server issues new secrets with every update and the response was lost or contains only the
// id. Nobody has these secrets. The error of an update whose response was lost mentions this possibility.
func (m *matrix) secretsLostWithAnswer() bool {
	return m.operation == simulator.OpUpdate && (m.fault.When == simulator.After || m.dialect.UpdateIDOnly) &&
		m.dialect.UpdateSecrets == simulator.UpdateRepeatsNew
}

func (m *matrix) create() {
	arguments := acctest.Arguments{"name": "ours"}
	m.withFaults(arguments)
	m.converges(arguments)
}

// bystander is a token that must stay unchanged.
const bystander = "bystander"

func (m *matrix) createBesideAnother() {
	other := elsewhere(m.T, m.env, simulator.Token{Name: bystander})
	m.create()
	if now, there := m.env.Token(other.ID); !there || now.AccessToken != other.AccessToken {
		m.Error("somebody else's token was touched")
	}
}

func (m *matrix) update() {
	m.token.MustApply(m.ctx, acctest.Create, acctest.Arguments{"name": "before"})
	arguments := acctest.Arguments{"name": "after"}
	m.withFaults(arguments)
	if m.token.State == nil {
		m.Fatal("a failed update lost the state")
	}
	m.converges(arguments)
}

func (m *matrix) revoke() {
	m.token.MustApply(m.ctx, acctest.Create, acctest.Arguments{"name": "leaving"})
	m.withFaults(nil)
	if run := m.applyAndApprove(nil); run.Failed() {
		m.Fatalf("one more destroy fails: %s", run.Errors())
	}
	if left := m.env.Tokens(); m.token.State != nil || len(left) > 0 {
		m.Errorf("%d tokens are left on the server, and the state is %v", len(left), m.token.State)
	}
}
