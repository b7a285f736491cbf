// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"cmp"
	"net/http"
	"time"
)

// These names and secrets are the defaults of Options.
const (
	DefaultBasePath = "/commandcenter/api"
	DefaultUsername = "admin"
	DefaultPassword = "Sim-Adm1n-Passw0rd.7"
)

// Options configures a Server. The zero value is the default Command Center.
type Options struct {
	// Now is the only source of time. It defaults to time.Now. The server's clock is ahead of it by Dialect.ClockOffset. Now is
	// called while the server's state is locked, so it must not call the server.
	Now func() time.Time
	// Dialect chooses among the variants where the API is not known for certain.
	Dialect Dialect
	// Lifetimes are those of tokens and sessions. Zero fields default to API.md#life-of-a-token.
	Lifetimes Lifetimes
	// BasePath is the base path of the API, compared without regard to letter case. It defaults to DefaultBasePath.
	BasePath string
	// Username and Password belong to the first account, an administrator. They default to DefaultUsername and DefaultPassword.
	Username, Password string
	// Accounts are created after the first one, in this order.
	Accounts []Account
	// Names are additional host names and IP addresses for the certificate. The first one is the host of Server.URL. Clients on
	// other machines or in other containers use it to reach the server.
	Names []string
	// RateLimit limits requests. The zero value sets no limit.
	RateLimit RateLimit
	// Log is optional. It is called once per request when its answer is known, with status 0 if there is no answer. It must not
	// block.
	Log func(method, path string, status int)
}

// Lifetimes contains the lifetimes of tokens and sessions. The comment of each field names its default.
type Lifetimes struct {
	Access        time.Duration // of a renewable access token: 30 minutes
	RefreshWindow time.Duration // time after that expiry in which it can still be renewed: 14 days
	Renewable     time.Duration // default time from the creation in which it can be renewed repeatedly: 90 days
	RenewableMax  time.Duration // maximum for that time; a longer one is shortened to it: 365 days
	SCIM          time.Duration // default for an MS_SCIM token: 30 days
	SCIMMax       time.Duration // maximum; a longer one is shortened to it: 365 days
	OneTouch      time.Duration // default for a OneTouch token: 7 days
	OneTouchMax   time.Duration // maximum; a longer one is shortened to it: 14 days
	Session       time.Duration // of a login session, from the login: 30 minutes (assumed)
	Approval      time.Duration // time from a DELETE under Dialect.RevokePending to its effect: 0 waits for Server.ApproveRevocations
}

const day = 24 * time.Hour

// withDefaults sets the zero fields. API.md#life-of-a-token (docs).
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

// RateLimit is the number of requests that the server accepts in each Period. It answers further requests with 429.
// API.md#rate-limits (docs): SaaS allows about 100 writes and 1,000 reads an hour.
type RateLimit struct {
	Writes, Reads int           // 0: no limit; a write is any request except GET and HEAD (assumed)
	Period        time.Duration // 0: an hour
	// RetryAfter makes the answer contain Retry-After in seconds, instead of the limit (X-RateLimit-Limit and X-RateLimit-Period,
	// the latter in seconds).
	RetryAfter bool
	// RetryDate makes Retry-After a date by the server's clock. It requires RetryAfter.
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
