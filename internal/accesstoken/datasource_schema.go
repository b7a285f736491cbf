// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// The data source and the list resource share these descriptions because their schemas have different Go types.
const (
	describeOwner     = "The id of the user whose tokens are listed. Defaults to the user of the provider."
	describeNameRegex = "Only tokens whose name matches this regular expression, in RE2 syntax. It can match any part of the " +
		"name; use `^` and `$` to anchor it."
	describeFilterType = "Only tokens of this type. `DEFAULT` and `ALL` are equivalent."
	describeEndsBefore = "Only tokens whose `ends_at` is before this timestamp (RFC 3339), including those that have already " +
		"ended."
)

func nameRegexValidators() []validator.String { return []validator.String{validate.Regexp()} }

// filterAttributes returns the arguments that filter a user's tokens.
func filterAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"user_id": schema.Int64Attribute{
			CustomType: wholenumber.Type{}, Optional: true, Validators: ownerValidators(), MarkdownDescription: describeOwner,
		},
		"name_regex": schema.StringAttribute{
			Optional: true, Validators: nameRegexValidators(), MarkdownDescription: describeNameRegex,
		},
		"type": schema.StringAttribute{
			Optional: true, Validators: typeValidators(), MarkdownDescription: describeFilterType,
		},
		"ends_before": schema.StringAttribute{
			CustomType: timestamp.Type{}, Optional: true, MarkdownDescription: describeEndsBefore,
		},
	}
}

// listedAttributes returns the attributes of a token that a list shows.
func listedAttributes() map[string]schema.Attribute {
	return attributes(listedScopeAttributes(), listedEndAttributes(), map[string]schema.Attribute{
		"id":   schema.StringAttribute{Computed: true, MarkdownDescription: "The id of the token."},
		"name": schema.StringAttribute{Computed: true, MarkdownDescription: "The name of the token."},
		"ends_at": listedTime("When the token ends permanently, RFC 3339 in UTC. This is `renewable_until`, or `expires_at` for " +
			"the types that cannot be renewed."),
	})
}
