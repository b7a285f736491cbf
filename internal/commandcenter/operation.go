// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

// Operation names a call of the API in errors and logs.
type Operation string

const (
	OpCreate Operation = "create"
	OpUpdate Operation = "update"
	OpRevoke Operation = "revoke"
	OpList   Operation = "list"
	OpLogin  Operation = "log in"
	OpRenew  Operation = "renew"
	OpWhoAmI Operation = "who am I"
	OpUsers  Operation = "list users"
)

// writes reports whether the operation changes something on the server. A login does not count; it is made on behalf of another
// operation.
func (op Operation) writes() bool {
	return op == OpCreate || op == OpUpdate || op == OpRevoke || op == OpRenew
}

// mayRepeat is the retry policy: it reports whether the operation may be sent again after a failure. A request may be repeated if
// it was not sent, or if the server did not process it. After a lost answer only an idempotent request may be repeated. WhoAmI is
// not repeated after an answer without the name, because the name cannot be determined then and no operation should wait for it.
func (op Operation) mayRepeat(after *Error) bool {
	if after.Cause.permanent() || after.loginFailed || after.rejectedByBreaker {
		return false
	}
	switch after.Kind {
	case NeverSent, Busy:
		return op != OpRenew // a pair is sent once
	case Lost, Failed:
		return op == OpList || op == OpUpdate || op == OpRevoke || op == OpUsers || op == OpWhoAmI && after.Status == 0
	case Refused, Unauthorized, Redirected, Interrupted:
	}
	return false
}
