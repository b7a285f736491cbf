// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// What the resource remembers beside its state, as JSON under these keys of the private state.
const (
	privateOwner    = "owner"
	privateCut      = "cut"
	privateImported = "imported"
	// privateExpiry is the expiry that came with the secrets in the state, Unix seconds: a later one means that somebody
	// has renewed the token since.
	privateExpiry = "expiry"
)

// ownership tells that the token was made for, or imported from, whoever the credential belonged to.
type ownership struct {
	Caller bool `json:"caller"`
}

// cutEnds are the server's ends where it cut short what was asked for. As long as it tells the same, that is no drift:
// the user was warned, and the state keeps what the configuration says. Unix seconds, 0 for none.
type cutEnds struct {
	RenewableUntil int64 `json:"renewable_until,omitempty"`
	TokenExpiry    int64 `json:"token_expiry,omitempty"`
	// Untold are ends that were sent, and that the answer did not repeat: the next list tells whether they were cut short.
	UntoldRenewableUntil bool `json:"untold_renewable_until,omitempty"`
	UntoldTokenExpiry    bool `json:"untold_token_expiry,omitempty"`
}

// knows tells whether told is the cut end remembered.
func (cutEnds) knows(remembered int64, told time.Time) bool {
	return remembered != 0 && !told.IsZero() && told.Unix() == remembered
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

// recall reads what is kept under key into value; what is missing or unreadable leaves it as it is.
func recall(ctx context.Context, private privateReader, key string, value any) {
	data, diags := private.GetKey(ctx, key)
	if diags.HasError() || len(data) == 0 {
		return
	}
	_ = json.Unmarshal(data, value) // written by remember; from a newer version, it counts as missing
}

// remember keeps value under key.
func remember(ctx context.Context, private privateWriter, key string, value any) diag.Diagnostics {
	data, err := json.Marshal(value)
	if err != nil {
		var diags diag.Diagnostics
		diags.AddError("Private state cannot be written", "This is a bug of the provider, please report it: "+err.Error())
		return diags
	}
	return private.SetKey(ctx, key, data)
}
