// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// The filters mean the same in the data source and in the list resource, whose schemas are of different types.
const (
	describeOwner     = "The id of the user whose tokens are listed. Default: the user of the provider."
	describeNameRegex = "Only tokens whose name matches this regular expression, in the syntax of RE2. It may match any part " +
		"of the name: `^` and `$` hold it to the ends."
	describeType       = "Only tokens of this type; `DEFAULT` is the same as `ALL`."
	describeEndsBefore = "Only tokens that end for good before this instant, RFC 3339, those that have ended included: by " +
		"`renewable_until`, or by `expires_at` for the types that cannot be renewed."
)

func ownerValidators() []validator.Int64      { return []validator.Int64{int64validator.AtLeast(1)} }
func nameRegexValidators() []validator.String { return []validator.String{validate.Regexp()} }
func typeValidators() []validator.String {
	return []validator.String{stringvalidator.OneOf(typeNames()...)}
}

// filterAttributes are the arguments that choose among a user's tokens.
func filterAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"user_id": schema.Int64Attribute{
			CustomType: wholenumber.Type{}, Optional: true, Validators: ownerValidators(), MarkdownDescription: describeOwner,
		},
		"name_regex": schema.StringAttribute{
			Optional: true, Validators: nameRegexValidators(), MarkdownDescription: describeNameRegex,
		},
		"type": schema.StringAttribute{
			Optional: true, Validators: typeValidators(), MarkdownDescription: describeType,
		},
		"ends_before": schema.StringAttribute{
			CustomType: timestamp.Type{}, Optional: true, MarkdownDescription: describeEndsBefore,
		},
	}
}

// listedAttributes are what the inventory shows of a token.
func listedAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":      schema.StringAttribute{Computed: true, MarkdownDescription: "The id of the token."},
		"name":    schema.StringAttribute{Computed: true, MarkdownDescription: "The name of the token."},
		"type":    schema.StringAttribute{Computed: true, MarkdownDescription: "What the token may do; `ALL` also for `DEFAULT`."},
		"user_id": schema.Int64Attribute{CustomType: wholenumber.Type{}, Computed: true, MarkdownDescription: "The id of the owner."},
		"api_endpoints": schema.SetAttribute{
			ElementType: types.StringType, Computed: true,
			MarkdownDescription: "The paths below which a `CUSTOM` token may call.",
		},
		"allowed_ips": schema.SetAttribute{
			ElementType: types.StringType, Computed: true,
			MarkdownDescription: "The addresses from which the token may be used; empty for anywhere.",
		},
		"expires_at": computedInstant("When the access token ends unless it is renewed, RFC 3339 in UTC."),
		"refresh_token_expires_at": computedInstant("Until when the access token can be renewed after it has expired, RFC 3339 " +
			"in UTC."),
		"renewable_until": computedInstant("Until when the token can be renewed again and again, RFC 3339 in UTC."),
		"ends_at": computedInstant("When the token ends for good, RFC 3339 in UTC: `renewable_until`, or `expires_at` for the " +
			"types that cannot be renewed."),
	}
}

func computedInstant(description string) schema.Attribute {
	return schema.StringAttribute{CustomType: timestamp.Type{}, Computed: true, MarkdownDescription: description}
}
