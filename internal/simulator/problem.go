// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"fmt"
	"net/http"
)

// class is the class of a problem. It decides the status and the form of the answer.
type class int

const (
	malformed       class = iota // 400: errors that the client could have avoided
	unauthenticated              // 401
	forbidden                    // 403
	missing                      // 404, or 200 with Dialect.MissingID200
	wrongMethod                  // 405
	refusedAsked                 // well-formed, but refused: as Dialect.Refusals defines
	failed                       // 500
)

// The errorCodes are the simulator's own. The real numbers are unknown.
const (
	codeMalformed       = 2
	codeUnauthenticated = 5
	codeForbidden       = 6
	codeMissing         = 7
	codeWrongMethod     = 8
	codeTooMany         = 9
	codeNameTaken       = 101
	codeFixed           = 102
	codeNoSuchPair      = 201
	codeOldPair         = 202
	codeTooLate         = 203
	codeBadCredentials  = 301
	codeLocked          = 302
)

// problem is the reason why a request is not performed. Its text does not contain secrets.
type problem struct {
	class   class
	code    int64
	message string
}

// accessDenied is the message of each 401: API.md#failures (vendor). Only the journal has the reason.
const accessDenied = "Access denied"

func (p *problem) Error() string { return p.message }

func malformedf(format string, args ...any) *problem {
	return &problem{malformed, codeMalformed, fmt.Sprintf(format, args...)}
}

func forbiddenf(format string, args ...any) *problem {
	return &problem{forbidden, codeForbidden, fmt.Sprintf(format, args...)}
}

func refusedf(code int64, format string, args ...any) *problem {
	return &problem{refusedAsked, code, fmt.Sprintf(format, args...)}
}

func deniedf(format string, args ...any) *problem {
	return &problem{unauthenticated, codeUnauthenticated, fmt.Sprintf(format, args...)}
}

func noSuchID(id int64) *problem {
	return &problem{missing, codeMissing, fmt.Sprintf("There is no access token with the id %d", id)}
}

// answerTo reports a problem in the form of the operation and the dialect.
func (s *Server) answerTo(p *problem, op Operation) answer {
	a := s.formOf(p, op)
	a.success = false
	a.problem = p.message
	return a
}

func (s *Server) formOf(p *problem, op Operation) answer {
	flat := wireError{Code: p.code, Message: p.message}
	nested := op == OpCreate || op == OpUpdate
	switch p.class {
	case unauthenticated: // API.md#failures (field); API.md#renew: some servers answer 403 to a renewal
		flat.Message = accessDenied
		if op == OpRenew && s.options.Dialect.RenewWrong403 {
			return jsonAnswer(http.StatusForbidden, flat)
		}
		return jsonAnswer(http.StatusUnauthorized, flat)
	case forbidden: // API.md#failures (reference)
		return jsonAnswer(http.StatusForbidden, flat)
	case failed: // reference
		return jsonAnswer(http.StatusInternalServerError, flat)
	case wrongMethod: // assumed
		return jsonAnswer(http.StatusMethodNotAllowed, flat)
	case missing: // API.md#q29
		switch {
		case !s.options.Dialect.MissingID200:
			return jsonAnswer(http.StatusNotFound, flat)
		case nested:
			return jsonAnswer(http.StatusOK, wireRefusal{Error: flat})
		}
		return jsonAnswer(http.StatusOK, flat)
	case refusedAsked:
		return s.refusal(flat, nested)
	case malformed:
	}
	return jsonAnswer(http.StatusBadRequest, flat) // API.md#failures (reference)
}

// refusal answers a well-formed request that is refused. API.md#failures (reference, sdk). For calls with flat answers it is flat:
// API.md#create.
func (s *Server) refusal(flat wireError, nested bool) answer {
	form := s.options.Dialect.Refusals
	switch {
	case form == RefuseFlat400:
		return jsonAnswer(http.StatusBadRequest, flat)
	case form == RefuseFlat200 || !nested:
		return jsonAnswer(http.StatusOK, flat)
	case form == RefuseInTokenInfo:
		return jsonAnswer(http.StatusOK, wireTokenRefusal{TokenInfo: wireRefusal{Error: flat}})
	}
	return jsonAnswer(http.StatusOK, wireRefusal{Error: flat})
}
