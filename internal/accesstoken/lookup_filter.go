// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// filterModel holds the filters of the data source and the list resource.
type filterModel struct {
	UserID     wholenumber.Value `tfsdk:"user_id"`
	NameRegex  types.String      `tfsdk:"name_regex"`
	Type       types.String      `tfsdk:"type"`
	EndsBefore timestamp.Value   `tfsdk:"ends_before"`
}

// choose returns the tokens that match every filter, ordered by id. A list that cannot be read is an error, never an empty result.
func (b *Backend) choose(ctx context.Context, filter filterModel) (ownedList, []commandcenter.Token, diag.Diagnostics) {
	var diags diag.Diagnostics
	var name *regexp.Regexp
	if !filter.NameRegex.IsNull() {
		var err error
		if name, err = regexp.Compile(filter.NameRegex.ValueString()); err != nil {
			diags.AddAttributeError(path.Root("name_regex"), "Invalid regular expression", err.Error())
			return ownedList{}, nil, diags
		}
	}
	list, diags := b.inventory(ctx, filter.UserID)
	if diags.HasError() {
		return ownedList{}, nil, diags
	}
	before, endsBefore := filter.EndsBefore.Time()
	wanted := commandcenter.TokenType(filter.Type.ValueString()).Canonical()
	chosen := []commandcenter.Token{}
	var typeless, endless []commandcenter.Token
	for _, t := range list.all() {
		if name != nil && !name.MatchString(t.Name) {
			continue
		}
		if wanted != "" && t.Type == "" {
			typeless = append(typeless, t)
			continue
		}
		if wanted != "" && t.Type.Canonical() != wanted {
			continue
		}
		end, answered := list.endsAt(t).Time()
		if endsBefore && !answered {
			endless = append(endless, t)
			continue
		}
		if !endsBefore || end.Before(before) {
			chosen = append(chosen, t)
		}
	}
	if len(typeless) > 0 {
		diags.Append(notListedWarning("type", "the type", typeless))
	}
	if len(endless) > 0 {
		diags.Append(notListedWarning("ends_before", "the end", endless))
	}
	return list, chosen, diags
}

// notListedWarning reports tokens that a filter excluded because the list omits the field to compare.
func notListedWarning(argument, what string, out []commandcenter.Token) diag.Diagnostic {
	shown := out[:min(nearestShown, len(out))]
	more := ""
	if rest := len(out) - len(shown); rest > 0 {
		more = fmt.Sprintf(" and %d more", rest)
	}
	return diag.NewAttributeWarningDiagnostic(path.Root(argument), "Filter on a field that the server does not list", fmt.Sprintf(
		"%s is set, but Command Center does not list %s of these tokens, so they do not match: %s%s. To include them, omit %s "+
			"and filter by name_regex.", argument, what, described(shown), more, argument))
}
