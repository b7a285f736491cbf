// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// The calls of the API, each one request and its repetitions. What a user wants done is in issue.go, revoke.go and
// inventory.go.

const tokensPath = "/V4/AccessToken"

func tokenPath(id int64) string { return tokensPath + "/" + strconv.FormatInt(id, 10) }

func (c *Client) create(ctx context.Context, spec Spec) (Token, error) {
	body := wireRequest{
		Name:           &spec.Name,
		RenewableUntil: unix(&spec.RenewableUntil),
		TokenExpiry:    unix(&spec.TokenExpiry),
	}
	if spec.Type != "" {
		name := string(spec.Type)
		body.Type = &name
	}
	if spec.UserID != 0 {
		body.UserID = &spec.UserID
	}
	if len(spec.APIEndpoints) > 0 {
		body.APIEndpoints = sorted(spec.APIEndpoints)
	}
	if len(spec.AllowedIPs) > 0 {
		body.AllowedIPs = sorted(spec.AllowedIPs)
	}
	var created Token
	err := c.do(ctx, request{
		op: OpCreate, method: http.MethodPost, path: tokensPath, body: body,
		decode: func(body []byte) (err error) {
			created, err = decodeCreated(body)
			return err
		},
	})
	if err != nil {
		return Token{}, err
	}
	c.mask.Add(created.AccessToken, created.RefreshToken)
	created.Reported = c.quoted(OpCreate, created.Reported)
	return created, nil
}

func (c *Client) update(ctx context.Context, id int64, change Change) (Token, error) {
	body := wireRequest{
		Name:           change.Name,
		RenewableUntil: unix(change.RenewableUntil),
		TokenExpiry:    unix(change.TokenExpiry),
	}
	if change.APIEndpoints != nil {
		body.APIEndpoints = sorted(*change.APIEndpoints)
	}
	if change.AllowedIPs != nil {
		body.AllowedIPs = sorted(*change.AllowedIPs)
	}
	var updated Token
	err := c.do(ctx, request{
		op: OpUpdate, method: http.MethodPut, path: tokenPath(id), body: body,
		decode: func(body []byte) (err error) {
			updated, err = decodeUpdated(body)
			return err
		},
	})
	if err != nil {
		return Token{}, err
	}
	c.mask.Add(updated.AccessToken, updated.RefreshToken)
	return updated, nil
}

func (c *Client) revoke(ctx context.Context, id int64) error {
	return c.do(ctx, request{op: OpRevoke, method: http.MethodDelete, path: tokenPath(id), decode: decodeRevoked})
}

// list asks for the tokens of a user, of the caller if userID is 0.
func (c *Client) list(ctx context.Context, userID int64, once bool) (listAnswer, error) {
	query := ""
	if userID != 0 {
		query = "userId=" + strconv.FormatInt(userID, 10)
	}
	var answer listAnswer
	err := c.do(ctx, request{
		op: OpList, method: http.MethodGet, path: tokensPath + "/", query: query, once: once,
		decode: func(body []byte) (err error) {
			answer, err = decodeList(body)
			return err
		},
	})
	return answer, err
}

// quoted completes a failure that an answer reports beside its secrets, and hides them in its message.
func (c *Client) quoted(op Operation, reported *Error) *Error {
	if reported == nil {
		return nil
	}
	complete := *reported
	complete.Operation, complete.Message = op, c.mask.quote(reported.Message)
	return &complete
}

// unix is the instant in Unix seconds, nil for none.
func unix(t *time.Time) *int64 {
	if t == nil || t.IsZero() {
		return nil
	}
	seconds := t.Unix()
	return &seconds
}

// sorted makes requests the same whatever order a set had. It is never nil: an empty list is sent as one.
func sorted(set []string) *[]string {
	list := append([]string{}, set...)
	slices.Sort(list)
	return &list
}
