// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package accesstoken is the room of the thing itself: the resources and data sources about access tokens, and the
// mapping between them and the API.
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

// Backend is what the configured provider hands to its resources and data sources.
type Backend struct {
	// Client is nil while Unknown names an argument.
	Client *commandcenter.Client
	// Unknown names the provider arguments whose values are not known yet, because they come from other resources.
	Unknown []string
	// Clock tells the time, for names and for ends that must lie in the future.
	Clock clock.Clock
	// Random gives the random part of generated names.
	Random io.Reader

	warned  atomic.Bool
	version atomic.Int64 // the highest secret_version of a slot that this process has seen
	said    sync.Map     // refused logins that were explained
	met     sync.Map     // ids of tokens that resources of this configuration hold
}

// sawVersion remembers the secret_version of a slot. Its replacement has to have a higher one, and is created without knowing
// the one before.
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

// meet records that a resource of this configuration holds a token.
func (b *Backend) meet(id int64) { b.met.Store(id, true) }

// hasMet reports whether this process knows that a resource of this configuration holds a token. Others may: an apply reads
// only what it changes.
func (b *Backend) hasMet(id int64) bool {
	_, met := b.met.Load(id)
	return met
}

// Stand-ins for errors that were explained before.
var (
	errLoginSaid   = errors.New("the login was refused, as another error of this run explains")
	errRenewalSaid = errors.New("no renewal of this run is accepted, as another error explains")
)

// once returns err the first time, and later only says that it was said: a login that is refused fails every operation.
func (b *Backend) once(err error) error {
	var login *commandcenter.LoginError
	if errors.As(err, &login) && b.saidBefore(login) {
		return errLoginSaid
	}
	return err
}

// onceRefused is once for a renewal whose credential was refused in every form: no other renewal of the run is tried, and
// their errors have that answer as their cause.
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

// saidBefore reports whether an error was explained before, and records that it is now.
func (b *Backend) saidBefore(err error) bool {
	_, before := b.said.LoadOrStore(err, true)
	return before
}

// now is the server's time as far as it is known, otherwise this machine's.
func (b *Backend) now() time.Time {
	if b.Client == nil {
		return b.Clock.Now()
	}
	return b.Client.Now()
}

// timeByList is now, learned from a list if no answer has shown the server's time yet. The list is the one that a walk shares.
func (b *Backend) timeByList(ctx context.Context, owner commandcenter.Owner) time.Time {
	id := owner.ID
	if owner.Caller {
		id = 0
	}
	_, _ = b.Client.Tokens(ctx, id)
	return b.now()
}

// protect makes messages hide the secrets of the state before a call that they may be about.
func (b *Backend) protect(state *secretFields) {
	b.Client.Protect(
		commandcenter.Secret(state.AccessToken.ValueString()), commandcenter.Secret(state.RefreshToken.ValueString()))
}

// warnOnce is true for the first who asks: that an argument is unknown is said once, not for each token.
func (b *Backend) warnOnce() bool { return b.warned.CompareAndSwap(false, true) }

// unknownArguments lists what is missing, for a message.
func (b *Backend) unknownArguments() string {
	return strings.Join(b.Unknown, ", ")
}

// fromProvider takes what the provider handed over; it is nil before the provider was configured.
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
