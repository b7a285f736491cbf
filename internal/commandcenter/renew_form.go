// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
)

// renewForm is a way to authenticate a renewal. It is unknown which one a server accepts. API.md#q32.
type renewForm struct {
	authorize func(header http.Header, access string)
	// own adds the client's own credential.
	own bool
}

// renewForms are tried in this order.
var renewForms = []renewForm{
	{authorize: func(header http.Header, access string) { // vendor
		header.Set("Authorization", "Bearer "+access)
		header.Set("Authtoken", access)
	}},
	{authorize: func(header http.Header, access string) { header.Set("Authorization", "Bearer "+access) }}, // docs
	{authorize: func(header http.Header, access string) { header.Set("Authtoken", access) }},               // field
	{authorize: func(header http.Header, access string) { header.Set("Authtoken", "Bearer "+access) }},     // field
	{authorize: func(http.Header, string) {}, own: true},                                                   // sdk
	{authorize: func(http.Header, string) {}},                                                              // vendor
	{authorize: func(header http.Header, access string) { header.Set("Authtoken", "QSDK "+access) }},       // sdk
}

// formFinder finds the form that the server accepts. One renewal tries the forms while the others wait.
type formFinder struct {
	mu sync.Mutex
	// searching holds one element while a renewal tries the forms.
	searching chan struct{}
	accepted  *renewForm
	// refused is the error of the last form, set if every form was rejected. Later renewals are not attempted then.
	refused error
}

func newFormFinder() formFinder { return formFinder{searching: make(chan struct{}, 1)} }

// result reports whether the search is over, and returns the accepted form, or nil if there is none.
func (f *formFinder) result() (accepted *renewForm, refused error, done bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.accepted, f.refused, f.accepted != nil || f.refused != nil
}

func (f *formFinder) settle(accepted *renewForm, refused error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.accepted, f.refused = accepted, refused
}

// ErrFormsRefused means that nothing was sent, because every form of an earlier renewal in this run was rejected.
var ErrFormsRefused = errors.New("the server refused every credential in an earlier renewal of this run")

// renewInAcceptedForm sends a pair in the form that the server accepts. The first renewal searches for that form.
func (c *Client) renewInAcceptedForm(ctx context.Context, pair Pair) (Token, error) {
	f := &c.renewForms
	if _, _, done := f.result(); !done {
		select {
		case f.searching <- struct{}{}:
		case <-waitContext(ctx).Done():
			return Token{}, &Error{Operation: OpRenew, Kind: Interrupted}
		}
		renewed, sent, err := c.searchForm(ctx, pair)
		<-f.searching
		if sent {
			return renewed, err
		}
	}
	form, refused, _ := f.result()
	if form == nil {
		return Token{}, &Error{
			Operation: OpRenew, Kind: Unauthorized, rejectedByBreaker: true, Err: fmt.Errorf("%w: %w", ErrFormsRefused, refused),
		}
	}
	return c.renew(ctx, pair, *form, true)
}

// searchForm tries one form after the other with a pair, unless another renewal has found the form meanwhile.
func (c *Client) searchForm(ctx context.Context, pair Pair) (renewed Token, sent bool, err error) {
	f := &c.renewForms
	if _, _, done := f.result(); done {
		return Token{}, false, nil
	}
	for i := range renewForms {
		renewed, err = c.renew(ctx, pair, renewForms[i], false)
		var failure *Error
		switch {
		case errors.As(err, &failure) && failure.refusesCredential():
			continue
		case err == nil || failure != nil && failure.saysNo():
			f.settle(&renewForms[i], nil)
		}
		return renewed, true, err
	}
	f.settle(nil, err)
	return Token{}, true, err
}

// renewals counts the renewals in flight and records the maximum, which is the number of renewals that may share a list.
type renewals struct {
	mu             sync.Mutex
	underWay, most int
}

// begin returns how many renewals are expected to share a list.
func (r *renewals) begin() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.underWay++
	r.most = max(r.most, r.underWay)
	return r.most
}

func (r *renewals) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.underWay--
}
