// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package accesstoken contains the resources, data sources and other objects for access tokens, and the mapping between them and the
// API.
package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// Backend is the data that the configured provider passes to its resources and data sources.
type Backend struct {
	// Client is nil if Unknown is not empty.
	Client *commandcenter.Client
	// Unknown names the provider arguments that are still unknown because they depend on other resources.
	Unknown []string
	// Clock is the local clock. It dates generated names and decides whether an end is in the future.
	Clock clock.Clock
	// Random is the source of the random part of generated names.
	Random io.Reader

	warned  atomic.Bool
	version atomic.Int64 // highest secret_version of a slot seen by this process
	said    sync.Map     // refused logins already explained
	met     sync.Map     // ids of tokens that resources of this configuration manage
}

// sawVersion records the secret_version of a slot. A replacement of the slot needs a higher one, but its create does not receive the
// old state.
func (b *Backend) sawVersion(version int64) {
	if b == nil {
		return
	}
	for {
		before := b.version.Load()
		if version <= before || b.version.CompareAndSwap(before, version) {
			return
		}
	}
}

// meet records that a resource of this configuration manages a token.
func (b *Backend) meet(id int64) { b.met.Store(id, true) }

// hasMet reports whether this process knows that a resource of this configuration manages a token. A token may be managed although
// hasMet returns false, because an apply reads only the resources that it changes.
func (b *Backend) hasMet(id int64) bool {
	_, met := b.met.Load(id)
	return met
}

// Errors that replace an error which was explained before.
var (
	errLoginSaid   = errors.New("the login was refused, as another error of this run explains")
	errRenewalSaid = errors.New("the server accepts no renewal in this run, as another error explains")
)

// once returns err the first time, and a short reference to it afterwards: a refused login fails every operation.
func (b *Backend) once(err error) error {
	var login *commandcenter.LoginError
	if errors.As(err, &login) && b.saidBefore(login) {
		return errLoginSaid
	}
	return err
}

// onceRefused is like once, for a renewal whose credential was refused in every form. No other renewal of the run is tried, and the
// errors of the others have this response as their cause.
func (b *Backend) onceRefused(err error) error {
	var refused *commandcenter.Error
	for cause := err; errors.As(cause, &refused); cause = refused.Err {
		if refused.Err == nil {
			break
		}
	}
	if refused != nil && b.saidBefore(refused) {
		return errRenewalSaid
	}
	return err
}

// saidBefore reports whether an error was explained before, and records that it has been.
func (b *Backend) saidBefore(err error) bool {
	_, before := b.said.LoadOrStore(err, true)
	return before
}

// now returns the server's time if a response has shown it, and this machine's time otherwise.
func (b *Backend) now() time.Time {
	if b.Client == nil {
		return b.Clock.Now()
	}
	return b.Client.Now()
}

// timeByList returns now. If no response has shown the server's time yet, it reads the list that the walk shares.
func (b *Backend) timeByList(ctx context.Context, owner commandcenter.Owner) time.Time {
	id := owner.ID
	if owner.Caller {
		id = 0
	}
	_, _ = b.Client.Tokens(ctx, id)
	return b.now()
}

// protect masks the state's secrets in messages. It is called before a request whose response may contain them.
func (b *Backend) protect(state *secretFields) {
	b.Client.Protect(
		commandcenter.Secret(state.AccessToken.ValueString()), commandcenter.Secret(state.RefreshToken.ValueString()))
}

// warnOnce returns true on its first call, so that an unknown argument is reported once and not for each token.
func (b *Backend) warnOnce() bool { return b.warned.CompareAndSwap(false, true) }

// unknownArguments lists the unknown arguments for a message.
func (b *Backend) unknownArguments() string {
	return strings.Join(b.Unknown, ", ")
}

// fromProvider returns the provider's Backend. It returns nil while the provider is not configured.
func fromProvider(data any) (*Backend, diag.Diagnostics) {
	var diags diag.Diagnostics
	if data == nil {
		return nil, diags
	}
	backend, ok := data.(*Backend)
	if !ok {
		diags.AddError("Provider data of an unexpected type",
			fmt.Sprintf("Expected *accesstoken.Backend, got %T. This is a bug of the provider: please report it.", data))
	}
	return backend, diags
}
