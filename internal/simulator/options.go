// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"cmp"
	"net/http"
	"time"
)

// Names and secrets that a Server starts with when its Options leave them empty.
const (
	DefaultBasePath = "/commandcenter/api"
	DefaultUsername = "admin"
	DefaultPassword = "Sim-Adm1n-Passw0rd.7"
)

// Options says what kind of Command Center to be. The zero value is the default one.
type Options struct {
	// Now is the only source of time; nil is time.Now. The server's clock is Dialect.ClockOffset ahead of it. It is called while the server's state is locked, so it must not
	// call the server.
	Now func() time.Time
	// Dialect chooses among the variants where the API is not known for certain.
	Dialect Dialect
	// Lifetimes of tokens and sessions; a zero field takes the value of API.md#life-of-a-token.
	Lifetimes Lifetimes
	// BasePath is where the API begins; empty is DefaultBasePath. Matched without regard to case.
	BasePath string
	// Username and Password of the first account, an administrator; empty are DefaultUsername and DefaultPassword.
	Username, Password string
	// Accounts are created after the first one, in this order.
	Accounts []Account
	// Names are further host names and IP addresses that the certificate holds for. The first of them is the host of
	// Server.URL: where clients on other machines or in other containers reach the server.
	Names []string
	// RateLimit is how many requests are let through; the zero value sets no limit.
	RateLimit RateLimit
	// Log, if set, is called once per request when its answer is known, with status 0 for none. It must not block.
	Log func(method, path string, status int)
}

// Lifetimes of what the server hands out. A zero field takes the default that its comment gives.
type Lifetimes struct {
	Access        time.Duration // of an access token that can be renewed: 30 minutes
	RefreshWindow time.Duration // how long after that expiry it can still be renewed: 14 days
	Renewable     time.Duration // from creation, how long it can be renewed again and again, unless asked: 90 days
	RenewableMax  time.Duration // the most that may be asked; more is cut short to it: 365 days
	SCIM          time.Duration // of an MS_SCIM token, unless asked: 30 days
	SCIMMax       time.Duration // the most that may be asked; more is cut short to it: 365 days
	OneTouch      time.Duration // of a OneTouch token, unless asked: 7 days
	OneTouchMax   time.Duration // the most that may be asked; more is cut short to it: 14 days
	Session       time.Duration // of a login session, from the login: 30 minutes (assumed)
	Approval      time.Duration // from a DELETE under Dialect.RevokePending to its effect: 0 waits for Server.ApproveRevocations
}

const day = 24 * time.Hour

// withDefaults fills the zero fields. API.md#life-of-a-token (docs).
func (l Lifetimes) withDefaults() Lifetimes {
	return Lifetimes{
		Access:        cmp.Or(l.Access, 30*time.Minute),
		RefreshWindow: cmp.Or(l.RefreshWindow, 14*day),
		Renewable:     cmp.Or(l.Renewable, 90*day),
		RenewableMax:  cmp.Or(l.RenewableMax, 365*day),
		SCIM:          cmp.Or(l.SCIM, 30*day),
		SCIMMax:       cmp.Or(l.SCIMMax, 365*day),
		OneTouch:      cmp.Or(l.OneTouch, 7*day),
		OneTouchMax:   cmp.Or(l.OneTouchMax, 14*day),
		Session:       cmp.Or(l.Session, 30*time.Minute),
		Approval:      l.Approval,
	}
}

// RateLimit is how many requests the server lets through in each Period; it answers the others 429.
// API.md#rate-limits (docs): SaaS allows about 100 writes and 1,000 reads an hour.
type RateLimit struct {
	Writes, Reads int           // zero: no limit; a write is any request but GET and HEAD (assumed)
	Period        time.Duration // zero: an hour
	// RetryAfter makes the answer say when to come back (Retry-After, in seconds) instead of what the limit is
	// (X-RateLimit-Limit and X-RateLimit-Period, the latter in seconds).
	RetryAfter bool
	// RetryDate makes Retry-After a date by the server's clock; only with RetryAfter.
	RetryDate bool
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Lifetimes = o.Lifetimes.withDefaults()
	o.BasePath = cmp.Or(o.BasePath, DefaultBasePath)
	o.Username = cmp.Or(o.Username, DefaultUsername)
	o.Password = cmp.Or(o.Password, DefaultPassword)
	o.RateLimit.Period = cmp.Or(o.RateLimit.Period, time.Hour)
	o.Dialect.ListArray = cmp.Or(o.Dialect.ListArray, "accessTokens")
	o.Dialect.NoListStatus = cmp.Or(o.Dialect.NoListStatus, http.StatusNotFound)
	return o
}
