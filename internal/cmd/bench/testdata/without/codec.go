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

// get leaves the object to the framework.
func (codec[M]) get(ctx context.Context, _ tftypes.Value, from reader) (model M, diags diag.Diagnostics) {
	diags = from.Get(ctx, &model)
	return model, diags
}

// set leaves the model to the framework.
func (codec[M]) set(ctx context.Context, model *M, _ *tftypes.Value, to writer) diag.Diagnostics {
	return to.Set(ctx, model)
}
