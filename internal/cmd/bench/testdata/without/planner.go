package accesstoken

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// PlanUnchanged leaves every plan to the framework.
func PlanUnchanged(
	context.Context, func() time.Time, *tfprotov6.PlanResourceChangeRequest,
) *tfprotov6.PlanResourceChangeResponse {
	return nil
}
