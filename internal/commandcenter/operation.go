// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

// Operation names a call of the API in errors and logs.
type Operation string

// The calls that this client makes.
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

// writes reports whether the operation changes something on the server. A login is made on behalf of another operation.
func (op Operation) writes() bool {
	return op == OpCreate || op == OpUpdate || op == OpRevoke || op == OpRenew
}

// mayRepeat is the policy of retries: what may be sent again, after which failure. A request that never left may always
// be, and so may one that the server did not take; one whose answer was lost only if doing it twice does no harm. Where
// the caller's name is answered with anything but the name, it cannot be learned, which no operation should wait for.
func (op Operation) mayRepeat(after *Error) bool {
	if after.Cause.permanent() || after.loginFailed || after.rejectedByBreaker {
		return false
	}
	switch after.Kind {
	case NeverSent, Busy:
		return op != OpRenew // a pair is sent once
	case Lost, Failed:
		return op == OpList || op == OpUpdate || op == OpRevoke || op == OpUsers || op == OpWhoAmI && after.Status == 0
	default:
		return false
	}
}
