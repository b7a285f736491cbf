// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package accesstoken is the room of the thing itself: the resources and data sources about access tokens, and the
// mapping between them and the API.
package accesstoken

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"

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
	version atomic.Int64 // the highest secret_version of a slot that this process has destroyed
	said    sync.Map     // refused logins that were explained
}

// destroyed remembers the secret_version of a slot: its replacement has to have a higher one, and is not told of it.
func (b *Backend) destroyed(version int64) {
	for {
		before := b.version.Load()
		if version <= before || b.version.CompareAndSwap(before, version) {
			return
		}
	}
}

// errLoginSaid stands for a refused login that was explained before.
var errLoginSaid = errors.New("the login was refused, as another error of this run explains")

// once gives err the first time, and later only says that it was said: a login that is refused fails every operation.
func (b *Backend) once(err error) error {
	var login *commandcenter.LoginError
	if !errors.As(err, &login) {
		return err
	}
	if _, before := b.said.LoadOrStore(login, true); before {
		return errLoginSaid
	}
	return err
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
