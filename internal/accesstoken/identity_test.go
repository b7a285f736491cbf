// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestIdentityNeverChanges verifies that a create sets the identity, and that reads and updates keep it. A state without an identity,
// as written by Terraform before 1.12, receives it from the first call.
func TestIdentityNeverChanges(t *testing.T) {
	t.Parallel()
	acctest.EveryDialect(t, func(t *testing.T, dialect simulator.Dialect) {
		ctx := t.Context()
		w := acctest.New(t, simulator.Options{Dialect: dialect})
		i := w.Plain(t)
		i.MustApply(ctx, acctest.Create, acctest.Arguments{"name": "ours"})
		token := w.Tokens()[0]
		wantID, wantOwner := fmt.Sprint(token.ID), token.UserID
		has := func(when string) {
			t.Helper()
			if i.Identity == nil {
				t.Fatalf("%s there is no identity", when)
			}
			if id, owner := acctest.Identity(t, i.Identity); id != wantID || owner != wantOwner {
				t.Errorf("%s the identity is %s of %d, want %s of %d", when, id, owner, wantID, wantOwner)
			}
		}
		has("after the create")
		created := i.Identity.IdentityData.MsgPack
		if said := i.Refresh(ctx, w.Start(ctx, t, i.Provider)); said.Failed() {
			t.Fatal(said.Errors())
		}
		has("after a read")
		i.Apply(ctx, acctest.Arguments{"name": "renamed"})
		has("after an update")
		if !bytes.Equal(created, i.Identity.IdentityData.MsgPack) {
			t.Error("the identity has changed")
		}
		i.Identity = nil
		if said := i.Refresh(ctx, w.Start(ctx, t, i.Provider)); said.Failed() {
			t.Fatal(said.Errors())
		}
		has("after a read that met none")
	})
}
