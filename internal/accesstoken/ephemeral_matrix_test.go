// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestEphemeralFaultMatrix makes each call of an open and a close fail in every way, before and after it took effect, once and
// throughout. An error or a warning names every token that remains on the server, and every opened token works.
func TestEphemeralFaultMatrix(t *testing.T) {
	t.Parallel()
	var cells atomic.Int64
	t.Run("cell", func(t *testing.T) {
		i := 0
		operations := []simulator.Operation{simulator.OpCreate, simulator.OpList, simulator.OpRevoke}
		for d, dialect := range variants(alikeWithoutRenewals) {
			for row, operation := range operations {
				for _, c := range slotCells(operation) {
					if i++; !acctest.Takes(i) || !paired(d, row, len(operations), c) {
						continue
					}
					cells.Add(1)
					t.Run(dialect.Name+"/"+c.String(), func(t *testing.T) {
						t.Parallel()
						testEphemeralCell(t, dialect.Dialect, c)
					})
				}
			}
		}
	})
	acctest.Proves(t, "%d cells of the ephemeral token's fault matrix", cells.Load())
	if cells.Load() < 500 && !acctest.Sampled() {
		t.Errorf("the fault matrix of the ephemeral token has %d cells, want at least 500", cells.Load())
	}
}

func testEphemeralCell(t *testing.T, dialect simulator.Dialect, c cell) {
	w := acctest.NewOverHTTP(t, simulator.Options{Dialect: dialect})
	var log acctest.Log
	ctx := log.Context(t.Context())
	provider := w.LoginArguments()
	provider["max_retries"] = 1
	process := w.Start(ctx, t, provider)
	w.FailNext(c.operation, slices.Repeat([]simulator.Fault{c.fault}, c.times)...)
	opened, said := process.Open(ctx, nil)
	if opened != nil {
		var secret string
		if err := opened.Values["access_token"].As(&secret); err != nil || !w.Works(secret) {
			t.Errorf("what was opened does not work: %v", err)
		}
		if strings.Contains(string(opened.Private), simulator.AccessPrefix) {
			t.Error("a secret is kept between open and close")
		}
		more := process.Close(ctx, opened)
		if more.Failed() {
			t.Errorf("a close that fails is more than a warning: %s", more.Errors())
		}
		said = append(said, more...)
	} else if !said.Failed() {
		t.Error("nothing was opened, and there is no error")
	}
	text := said.Errors() + said.Warnings()
	if leaks := w.Leaks(text + log.String()); len(leaks) > 0 {
		t.Errorf("a message or the log shows %v", leaks)
	}
	for _, token := range w.Tokens() {
		if !strings.Contains(text, fmt.Sprintf("%q", token.Name)) {
			t.Errorf("the token %d is left and not named: %s", token.ID, text)
		}
	}
	w.ClearFaults()
}

// TestEphemeralRecoversFromALostAnswer verifies that the orphaned token is revoked by its own id, and that the create is sent once
// more.
func TestEphemeralRecoversFromALostAnswer(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{})
	process := w.Start(t.Context(), t, w.LoginArguments())
	w.FailNext(simulator.OpCreate, simulator.NewFault(simulator.Reset).At(simulator.After))
	opened, said := process.Open(t.Context(), nil)
	if said.Failed() {
		t.Fatal(said.Errors())
	}
	var id string
	if err := opened.Values["id"].As(&id); err != nil || id != "1002" {
		t.Errorf("the token %s was opened, want the second, 1002", id)
	}
	if left := w.Tokens(); len(left) != 1 || left[0].ID != 1002 {
		t.Errorf("%d tokens are there, want the second only", len(left))
	}
	process.Close(t.Context(), opened)
	if left := w.Tokens(); len(left) > 0 {
		t.Errorf("%d tokens are left", len(left))
	}
}
