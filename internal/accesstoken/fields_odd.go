// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
)

// A token that was created elsewhere may have a name or a scope in a form that this provider would refuse. The schema accepts it,
// because the configuration that Terraform generates for an import must be valid. The plan refuses such a value only if it is new.

// oddNameWarning warns about a new or changed name that is easy to mistake for another one.
func (m *model) oddNameWarning(state *model) diag.Diagnostics {
	var diags diag.Diagnostics
	name, odd := m.Name.ValueString(), ""
	switch {
	case state != nil && m.Name.Equal(state.Name):
	case strings.TrimSpace(name) != name:
		odd = "begins or ends with white space"
	case strings.ContainsFunc(name, unicode.IsControl):
		odd = "contains a control character"
	}
	if odd != "" {
		diags.AddAttributeWarning(path.Root("name"), "Unusual name of the access token", fmt.Sprintf(
			"The name %q %s. Command Center may store a different name, or treat the name as equal to one without that "+
				"character. Remove the character unless you need it.", name, odd))
	}
	return diags
}

// refuseOdd refuses endpoints and addresses of an unusual form, unless they are in the state.
func (f *scopeFields) refuseOdd(ctx context.Context, state tfsdk.State) diag.Diagnostics {
	diags := refuseOdd(ctx, state, path.Root("api_endpoints"), f.APIEndpoints, validate.APIEndpoint())
	diags.Append(refuseOdd(ctx, state, path.Root("allowed_ips"), f.AllowedIPs, validate.AllowedIP())...)
	return diags
}

func refuseOdd(ctx context.Context, state tfsdk.State, at path.Path, planned types.Set, rule validator.String) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, text := range texts(planned) {
		value := types.StringValue(text)
		var resp validator.StringResponse
		rule.ValidateString(ctx, validator.StringRequest{Path: at.AtSetValue(value), ConfigValue: value}, &resp)
		if len(resp.Diagnostics) == 0 {
			continue
		}
		var before types.Set
		if !state.Raw.IsNull() {
			diags.Append(state.GetAttribute(ctx, at, &before)...)
		}
		if !slices.Contains(texts(before), text) {
			diags.Append(resp.Diagnostics...)
		}
	}
	return diags
}
