// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"crypto/subtle"
	"math"
	"time"
)

// The number of failures that locks an account and the duration of the lock are assumed. API.md#log-in (sdk) documents only that
// accounts are locked.
const (
	attemptsUntilLock = 5
	lockTime          = 15 * time.Minute
)

// Account is a user that exists when a Server starts.
type Account struct {
	Name     string // login name, DOMAIN\user for a domain user
	Password string // empty for a service account, which cannot log in
	Rights   Rights
}

// Rights decide whose tokens an account may see and change. API.md#base-paths (docs).
type Rights int

const (
	OwnTokens                Rights = iota // only its own tokens
	UserManagement                         // all tokens
	AdministrativeManagement               // all tokens
)

// String returns the name of the right in Command Center, or "" for none.
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

// examplePassword is public and must not be used for anything else.
const examplePassword = "Sim-C0lleague-Passw0rd.7"

// ExampleAccounts returns a colleague with User Management, a domain user without rights, and two service accounts. They are
// sufficient to try user_id, its refusals, and imports of <user_id>/<id>.
func ExampleAccounts() []Account {
	return []Account{
		{Name: "colleague", Password: examplePassword, Rights: UserManagement},
		{Name: `CORP\alice`, Password: examplePassword},
		{Name: "backup-service"},
		{Name: "ci-service"},
	}
}

// account is the account of a person or of a service.
type account struct {
	Account
	id          int64
	failures    int // consecutive bad attempts
	lockedUntil time.Time
}

// session is a login session.
type session struct {
	user     int64
	deviceID string // empty for sessions that were not created by a login
	ends     time.Time
}

func (w *store) addAccount(a Account) *account {
	added := &account{Account: a, id: w.nextUser}
	w.nextUser++
	w.accounts[added.id] = added
	return added
}

// accountNamed returns the account with this name, or nil.
func (w *store) accountNamed(name string) *account {
	for _, a := range w.accounts {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// newSession returns a session token. API.md#authentication (docs).
func (w *store) newSession(user int64, deviceID string) string {
	token := secret(SessionPrefix)
	w.sessions[token] = &session{user: user, deviceID: deviceID, ends: w.now().Add(w.lifetimes.Session)}
	return token
}

// locked returns how many seconds the account stays locked, rounded up, or 0 if it is not locked.
func (w *store) locked(a *account) int64 {
	left := a.lockedUntil.Sub(w.now())
	if left <= 0 {
		return 0
	}
	return int64(math.Ceil(left.Seconds()))
}

// logIn returns a session token, or the answer to a failed login. API.md#users (sdk).
func (w *store) logIn(name, password, deviceID string) (string, *wireLoginFailed) {
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
