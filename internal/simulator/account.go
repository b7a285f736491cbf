// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"crypto/subtle"
	"math"
	"time"
)

// When an account is locked, and for how long: assumed. API.md#log-in (sdk) only says that it happens.
const (
	attemptsUntilLock = 5
	lockTime          = 15 * time.Minute
)

// Account is a user that a Server starts with.
type Account struct {
	Name     string // as at login, DOMAIN\user for a domain's
	Password string // empty for a service account, which cannot log in
	Rights   Rights
}

// Rights decide whose tokens an account may see and change. API.md#base-paths (docs).
type Rights int

// The variants of Rights.
const (
	OwnTokens                Rights = iota // its own only
	UserManagement                         // everybody's
	AdministrativeManagement               // everybody's
)

// String is the name of the right in Command Center; empty for none.
func (r Rights) String() string {
	switch r {
	case UserManagement:
		return "User Management"
	case AdministrativeManagement:
		return "Administrative Management"
	case OwnTokens:
	}
	return ""
}

// examplePassword is public, and opens nothing else.
const examplePassword = "Sim-C0lleague-Passw0rd.7"

// ExampleAccounts are a colleague with User Management, a domain's user without rights, and two service accounts: what it
// takes to try user_id, refusals of it, and imports of <user_id>/<id>.
func ExampleAccounts() []Account {
	return []Account{
		{Name: "colleague", Password: examplePassword, Rights: UserManagement},
		{Name: `CORP\alice`, Password: examplePassword},
		{Name: "backup-service"},
		{Name: "ci-service"},
	}
}

// account of a person or a service.
type account struct {
	Account
	id          int64
	failures    int // bad attempts in a row
	lockedUntil time.Time
}

// session of a login.
type session struct {
	user     int64
	deviceID string // empty for sessions that no login made
	ends     time.Time
}

func (w *world) addAccount(a Account) *account {
	added := &account{Account: a, id: w.nextUser}
	w.nextUser++
	w.accounts[added.id] = added
	return added
}

// accountNamed is nil if there is none.
func (w *world) accountNamed(name string) *account {
	for _, a := range w.accounts {
		if a.Name == name {
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

// locked is how many seconds the account stays locked; 0 if it is not. Begun seconds count.
func (w *world) locked(a *account) int64 {
	left := a.lockedUntil.Sub(w.now())
	if left <= 0 {
		return 0
	}
	return int64(math.Ceil(left.Seconds()))
}

// logIn returns a session token, or what the answer says of the failure. API.md#users (sdk).
func (w *world) logIn(name, password, deviceID string) (string, *wireLoginFailed) {
	a := w.accountNamed(name)
	if a == nil || a.Password == "" {
		return "", loginFailed(0)
	}
	if left := w.locked(a); left > 0 {
		return "", loginFailed(left)
	}
	if subtle.ConstantTimeCompare([]byte(a.Password), []byte(password)) != 1 {
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
