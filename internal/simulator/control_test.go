// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestAddTokenSetsZeroFields(t *testing.T) {
	b := newBench(t, simulator.Options{})
	made, err := b.AddToken(simulator.Token{Name: "x", Type: "DEFAULT"})
	if err != nil {
		t.Fatal(err)
	}
	same := b.create(`{"tokenName":"y"}`)
	if made.Type != "ALL" || made.UserID != b.UserID() || !made.ExpiresAt.Equal(same.ExpiresAt) ||
		!made.RefreshExpiresAt.Equal(same.RefreshExpiresAt) || !made.RenewableUntil.Equal(same.RenewableUntil) ||
		!made.CreatedAt.Equal(same.CreatedAt) {
		t.Errorf("added %+v, want it like %+v", made, same)
	}
	if got, _ := b.Token(made.ID); !reflect.DeepEqual(got, made) {
		t.Errorf("the server has %+v, AddToken said %+v", got, made)
	}
	b.as(made.AccessToken, "GET", "/Client", "").ok()
	b.renew(pairOf(made)).ok()

	scim, err := b.AddToken(simulator.Token{Name: "z", Type: "MS_SCIM"})
	if err != nil || scim.RefreshToken != "" || !scim.ExpiresAt.Equal(at(30*day)) || !scim.RefreshExpiresAt.IsZero() {
		t.Errorf("added %+v, error %v", scim, err)
	}
}

func TestAddTokenKeepsGivenFields(t *testing.T) {
	b := newBench(t, simulator.Options{})
	user := b.AddUser("bot", "pw")
	given := simulator.Token{
		Name: "x", Type: "CUSTOM", UserID: user, APIEndpoints: []string{"/a"}, AllowedIPs: []string{"::1"},
		AccessToken: "own-access", RefreshToken: "own-refresh", CreatedAt: at(-20 * day), ExpiresAt: at(-time.Hour),
		RefreshExpiresAt: at(day), RenewableUntil: at(2 * day),
	}
	made, err := b.AddToken(given)
	if err != nil {
		t.Fatal(err)
	}
	given.ID = made.ID
	if !reflect.DeepEqual(made, given) {
		t.Errorf("added %+v, want %+v", made, given)
	}
	made.APIEndpoints[0] = "/b"
	given.AllowedIPs[0] = "::2"
	if got, _ := b.Token(made.ID); got.APIEndpoints[0] != "/a" || got.AllowedIPs[0] != "::1" {
		t.Error("the server shares memory with its callers")
	}
	b.renew(pairOf(made)).ok()
}

func TestAddTokenRefusesInvalidTokens(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.create(`{"tokenName":"x"}`)
	for want, token := range map[error]simulator.Token{
		simulator.ErrNameTaken:  {Name: "x"},
		simulator.ErrNoSuchUser: {Name: "y", UserID: 4711},
		simulator.ErrBadToken:   {Name: "y", Type: "all"},
	} {
		if _, err := b.AddToken(token); !errors.Is(err, want) {
			t.Errorf("error %v, want %v", err, want)
		}
	}
	if _, err := b.AddToken(simulator.Token{}); !errors.Is(err, simulator.ErrBadToken) {
		t.Errorf("error %v for a token without a name", err)
	}
	if len(b.Tokens()) != 1 {
		t.Error("a refused token was added")
	}
}

func TestRemoveToken(t *testing.T) {
	b := newBench(t, simulator.Options{})
	token := b.create(`{"tokenName":"x"}`)
	if !b.RemoveToken(token.ID) || b.RemoveToken(token.ID) {
		t.Error("RemoveToken must find it once")
	}
	if _, live := b.Token(token.ID); live || b.Works(token.AccessToken) || len(b.Purged()) != 0 {
		t.Error("the token lives on, or counts as purged")
	}
}

func TestRenewToken(t *testing.T) {
	b := newBench(t, simulator.Options{})
	token := b.create(`{"tokenName":"x"}`)
	scim := b.create(`{"tokenName":"y","tokenType":"MS_SCIM"}`)
	b.pass(day)
	renewed, err := b.RenewToken(token.ID)
	if err != nil || pairOf(renewed) == pairOf(token) || !renewed.ExpiresAt.Equal(at(day+30*time.Minute)) {
		t.Errorf("renewed %+v, error %v", renewed, err)
	}
	b.pass(15 * day)
	if _, err := b.RenewToken(token.ID); err == nil {
		t.Error("renewed after the window")
	}
	if _, err := b.RenewToken(scim.ID); err == nil {
		t.Error("renewed what has no refresh token")
	}
	if _, err := b.RenewToken(4711); !errors.Is(err, simulator.ErrNoSuchToken) {
		t.Errorf("error %v", err)
	}
}

func TestEditToken(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.create(`{"tokenName":"taken"}`)
	token := b.create(`{"tokenName":"x"}`)
	var leaked *simulator.Token
	err := b.EditToken(token.ID, func(t *simulator.Token) {
		t.Name, t.AllowedIPs, t.RenewableUntil = "y", []string{"::1"}, at(day)
		leaked = t
	})
	if err != nil {
		t.Fatal(err)
	}
	leaked.Name, leaked.AllowedIPs[0] = "z", "::2"
	if got, _ := b.Token(token.ID); got.Name != "y" || got.AllowedIPs[0] != "::1" || !got.RenewableUntil.Equal(at(day)) ||
		pairOf(got) != pairOf(token) || len(got.OldPairs) != 0 {
		t.Errorf("edited %+v", got)
	}
	before := b.Tokens()
	for want, change := range map[error]func(*simulator.Token){
		simulator.ErrNameTaken:  func(t *simulator.Token) { t.Name = "taken" },
		simulator.ErrBadToken:   func(t *simulator.Token) { t.ID = 7 },
		simulator.ErrNoSuchUser: func(t *simulator.Token) { t.UserID = 4711 },
	} {
		if err := b.EditToken(token.ID, change); !errors.Is(err, want) {
			t.Errorf("error %v, want %v", err, want)
		}
	}
	if err := b.EditToken(4711, func(*simulator.Token) {}); !errors.Is(err, simulator.ErrNoSuchToken) {
		t.Errorf("error %v", err)
	}
	if !reflect.DeepEqual(b.Tokens(), before) {
		t.Error("a refused edit changed something")
	}
	if err := b.EditToken(token.ID, func(t *simulator.Token) { t.AccessToken, t.RefreshToken = "a", "r" }); err != nil {
		t.Fatal(err)
	}
	b.renew(pairOf(token)).refused(200, unexpected)
}

func TestTokensAreCopies(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.create(`{"tokenName":"x","allowedIPs":["::1"]}`)
	b.create(`{"tokenName":"y"}`)
	got := b.Tokens()
	if len(got) != 2 || got[0].ID >= got[1].ID {
		t.Fatalf("tokens %+v, want two by id", got)
	}
	got[0].AllowedIPs[0] = "::2"
	if b.Tokens()[0].AllowedIPs[0] != "::1" {
		t.Error("a change of the copy changed the server")
	}
}

func TestDefaults(t *testing.T) {
	s := simulator.New(simulator.Options{})
	defer s.Close()
	if s.Username() != "admin" || s.Password() != simulator.DefaultPassword || s.UserID() == 0 {
		t.Errorf("account %q %q %d", s.Username(), s.Password(), s.UserID())
	}
	made, err := s.AddToken(simulator.Token{Name: "x"})
	if err != nil || !s.Works(made.AccessToken) {
		t.Errorf("error %v; by the machine's clock the token must work", err)
	}
	other := simulator.New(simulator.Options{Username: "root", Password: "pw"})
	defer other.Close()
	if other.Username() != "root" || other.Password() != "pw" || other.NewSession("root") == "" {
		t.Error("the account is not as asked")
	}
}

func TestRateLimits(t *testing.T) {
	for limit, want := range map[simulator.RateLimit]map[string]string{
		{}:                 {"X-RateLimit-Limit": "2", "X-RateLimit-Period": "3600", "Retry-After": ""},
		{RetryAfter: true}: {"X-RateLimit-Limit": "", "X-RateLimit-Period": "", "Retry-After": "3000"},
		{RetryAfter: true, RetryDate: true}: { // an hour after the first request by the server's clock, rounded up
			"X-RateLimit-Limit": "", "X-RateLimit-Period": "", "Retry-After": "Mon, 23 Nov 2026 17:26:43 GMT",
		},
	} {
		limit.Writes, limit.Reads, limit.Period = 2, 3, time.Hour
		b := newBench(t, simulator.Options{RateLimit: limit, Dialect: simulator.Dialect{ClockOffset: 2 * time.Hour}})
		b.create(`{"tokenName":"a"}`)
		b.pass(10*time.Minute + 500*time.Millisecond)
		b.create(`{"tokenName":"b"}`)
		r := b.admin("POST", tokens, `{"tokenName":"c"}`)
		r.refused(429, "Too many")
		for name, value := range want {
			if got := r.header.Get(name); got != value {
				t.Errorf("%s is %q, want %q", name, got, value)
			}
		}
		for range 3 { // reads are counted separately
			b.admin("GET", tokens, "").ok()
		}
		b.admin("GET", tokens, "").refused(429, "Too many")
		b.pass(49*time.Minute + 59*time.Second)
		b.admin("POST", tokens, `{"tokenName":"c"}`).refused(429, "Too many")
		b.pass(500 * time.Millisecond)
		b.create(`{"tokenName":"c"}`)
		if len(b.Tokens()) != 3 {
			t.Errorf("%d tokens, want 3", len(b.Tokens()))
		}
	}
}

func TestOneWriteASecond(t *testing.T) {
	limit := simulator.RateLimit{Writes: 1, Period: time.Second, RetryAfter: true}
	b := newBench(t, simulator.Options{RateLimit: limit})
	b.create(`{"tokenName":"a"}`)
	for range 3 {
		r := b.admin("POST", tokens, `{"tokenName":"b"}`)
		r.refused(429, "Too many")
		if got := r.header.Get("Retry-After"); got != "1" {
			t.Errorf("Retry-After is %q, want 1", got)
		}
	}
	b.pass(time.Second)
	b.create(`{"tokenName":"b"}`)
}

func TestThereIsNoLimitByDefault(t *testing.T) {
	b := newBench(t, simulator.Options{RateLimit: simulator.RateLimit{Reads: 1}})
	for range 200 {
		b.send("POST", "/Login", loginBody(b.Username(), b.Password())).ok()
	}
}
