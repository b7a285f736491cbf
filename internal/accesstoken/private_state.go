// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// The keys of the private state. Its values are JSON.
const (
	// privateVersion is the version of the other keys. A state without it predates the key. Any key that was added since then may be
	// missing in such a state.
	privateVersion  = "version"
	privateOwner    = "owner"
	privateCut      = "cut"
	privateImported = "imported"
	// privateAdopted marks a token that Terraform did not create. privateNoSecrets marks a token for which an update returns no
	// secrets.
	privateAdopted   = "adopted"
	privateNoSecrets = "no_secrets"
	// privateExpiry is the expiry that came with the secrets in the state, in Unix seconds. A later expiry means that somebody else has
	// renewed the token.
	privateExpiry = "expiry"
	// privatePending is the time of a DELETE that was answered 202, in Unix seconds. The revocation awaits an administrator's approval.
	privatePending = "pending"
)

// currentVersion is the version of the private state. Version 1 was never written. It had neither maker nor pending.
const currentVersion = 2

// ownership is what the private state records about the owner in addition to user_id.
type ownership struct {
	// Caller reports whether the token was created for, or imported from, the owner of the credential.
	Caller bool `json:"caller"`
	// Maker is the name of the user who created or imported the token, or "" if it is unknown.
	Maker string `json:"maker,omitempty"`
}

// learnMaker returns the name of the provider's user, who is creating or importing a token, or "" if it cannot be determined.
func (b *Backend) learnMaker(ctx context.Context) string {
	name, _ := b.Client.CallerName(ctx)
	return name
}

// showsMaker reports whether a list with the token proves that the provider's user created it or is importing it.
func showsMaker(owner commandcenter.Owner, found reading, imported bool) bool {
	return found.presence == present && owner.Maker == "" && (imported || owner.Caller && found.callers)
}

// pendingFor is how long the provider waits for an approval before it sends the DELETE again.
const pendingFor = 24 * time.Hour

// isPending reports whether a revocation that was requested at since, in Unix seconds, should not be sent again yet.
func isPending(since int64, now time.Time) bool {
	return since != 0 && now.Before(time.Unix(since, 0).Add(pendingFor))
}

// cutEnds are the ends that the server shortened or rounded, in Unix seconds, 0 for none. While the server returns the same end, it is
// not drift: the user has been warned, and the state keeps the configured value.
type cutEnds struct {
	RenewableUntil int64 `json:"renewable_until,omitempty"`
	TokenExpiry    int64 `json:"token_expiry,omitempty"`
	// Untold ends were sent, and the response omitted them. The next list shows whether the server shortened them.
	UntoldRenewableUntil bool `json:"untold_renewable_until,omitempty"`
	UntoldTokenExpiry    bool `json:"untold_token_expiry,omitempty"`
	// Unlisted ends were sent and have not been listed since. A list may round them.
	UnlistedRenewableUntil bool `json:"unlisted_renewable_until,omitempty"`
	UnlistedTokenExpiry    bool `json:"unlisted_token_expiry,omitempty"`
}

// knows reports whether answered is the recorded end.
func (cutEnds) knows(remembered int64, answered time.Time) bool {
	return remembered != 0 && !answered.IsZero() && answered.Unix() == remembered
}

// privateReader and privateWriter are the private state of requests and responses.
type (
	privateReader interface {
		GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	}
	privateWriter interface {
		SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
	}
)

// recall decodes the value of key into value. It returns false if the data cannot be decoded. If the key is missing, value stays
// unchanged.
func recall(ctx context.Context, private privateReader, key string, value any) bool {
	data, diags := private.GetKey(ctx, key)
	if diags.HasError() {
		return false
	}
	return len(data) == 0 || json.Unmarshal(data, value) == nil
}

// remember stores value under key, together with the current version.
func remember(ctx context.Context, private privateWriter, key string, value any) diag.Diagnostics {
	data, err := json.Marshal(value)
	if err != nil {
		var diags diag.Diagnostics
		diags.AddError("Private state cannot be written", "This is a bug of the provider, please report it: "+err.Error())
		return diags
	}
	diags := private.SetKey(ctx, key, data)
	diags.Append(private.SetKey(ctx, privateVersion, strconv.AppendInt(nil, currentVersion, 10))...)
	return diags
}
