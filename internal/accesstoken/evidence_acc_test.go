// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestAccEvidence covers with a CLI what evidence_test.go covers in every variation: a name that another run takes in the middle of a
// create, an owner that the server ignores, and a list that omits tokens.
func TestAccEvidence(t *testing.T) {
	t.Parallel()
	t.Run("name taken meanwhile", func(t *testing.T) {
		t.Parallel()
		w := acctest.New(t, simulator.Options{})
		var once sync.Once
		w.OnRequest(simulator.OpCreate, func(*http.Request) {
			once.Do(func() { _, _ = w.AddToken(simulator.Token{Name: "deploy"}) })
		})
		w.FailNext(simulator.OpCreate, simulator.NewFault(simulator.TooMany))
		config := w.Config(acctest.Token(`name = "deploy"`))
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: w.Providers(),
			Steps: []resource.TestStep{
				{Config: config, ExpectError: acctest.Says("id 1001", "Either an earlier attempt of this run created it, or somebody else did")},
				{Config: config, ExpectError: acctest.Says("Name of the access token is taken", "id 1001")},
			},
		})
		if err := w.Wrote(w.Count(simulator.OpCreate), 0, 0)(nil); err != nil || len(w.Tokens()) != 1 {
			t.Errorf("%d tokens are there; %v", len(w.Tokens()), err)
		}
	})
	t.Run("owner ignored", func(t *testing.T) {
		t.Parallel()
		w := acctest.New(t, simulator.Options{Dialect: simulator.Dialect{IgnoreUserID: true}})
		config := w.Config(acctest.Token(`name = "x"`, fmt.Sprintf("user_id = %d", service(w))))
		step := resource.TestStep{Config: config, ExpectError: acctest.Says("Command Center does not honour an argument", "userId", "revoked at once")}
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: w.Providers(), CheckDestroy: w.NothingLeft, Steps: []resource.TestStep{step, step},
		})
		if left := w.Tokens(); len(left) > 0 {
			t.Errorf("%d tokens are left", len(left))
		}
	})
	t.Run("list that leaves tokens out", func(t *testing.T) {
		t.Parallel()
		w := acctest.New(t, simulator.Options{Dialect: simulator.Dialect{PageSize: 2, PageMark: simulator.PageNext}})
		config := w.Config(acctest.NamedToken("a", `name = "a"`), acctest.NamedToken("b", `name = "b"`), acctest.NamedToken("c", `name = "c"`))
		resource.Test(t, resource.TestCase{ // the plan after each step must be empty
			ProtoV6ProviderFactories: w.Providers(), CheckDestroy: w.NothingLeft,
			Steps: []resource.TestStep{{Config: config, Check: w.Wrote(3, 0, 0)}},
		})
		if created := w.Count(simulator.OpCreate); created != 3 {
			t.Errorf("%d creates were sent, want 3", created)
		}
	})
}
