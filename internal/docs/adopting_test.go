// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

const adopting = examples + "/adopting"

// adoption is the example that brings existing tokens under Terraform.
type adoption struct {
	*workspace
	// before are the tokens as they were, by name.
	before map[string]simulator.Token
}

// adoptedSlots are the tokens that become slots in the example.
var adoptedSlots = []string{"azure-scim", "backup-nightly", "reports"}

// newAdoption adds thirty tokens of all types, some of them limited to addresses.
func newAdoption(t *testing.T) *adoption {
	t.Helper()
	files, err := readFiles(adopting)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range files {
		pieces, err := parseAll(step)
		if err != nil {
			t.Fatal(err)
		}
		if lacking := releaseOf(t, acctest.NewCLI(t, "")).lacks(pieces["main.tf"].needs()); lacking != "" {
			t.Skip(lacksError{lacking})
		}
	}
	testEnv := acctest.New(t, simulator.Options{Dialect: simulator.Dialect{OldAccessLives: true}})
	tokens := []simulator.Token{
		{Name: adoptedSlots[0], Type: simulator.TypeSCIM},
		{Name: adoptedSlots[1], Type: simulator.TypeCustom, APIEndpoints: []string{"/Job", "/v4/servers"}, AllowedIPs: []string{"10.20.0.0/16"}},
		{Name: adoptedSlots[2], Type: simulator.TypeAll},
	}
	types := []string{simulator.TypeAll, simulator.TypeCustom, simulator.TypeSCIM, simulator.TypeOneTouch, simulator.TypeHyperscale}
	for i := range 30 - len(tokens) {
		token := simulator.Token{Name: fmt.Sprintf("Team %d: \"ci\"", i), Type: types[i%len(types)]}
		if token.Type == simulator.TypeCustom {
			token.APIEndpoints = []string{fmt.Sprintf("/Client/%d", i)}
		}
		if i%4 == 0 {
			token.AllowedIPs = []string{"192.0.2.1", "2001:db8::/32"}
		}
		tokens = append(tokens, token)
	}
	a := &adoption{before: map[string]simulator.Token{}}
	for _, token := range tokens {
		added, err := testEnv.AddToken(token)
		if err != nil {
			t.Fatal(err)
		}
		a.before[added.Name] = added
	}
	a.workspace = newTimedWorkspace(t, testEnv, adopting+"/1-find", nil)
	return a
}

// step replaces the configuration with that of a step.
func (a *adoption) step(name string) {
	a.t.Helper()
	text, err := os.ReadFile(filepath.Join(adopting, name, "main.tf"))
	if err != nil {
		a.t.Fatal(err)
	}
	write(a.t, a.dir, "main.tf", string(text))
}

// planned checks the summary of the next plan, as the example's page shows it.
func (a *adoption) planned(want string) {
	a.t.Helper()
	page, err := os.ReadFile(adopting + "/README.md")
	if err != nil {
		a.t.Fatal(err)
	}
	if !strings.Contains(string(page), want) {
		a.t.Errorf("the page does not show %q", want)
	}
	if said := a.run("plan", "-no-color", "-input=false").Text; !strings.Contains(said, want) {
		a.t.Errorf("the plan says %s, want %q", said, want)
	}
}

// unchanged checks that the tokens on the server have not changed, except the given ones.
func (a *adoption) unchanged(but ...string) {
	a.t.Helper()
	now := map[string]simulator.Token{}
	for _, token := range a.testEnv.Tokens() {
		now[token.Name] = token
	}
	for name, before := range a.before {
		if strings.Contains(strings.Join(but, "\n"), name) {
			continue
		}
		if !reflect.DeepEqual(now[name], before) {
			a.t.Errorf("the token %q is %+v, was %+v", name, now[name], before)
		}
	}
}

// wrote checks how often tokens were created and revoked, and that none was changed or renewed.
func (a *adoption) wrote(creates, revocations int) {
	a.t.Helper()
	want := fmt.Sprint(creates, 0, revocations)
	got := fmt.Sprint(a.testEnv.Count(simulator.OpCreate), a.testEnv.Count(simulator.OpUpdate), a.testEnv.Count(simulator.OpRevoke))
	if got != want || a.testEnv.Count(simulator.OpRenew) > 0 {
		a.t.Errorf("%s creates, updates and revocations, want %s; %d renewals", got, want, a.testEnv.Count(simulator.OpRenew))
	}
}

// TestAccAdopting follows the page of the example. It proves that the import changes nothing on the server, that only the slots get
// new tokens, and that the old secrets work for their consumers during the overlap.
func TestAccAdopting(t *testing.T) {
	t.Parallel()
	a := newAdoption(t)
	if err := a.steps([]string{"init", "apply"}); err != nil {
		t.Fatal(err)
	}
	write(t, a.dir, "tokens.auto.tfvars.json", a.output("tokens"))

	a.step("2-import")
	a.planned("Plan: 30 to import, 0 to add, 0 to change, 0 to destroy.")
	if err := a.steps([]string{"apply", "plan"}); err != nil { // the plan is empty
		t.Fatal(err)
	}
	a.unchanged()
	a.wrote(0, 0)

	a.step("3-slots")
	a.planned("Plan: 0 to add, 3 to change, 0 to destroy.")
	if err := a.steps([]string{"apply", "plan"}); err != nil {
		t.Fatal(err)
	}
	a.unchanged()
	a.wrote(3, 0)

	consumers := a.consumers()
	calls, refused := 0, 0
	for second := range 24 * 60 * 60 {
		a.testEnv.Clock.Advance(time.Second)
		for _, c := range consumers {
			c.renewAtHalfLife(a.testEnv.Clock.Now())
			if second == c.changes {
				c.change()
			}
			calls++
			if !a.testEnv.Works(c.token.AccessToken) {
				refused++
			}
		}
		if second > 0 && second%(6*60*60) == 0 { // Terraform runs by schedule
			if err := a.steps([]string{"apply"}); err != nil {
				t.Error(err)
			}
		}
	}
	if refused > 0 {
		t.Errorf("%d of %d calls were refused", refused, calls)
	}
	a.wrote(3, 0) // renewals by the consumers cause no diff
	if err := a.steps([]string{"apply", "plan"}); err != nil {
		t.Fatal(err)
	}
	a.unchanged(adoptedSlots...)
	a.wrote(3, 3)
	for _, name := range adoptedSlots {
		if _, there := a.testEnv.Token(a.before[name].ID); there {
			t.Errorf("the old token %s is there after its overlap", name)
		}
	}
	if got, purged := len(a.testEnv.Tokens()), a.testEnv.Purged(); got != 30 || len(purged) > 0 {
		t.Errorf("the server holds %d tokens, want 30, and purged %v", got, purged)
	}
	if err := a.leaks(); err != nil {
		t.Error(err)
	}
	acctest.Proves(t, "%d calls of %d consumers of adopted tokens within the overlap: %d refused", calls, len(consumers), refused)
}

// adoptedConsumer has the secrets of an old token, renews them, and later switches to the secrets of the slot.
type adoptedConsumer struct {
	t       *testing.T
	testEnv *acctest.Env
	token   simulator.Token
	next    simulator.Token
	changes int // after so many seconds
}

func (a *adoption) consumers() []*adoptedConsumer {
	a.t.Helper()
	var slots map[string]struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
	}
	if err := json.Unmarshal([]byte(a.cli.Must("-chdir="+a.dir, "output", "-json", "slots").Stdout), &slots); err != nil {
		a.t.Fatal(err)
	}
	var consumers []*adoptedConsumer
	for i, name := range adoptedSlots {
		c := &adoptedConsumer{t: a.t, testEnv: a.testEnv, token: a.before[name], changes: (1 + 11*i) * 60 * 60}
		for _, token := range a.testEnv.Tokens() {
			if token.AccessToken == slots[name].AccessToken && token.RefreshToken == slots[name].RefreshToken {
				c.next = token
			}
		}
		before := a.before[name]
		if c.next.ID == before.ID || c.next.Type != before.Type || !reflect.DeepEqual(c.next.APIEndpoints, before.APIEndpoints) ||
			!reflect.DeepEqual(c.next.AllowedIPs, before.AllowedIPs) {
			a.t.Errorf("the slot %s has %+v, want a new token that may do the same", name, c.next)
		}
		consumers = append(consumers, c)
	}
	return consumers
}

// renewAtHalfLife renews a token of a type that can be renewed.
func (c *adoptedConsumer) renewAtHalfLife(now time.Time) {
	if c.token.RefreshToken != "" && !now.Before(c.token.ExpiresAt.Add(-15*time.Minute)) {
		c.renew()
	}
}

func (c *adoptedConsumer) renew() {
	c.t.Helper()
	renewed, err := c.testEnv.RenewToken(c.token.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	c.token = renewed
}

// change switches to the secrets of the slot. The slot's access token has expired, so the consumer renews it before it uses it.
func (c *adoptedConsumer) change() {
	c.token = c.next
	if c.token.RefreshToken != "" {
		c.renew()
	}
}
