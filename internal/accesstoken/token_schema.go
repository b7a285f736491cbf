// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
)

// Schema returns the schema of the resource.
func (*tokenResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := stringplanmodifier.UseStateForUnknown()
	resp.Schema = schema.Schema{
		MarkdownDescription: "An access token of Commvault Command Center. The secret that Command Center shows once, " +
			"when it creates the token, is kept in the state as a sensitive value; destroying the resource revokes the token.\n\n" +
			"Needs Terraform 1.5.7 or OpenTofu 1.8, or newer; import by identity needs Terraform or OpenTofu 1.12.",
		Attributes: attributes(
			scopeAttributes(describeType, stringplanmodifier.RequiresReplaceIf(replaceType, replaceKnown, replaceKnown)),
			map[string]schema.Attribute{
				"id": schema.StringAttribute{
					Computed: true, MarkdownDescription: "The id of the token on the server.",
					PlanModifiers: []planmodifier.String{keep},
				},
				"name":            nameAttribute(),
				"name_prefix":     namePrefixAttribute(),
				"renewable_until": renewableUntilAttribute(),
				"token_expiry":    tokenExpiryAttribute(),
				"rotate_when_changed": schema.MapAttribute{
					ElementType: types.StringType,
					Optional:    true,
					MarkdownDescription: "Arbitrary values that are never sent. A changed value replaces the token. Values that " +
						"are set for the first time, or all removed, are only recorded; `null`, `{}` and elements that are null count as empty.",
					PlanModifiers: []planmodifier.Map{mapplanmodifier.RequiresReplaceIf(replaceChangedValues, rotateChanged, rotateChanged)},
				},
				"access_token": secretAttribute("The secret to send in the header `Authtoken`. Null after an import: Command Center "+
					"shows it once only.", keep),
				"refresh_token": secretAttribute("The secret that, together with the access token, renews it, once. Null for the types "+
					typesThat(false, "`", "and")+", which cannot be renewed, and after an import.", keep),
				"expires_at": timeAttribute("When the access token ends unless it is renewed, RFC 3339 in UTC. Renewal "+
					"updates it and does not cause a diff.", keep),
				"refresh_token_expires_at": timeAttribute("Until when the access token can be renewed after it has expired, "+
					"RFC 3339 in UTC. Null for the types "+typesThat(false, "`", "and")+".", keep),
			}),
	}
}

func nameAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true,
		Computed: true,
		MarkdownDescription: "The name of the token, unique among its owner's tokens. Exactly one of `name` and `name_prefix` " +
			"must be set. Must not be blank; a plan warns of white space around a new name and of control characters. A change " +
			"updates the token in place.",
		Validators:    []validator.String{validate.TokenName()},
		PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

func namePrefixAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "Makes a unique name: the prefix, the UTC second of the creation and eight random hexadecimal " +
			"digits, such as `ci-20261123T142642Z-9f3ac07b`. Needed with `create_before_destroy`, where the old token still " +
			"has its name. A change replaces the token.",
		Validators:    []validator.String{validate.NotBlank()},
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIf(replaceKnownString, replaceKnown, replaceKnown)},
	}
}

func renewableUntilAttribute() schema.Attribute {
	return schema.StringAttribute{
		CustomType: timestamp.Type{},
		Optional:   true,
		Computed:   true,
		MarkdownDescription: "Until when the token can be renewed, RFC 3339 in whole seconds, up to 2038-01-19T03:14:07Z. " +
			"Default: 90 days after the creation; Command Center cuts it short at 365 days. Not with the types " +
			typesThat(false, "`", "and") + ". A change is made in place.",
		PlanModifiers: []planmodifier.String{timestamp.KeepSpelling(), stringplanmodifier.UseStateForUnknown()},
	}
}

func tokenExpiryAttribute() schema.Attribute {
	return schema.StringAttribute{
		CustomType: timestamp.Type{},
		Optional:   true,
		MarkdownDescription: "When a token of the type " + typesThat(false, "`", "or") + " ends, RFC 3339 in whole seconds, up to " +
			"2038-01-19T03:14:07Z; not with the other types. Default: " + daysWithoutRenewal() + ". A change is made in place; removing it leaves the end as it is.",
		PlanModifiers: []planmodifier.String{timestamp.KeepSpelling()},
	}
}

func replaceKnownString(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = !req.StateValue.IsNull()
}

// replaceChangedValues compares the maps without their null elements. A change from or to an empty map is only recorded.
func replaceChangedValues(_ context.Context, req planmodifier.MapRequest, resp *mapplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = valuesChange(req.StateValue, req.PlanValue)
}

// replaceType does not force replacement for a change that the server makes in place. API.md#update (docs). An unknown type of a token
// that can be renewed is expected to be such a change. If it is not, Terraform refuses the apply.
func replaceType(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
	before, after := commandcenter.TokenType(req.StateValue.ValueString()), commandcenter.TokenType(req.PlanValue.ValueString())
	switch {
	case req.StateValue.IsNull():
	case req.PlanValue.IsUnknown():
		resp.RequiresReplace = !before.Renews()
	default:
		resp.RequiresReplace = before.Canonical() != after.Canonical() && !before.ChangesInPlace(after)
	}
}
