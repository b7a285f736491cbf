// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package validate

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

var _ validator.Int64 = between{}

type between struct{ least, most int64 }

// Between requires a whole number from least to most.
func Between(least, most int64) validator.Int64 { return between{least, most} }

func (b between) accepted() string {
	return fmt.Sprintf("a whole number from %d to %d", b.least, b.most)
}

func (b between) Description(context.Context) string { return "value must be " + b.accepted() }

func (b between) MarkdownDescription(ctx context.Context) string { return b.Description(ctx) }

func (b between) ValidateInt64(_ context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if n := req.ConfigValue.ValueInt64(); n < b.least || n > b.most {
		resp.Diagnostics.AddAttributeError(req.Path, "Number out of range",
			fmt.Sprintf("%s: %d was given; the value must be %s.", req.Path, n, b.accepted()))
	}
}
