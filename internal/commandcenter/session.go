// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// session logs in for the first request, and again when the session has expired. It logs in once for all operations that wait. An
// interruption ends the wait.
type session struct {
	client   *Client
	username string
	password Secret

	flight   singleflight.Group
	mu       sync.Mutex
	token    Secret
	userName string // from the latest login
	opened   time.Time
	// worked is set once the server has accepted token.
	worked bool
	// again is set if token is not from the first login.
	again bool
	// failure is kept, because repeating a refused login would lock the account.
	failure error
}

// shortestSession is the minimum age of a session that may have expired: sessions expire after 30 idle minutes (docs).
const shortestSession = time.Minute

func (s *session) is(Secret) bool { return false }

func (s *session) get(ctx context.Context) (ticket, error) {
	for {
		if token, err := s.current(); token != "" || err != nil {
			return ticket{value: token, session: true}, err
		}
		led := false
		opened := s.flight.DoChan("", func() (any, error) {
			led = true
			if token, err := s.current(); token != "" || err != nil {
				return token, err
			}
			return s.open(ctx)
		})
		select {
		case <-ctx.Done():
			return ticket{}, &Error{Operation: OpLogin, Kind: Interrupted}
		case result := <-opened:
			if KindOf(result.Err) == Interrupted && !led && ctx.Err() == nil {
				continue // the operation that logged in was interrupted; this one was not
			}
			token, _ := result.Val.(Secret)
			return ticket{value: token, session: true}, result.Err
		}
	}
}

// open logs in. If a login did not reach the server or was not processed by it, the next operation may try again.
func (s *session) open(ctx context.Context) (Secret, error) {
	token, userName, err := s.client.login(ctx, s.username, s.password)
	if err != nil && ctx.Err() != nil {
		return "", &Error{Operation: OpLogin, Kind: Interrupted}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	failure := err
	switch KindOf(err) {
	case NeverSent, Busy, Interrupted:
		failure = s.failure
	case Lost, Refused, Failed, Unauthorized, Redirected:
	}
	s.failure = failure
	s.token, s.userName, s.worked, s.opened = token, userName, false, s.client.clock.Now()
	return token, err
}

func (s *session) current() (Secret, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token, s.failure
}

func (s *session) accepted(t ticket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.worked = s.worked || s.token == t.value
}

func (s *session) rejected(t ticket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token != t.value {
		return true // another operation has logged in again, or is about to
	}
	if s.again && !s.worked && s.client.clock.Now().Sub(s.opened) < shortestSession {
		return false // a new session did not help, so another one will not
	}
	s.token, s.again = "", true
	return true
}

// loginFailure returns the error of a request that was not sent because its login failed.
func loginFailure(op Operation, err error) *Error {
	failure := &Error{Operation: op, Kind: NeverSent, Err: err, loginFailed: true}
	switch KindOf(err) {
	case Unauthorized:
		failure.Kind, failure.Err = Unauthorized, err
	case Interrupted:
		failure.Kind, failure.Err = Interrupted, nil
	case NeverSent, Lost, Refused, Failed, Busy, Redirected:
	}
	return failure
}

// deviceID identifies this client to the server, as the vendor's own client does (sdk). It may be any text.
const deviceID = "terraform-provider-commvault"

type wireLoginRequest struct {
	Mode       int    `json:"mode"`
	Username   string `json:"username"`
	Password   string `json:"password"`
	DeviceID   string `json:"deviceId"`
	ClientType int    `json:"clientType"`
}

// login opens a session, and returns its token and the user's name (sdk). A domain user is DOMAIN\user and is sent unchanged.
func (c *Client) login(ctx context.Context, username string, password Secret) (Secret, string, error) {
	var token Secret
	var userName string
	err := c.do(ctx, request{
		op:        OpLogin,
		method:    http.MethodPost,
		path:      "/Login",
		anonymous: true,
		body: wireLoginRequest{
			Mode:       4,
			Username:   username,
			Password:   base64.StdEncoding.EncodeToString([]byte(password)),
			DeviceID:   deviceID,
			ClientType: 30,
		},
		decode: func(body []byte) (err error) {
			token, err = decodeLogin(body)
			if refused := (*LoginError)(nil); errors.As(err, &refused) {
				refused.Username = username
				refused.Message = c.mask.quote(refused.Message)
				return &Error{Kind: Unauthorized, Documented: true, Err: refused}
			}
			userName = cmp.Or(loginName(body), username)
			return err
		},
	})
	if err != nil {
		return "", "", refusedLogin(err, username)
	}
	c.mask.Add(token)
	return token, userName, nil
}

// refusedLogin also converts a 401, which some releases answer to bad credentials, to a *LoginError.
func refusedLogin(err error, username string) error {
	var failure *Error
	var refused *LoginError
	if !errors.As(err, &failure) || failure.Kind != Unauthorized || errors.As(err, &refused) {
		return err
	}
	failure.Err = &LoginError{Username: username, Message: cmp.Or(failure.Message, "no reason given")}
	return failure
}
