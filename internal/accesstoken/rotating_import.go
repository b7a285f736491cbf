// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// ImportState refuses: a slot is made of a secret, which nobody can fetch again.
func (*rotatingResource) ImportState(_ context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resp.Diagnostics.AddError("A rotating access token cannot be imported", fmt.Sprintf(
		"Import of %q refused; nothing was imported. Command Center shows the secret of a token once only, so a slot made of an "+
			"existing token would hold none. Import it as commvault_access_token, or create the slot and revoke the old token. A "+
			"commvault_access_token that Terraform created becomes a slot with a moved block.", req.ID))
}
