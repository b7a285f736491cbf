// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"sync"

	"golang.org/x/sync/singleflight"
)

// credential gives the value of the Authtoken header.
type credential interface {
	get(ctx context.Context) (Secret, error)
	// accepted is told that the server let a request with value in.
	accepted(value Secret)
	// expired is told that the server answered 401 to value, and whether that was after a wait. It tells whether get may now
	// give another one.
	expired(value Secret, waited bool) bool
	is(secret Secret) bool
}

// fixedCredential is what the user configured.
type fixedCredential Secret

func (f fixedCredential) get(context.Context) (Secret, error) { return Secret(f), nil }
func (f fixedCredential) accepted(Secret)                     {}
func (f fixedCredential) expired(Secret, bool) bool           { return false }

func (f fixedCredential) is(secret Secret) bool {
	bare := func(text string) string {
		text = strings.TrimSpace(text)
		if scheme, value, found := strings.Cut(text, " "); found && strings.EqualFold(scheme, "Bearer") {
			return strings.TrimSpace(value)
		}
		return text
	}
	return secret != "" && bare(secret.Reveal()) == bare(Secret(f).Reveal())
}

// session logs in at the first request, and again when the session has expired: once, whatever number of operations
// wait for it. An interruption ends the waiting.
type session struct {
	client   *Client
	username string
	password Secret

	flight singleflight.Group
	mu     sync.Mutex
	token  Secret
	// worked tells that the server has accepted token.
	worked bool
	// again tells that token is not of the first login.
	again bool
	// failure is kept: trying a refused login again would lock the account.
	failure error
}

func (s *session) is(Secret) bool { return false }

func (s *session) get(ctx context.Context) (Secret, error) {
	for {
		if token, err := s.current(); token != "" || err != nil {
			return token, err
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
			return "", &Error{Operation: OpLogin, Kind: Interrupted}
		case result := <-opened:
			if KindOf(result.Err) == Interrupted && !led && ctx.Err() == nil {
				continue // whoever logged in was interrupted; we were not
			}
			token, _ := result.Val.(Secret)
			return token, result.Err
		}
	}
}

// open logs in. What did not reach the server, or was not taken by it, may be tried again by whoever comes next.
func (s *session) open(ctx context.Context) (Secret, error) {
	token, err := s.client.login(ctx, s.username, s.password)
	if err != nil && ctx.Err() != nil {
		return "", &Error{Operation: OpLogin, Kind: Interrupted}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch KindOf(err) {
	case NeverSent, Busy, Interrupted:
	default:
		s.failure = err
	}
	s.token, s.worked = token, false
	return token, err
}

func (s *session) current() (Secret, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token, s.failure
}

func (s *session) accepted(value Secret) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.worked = s.worked || s.token == value
}

func (s *session) expired(value Secret, waited bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token != value {
		return true // somebody else has seen to it
	}
	if s.again && !s.worked && !waited {
		return false // a new session did not help, so another one would not either
	}
	s.token, s.again = "", true
	return true
}

// deviceID is what the vendor's own client names itself with: any text.
const deviceID = "terraform-provider-commvault"

type wireLoginRequest struct {
	Mode       int    `json:"mode"`
	Username   string `json:"username"`
	Password   string `json:"password"`
	DeviceID   string `json:"deviceId"`
	ClientType int    `json:"clientType"`
}

// login opens a session (sdk). A domain user is DOMAIN\user, sent as given.
func (c *Client) login(ctx context.Context, username string, password Secret) (Secret, error) {
	var token Secret
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
				refused.Message = c.quote(refused.Message)
				return &Error{Kind: Unauthorized, Documented: true, Err: refused}
			}
			return err
		},
	})
	if err != nil {
		return "", err
	}
	c.mask.Add(token)
	return token, nil
}
