// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import "context"

// sessionHandler adds the current credential to each attempt. After a 401 it tries once more if the credential can be replaced, by
// a new session or by the other form of an authtoken.
type sessionHandler struct {
	next       handler
	credential credential
}

func (h sessionHandler) handle(ctx context.Context, a *attempt) *Error {
	if a.anonymous {
		return h.next.handle(ctx, a)
	}
	login := ctx
	if a.op.writes() {
		login = waitContext(ctx) // no login for a write that was interrupted before it began
	}
	for again := false; ; again = true {
		credential, err := h.credential.get(login)
		if err != nil {
			return loginFailure(a.op, err)
		}
		a.ticket = credential
		failure := h.next.handle(ctx, a)
		if failure == nil || failure.saysNo() {
			h.credential.accepted(credential)
		}
		if failure == nil || failure.Kind != Unauthorized {
			return failure
		}
		failure.SessionRefused = credential.session
		if a.keepSession {
			return failure
		}
		if !h.credential.rejected(credential) || again {
			return failure
		}
		a.repeats(failure)
	}
}
