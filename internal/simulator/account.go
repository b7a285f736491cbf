// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"crypto/subtle"
	"math"
	"net/http"
	"strings"
	"time"
)

// When an account is locked, and for how long: assumed. API.md#log-in (sdk) only says that it happens.
const (
	attemptsUntilLock = 5
	lockTime          = 15 * time.Minute
)

// account of a person or a service.
type account struct {
	id            int64
	name          string // as at login, DOMAIN\user for a domain's
	password      string
	administrator bool // may see and change the tokens of others (assumed)
	failures      int  // bad attempts in a row
	lockedUntil   time.Time
}

// session of a login.
type session struct {
	user     int64
	deviceID string // empty for sessions that no login made
	ends     time.Time
}

// caller is who a request comes from.
type caller struct {
	account *account
	token   *Token // nil if it comes with a session
}

func (w *world) addAccount(name, password string, administrator bool) *account {
	a := &account{id: w.nextUser, name: name, password: password, administrator: administrator}
	w.nextUser++
	w.accounts[a.id] = a
	return a
}

// accountNamed is nil if there is none.
func (w *world) accountNamed(name string) *account {
	for _, a := range w.accounts {
		if a.name == name {
			return a
		}
	}
	return nil
}

// newSession returns a session token. API.md#authentication (docs).
func (w *world) newSession(user int64, deviceID string) string {
	token := secret(SessionPrefix)
	w.sessions[token] = &session{user: user, deviceID: deviceID, ends: w.now().Add(w.lifetimes.Session)}
	return token
}

// authenticate finds out who sent the request. The header Authtoken has a session token or an access token, as it is or
// after "Bearer ". API.md#authentication (reference, docs, field).
func (w *world) authenticate(header http.Header) (caller, *problem) {
	values := header.Values("Authtoken")
	if len(values) != 1 || values[0] == "" {
		return caller{}, noSession("The header Authtoken is missing, empty, or there several times")
	}
	credential := strings.TrimPrefix(values[0], "Bearer ")
	if s := w.sessions[credential]; s != nil {
		if !w.now().Before(s.ends) {
			return caller{}, noSession("The session has expired")
		}
		return caller{account: w.accounts[s.user]}, nil
	}
	if t := w.accepted(credential); t != nil {
		return caller{account: w.accounts[t.UserID], token: t}, nil
	}
	return caller{}, noSession("The session or token is not valid, or has expired")
}

// locked is how many seconds the account stays locked; 0 if it is not. Begun seconds count.
func (w *world) locked(a *account) int64 {
	left := a.lockedUntil.Sub(w.now())
	if left <= 0 {
		return 0
	}
	return int64(math.Ceil(left.Seconds()))
}

// logIn returns a session token, or what the answer says of the failure. API.md#log-in (sdk).
func (w *world) logIn(name, password, deviceID string) (string, *wireLoginFailed) {
	a := w.accountNamed(name)
	if a == nil {
		return "", loginFailed(0)
	}
	if left := w.locked(a); left > 0 {
		return "", loginFailed(left)
	}
	if subtle.ConstantTimeCompare([]byte(a.password), []byte(password)) != 1 {
		a.failures++
		if a.failures >= attemptsUntilLock {
			a.failures = 0
			a.lockedUntil = w.now().Add(lockTime)
		}
		return "", loginFailed(w.locked(a))
	}
	a.failures = 0
	return w.newSession(a.id, deviceID), nil
}

func loginFailed(lockedFor int64) *wireLoginFailed {
	failure := wireLoginError{Message: "Invalid user name or password", Code: codeBadCredentials}
	if lockedFor > 0 {
		failure = wireLoginError{Message: "The account is locked", Code: codeLocked}
	}
	return &wireLoginFailed{
		Errors:            []wireLoginError{failure},
		IsAccountLocked:   lockedFor > 0,
		RemainingLockTime: lockedFor,
	}
}
