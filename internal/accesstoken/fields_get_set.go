// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// reader and writer are the State, Plan or Config of the framework that contains an object.
type (
	reader interface {
		Get(ctx context.Context, target any) diag.Diagnostics
	}
	writer interface {
		Set(ctx context.Context, value any) diag.Diagnostics
	}
)

// get is from.Get, where raw is the object in from.
func (c codec[M]) get(ctx context.Context, raw tftypes.Value, from reader) (model M, diags diag.Diagnostics) {
	if c.decode(ctx, raw, &model) != nil {
		diags = from.Get(ctx, &model) // for its diagnostics
	}
	return model, diags
}

// set is to.Set, where raw is the object in to.
func (c codec[M]) set(ctx context.Context, model *M, raw *tftypes.Value, to writer) diag.Diagnostics {
	object, err := c.encode(ctx, model)
	if err != nil {
		return to.Set(ctx, model) // for its diagnostics
	}
	*raw = object
	return nil
}
