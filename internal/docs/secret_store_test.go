// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

const secretStoreExample = examples + "/secret-store"

// storeRecipe is the example of a secret store: Terraform runs on a schedule, a renewer renews the pair in the store, and consumers
// call once a second with the token in the store.
type storeRecipe struct {
	*workspace
	store   *secretStore
	renewer *storeRenewer
	// cached is what the second consumer read last, which keeps it for cachedFor.
	cached string
	// calls and refused are those of the consumer that reads the store at each call, cachedCalls and cachedRefused those of the
	// second one.
	calls, refused, cachedCalls, cachedRefused int
}

// cachedFor is the longest time for which a consumer may keep what it reads. The renewer renews at half of the 30 minutes.
const cachedFor = 10 * time.Minute

func newStoreRecipe(t *testing.T, testEnv *acctest.Env) *storeRecipe {
	t.Helper()
	files, err := readFiles(secretStoreExample)
	if err != nil {
		t.Fatal(err)
	}
	pieces, err := parseAll(files["."])
	if err != nil {
		t.Fatal(err)
	}
	others := otherProviders(pieces["main.tf"])
	if lacking := releaseOf(t, acctest.NewCLI(t, "")).lacks(pieces["main.tf"].needs()); lacking != "" {
		t.Skip(lacksError{lacking})
	}
	store := newSecretStore(t)
	vault := others["hashicorp/vault"]
	vault.Store, vault.Version = store.url, "5.0.0"
	r := &storeRecipe{
		workspace: newTimedWorkspace(t, testEnv, secretStoreExample, others), store: store, renewer: newStoreRenewer(t, testEnv, store),
	}
	if err := r.steps([]string{"init"}); err != nil {
		t.Fatal(err)
	}
	return r
}

// second lets a second pass: the renewer looks at the store, then between runs, if given, and then the consumers call.
func (r *storeRecipe) second(between func()) {
	r.testEnv.Clock.Advance(time.Second)
	r.renewer.step()
	if between != nil {
		between()
	}
	pair, _ := r.store.read()
	r.calls++
	if !r.testEnv.Works(pair.AccessToken) {
		r.refused++
	}
	if r.calls%int(cachedFor/time.Second) == 1 {
		r.cached = pair.AccessToken
	}
	r.cachedCalls++
	if !r.testEnv.Works(r.cached) {
		r.cachedRefused++
	}
}

// TestAccSecretStore verifies that Terraform and a renewer do not conflict over a secret store. Terraform runs every 20 minutes for
// seven simulated hours, and once more ten minutes after a failed run. It proves that no call uses an expired token, that Terraform
// writes exactly once per token and never over a pair that was renewed, and that no pair is sent twice. At some rotations the renewer
// has just renewed the old token, and its write back comes too late.
//
// Claim: "never writes over a pair that was renewed since"
func TestAccSecretStore(t *testing.T) {
	t.Parallel()
	eachAnswerToRenewals(t, func(t *testing.T, testEnv *acctest.Env, oldLives bool) {
		r := newStoreRecipe(t, testEnv)
		failing := map[int]func(){
			80:  func() { testEnv.FailNext(simulator.OpLogin, simulator.NewFault(simulator.HTML403)) },
			260: r.store.seal,
		}
		run := func(minute int) {
			if fail := failing[minute]; fail != nil {
				fail()
			}
			if err := r.steps([]string{"apply"}); (err != nil) != (failing[minute] != nil) {
				t.Fatalf("minute %d: %v", minute, err)
			}
			testEnv.ClearFaults()
			r.store.unseal()
		}
		run(0)
		for second := 1; second <= 7*60*60; second++ {
			minute := second / 60
			due := second%60 == 0 && (minute%20 == 0 || failing[minute-10] != nil)
			if due {
				r.second(func() { run(minute) })
			} else {
				r.second(nil)
			}
		}
		r.report(oldLives)
	})
}

// report checks and prints the results of the recipe.
func (r *storeRecipe) report(oldLives bool) {
	t := r.t
	t.Helper()
	issued, writes, renewals, late := r.testEnv.Count(simulator.OpCreate), r.store.writes, r.renewer.renewals, r.renewer.late
	if issued < 4 || writes != issued {
		t.Errorf("Terraform wrote %d pairs, want one for each of the %d tokens", writes, issued)
	}
	if late == 0 || late >= issued-1 {
		t.Errorf("%d of %d rotations came between a renewal and its write back, want some", late, issued-1)
	}
	seen := map[string]bool{}
	for _, body := range r.testEnv.Bodies(simulator.OpRenew) {
		if seen[body] {
			t.Error("a pair was sent twice")
		}
		seen[body] = true
	}
	if purged := r.testEnv.Purged(); len(purged) > 0 || len(seen) != renewals {
		t.Errorf("the server purged %v, and %d pairs were sent for %d renewals", purged, len(seen), renewals)
	}
	answer, allowed := "lives", 0
	if !oldLives {
		answer = "dies"
		// A renewal whose write back comes too late meets nobody: the store has the next token already.
		allowed = (renewals - late) * int(writeBack/time.Second)
	}
	if r.refused != allowed {
		t.Errorf("%d of %d calls were refused, want %d", r.refused, r.calls, allowed)
	}
	if oldLives && r.cachedRefused > 0 {
		t.Errorf("%d of %d calls of a consumer that reads each %s were refused", r.cachedRefused, r.cachedCalls, cachedFor)
	}
	if err := r.leaks(); err != nil {
		t.Error(err)
	}
	acctest.Proves(t, "%d calls of the recipe secret-store where the old access token %s, with %d tokens, %d writes by Terraform, "+
		"%d renewals and %d write backs that came too late: %d refused", r.calls, answer, issued, writes, renewals, late, r.refused)
	if oldLives {
		acctest.Proves(t, "%d calls of a consumer of the recipe secret-store that reads each %s: %d refused",
			r.cachedCalls, cachedFor, r.cachedRefused)
	}
}

// TestAccSecretStoreState guards that neither the state nor a plan holds the pair twice, and that what the renewer writes back never
// comes near them.
func TestAccSecretStoreState(t *testing.T) {
	t.Parallel()
	testEnv := acctest.New(t, simulator.Options{Dialect: simulator.Dialect{OldAccessLives: true}, Lifetimes: recipeLives})
	r := newStoreRecipe(t, testEnv)
	if err := r.steps([]string{"apply"}); err != nil {
		t.Fatal(err)
	}
	first, _ := r.store.read()
	for range 20 * 60 {
		r.second(nil)
	}
	if err := r.steps([]string{"plan", "apply"}); err != nil { // the plan is empty
		t.Fatal(err)
	}
	state, err := os.ReadFile(filepath.Join(r.dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	renewed, _ := r.store.read()
	for secret, want := range map[string]int{first.RefreshToken: 1, renewed.RefreshToken: 0} {
		if got := strings.Count(string(state), secret); got != want {
			t.Errorf("the state has a refresh token %d times, want %d", got, want)
		}
	}
}

// TestAccSecretStoreLostRenewal guards that a renewer that is killed between a renewal and its write back never sends the pair
// again, and that another rotation by Terraform gives the consumers a working token before the old one ends.
func TestAccSecretStoreLostRenewal(t *testing.T) {
	t.Parallel()
	testEnv := acctest.New(t, simulator.Options{Dialect: simulator.Dialect{OldAccessLives: true}, Lifetimes: recipeLives})
	r := newStoreRecipe(t, testEnv)
	if err := r.steps([]string{"apply"}); err != nil {
		t.Fatal(err)
	}
	for r.renewer.renewals == 0 {
		r.second(nil)
	}
	r.renewer = newStoreRenewer(t, testEnv, r.store) // the first one is killed
	for second := range 2 * 60 * 60 {
		if second == 10*60 { // somebody reads the renewer's message
			r.cli.Setenv("TF_VAR_rotation", "lost renewal")
			r.second(func() {
				if !r.renewer.stopped || r.renewer.renewals > 0 {
					t.Errorf("the renewer goes on after a renewal whose outcome is unknown: %+v", r.renewer)
				}
				if err := r.steps([]string{"apply"}); err != nil {
					t.Fatal(err)
				}
			})
		} else {
			r.second(nil)
		}
	}
	if purged := testEnv.Purged(); len(purged) > 0 || r.refused > 0 || r.store.writes != 2 || r.renewer.renewals == 0 {
		t.Errorf("purged %v, refused %d of %d, %d writes, %d renewals", purged, r.refused, r.calls, r.store.writes, r.renewer.renewals)
	}
	acctest.Proves(t, "%d calls of the recipe secret-store with a renewer that was killed before its write back: %d refused", r.calls, r.refused)
}

// TestSecretStoreReadme verifies that the page has the numbers that the tests use.
func TestSecretStoreReadme(t *testing.T) {
	page, err := os.ReadFile(secretStoreExample + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{fmt.Sprintf("%d minutes", int(cachedFor.Minutes())), "30 minutes"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}
