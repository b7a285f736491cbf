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

// What the resources remember beside their state, as JSON under these keys of the private state.
const (
	// privateVersion is the version of the other keys. States that lack it were written before it existed; every key that
	// was added since may be missing in them.
	privateVersion  = "version"
	privateOwner    = "owner"
	privateCut      = "cut"
	privateImported = "imported"
	// privateAdopted marks a token that Terraform did not make, and privateNoSecrets one whose secrets no update returns.
	privateAdopted   = "adopted"
	privateNoSecrets = "no_secrets"
	// privateExpiry is the expiry that came with the secrets in the state, Unix seconds: a later one means that somebody
	// has renewed the token since.
	privateExpiry = "expiry"
	// privatePending is when a DELETE was answered 202, Unix seconds: it waits for an administrator.
	privatePending = "pending"
)

// currentVersion of the private state. Version 1, which was never written, had neither maker nor pending.
const currentVersion = 2

// ownership is what is known about the owner besides user_id.
type ownership struct {
	// Caller reports whether the token was made for, or imported from, whoever the credential belonged to.
	Caller bool `json:"caller"`
	// Maker is the name of the user who made or imported the token, "" if it could not be learned.
	Maker string `json:"maker,omitempty"`
}

// learnMaker returns the name of the provider's user, who makes or imports a token now, "" if it cannot be learned.
func (b *Backend) learnMaker(ctx context.Context) string {
	name, _ := b.Client.CallerName(ctx)
	return name
}

// showsMaker reports whether a list that shows a token proves that the provider's user made it, or imports it now.
func showsMaker(owner commandcenter.Owner, found reading, imported bool) bool {
	return found.presence == present && owner.Maker == "" && (imported || owner.Caller && found.callers)
}

// pendingFor is how long a revocation that waits for an administrator is not asked for again.
const pendingFor = 24 * time.Hour

// isPending reports whether a revocation that was asked for at since, in Unix seconds, is not asked for again yet.
func isPending(since int64, now time.Time) bool {
	return since != 0 && now.Before(time.Unix(since, 0).Add(pendingFor))
}

// cutEnds are the server's ends where they differ from what was asked for: cut short, or rounded either way. As long as it
// returns the same, that is no drift: the user was warned, and the state keeps what the configuration says. Unix seconds, 0
// for none.
type cutEnds struct {
	RenewableUntil int64 `json:"renewable_until,omitempty"`
	TokenExpiry    int64 `json:"token_expiry,omitempty"`
	// Untold are ends that were sent, and that the answer did not repeat: the next list shows whether they were cut short.
	UntoldRenewableUntil bool `json:"untold_renewable_until,omitempty"`
	UntoldTokenExpiry    bool `json:"untold_token_expiry,omitempty"`
	// Unlisted are ends that were sent, and that no list has shown since: a list may round them.
	UnlistedRenewableUntil bool `json:"unlisted_renewable_until,omitempty"`
	UnlistedTokenExpiry    bool `json:"unlisted_token_expiry,omitempty"`
}

// knows reports whether answered is the cut end remembered.
func (cutEnds) knows(remembered int64, answered time.Time) bool {
	return remembered != 0 && !answered.IsZero() && answered.Unix() == remembered
}

// privateReader and privateWriter are the private state of the requests and responses.
type (
	privateReader interface {
		GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	}
	privateWriter interface {
		SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
	}
)

// recall reads what is kept under key into value. It returns false if that cannot be read; what is missing leaves the
// value as it is.
func recall(ctx context.Context, private privateReader, key string, value any) bool {
	data, diags := private.GetKey(ctx, key)
	if diags.HasError() {
		return false
	}
	return len(data) == 0 || json.Unmarshal(data, value) == nil
}

// remember keeps value under key, and the version that it is written in.
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
