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
		MarkdownDescription: "An access token of Commvault Command Center. Command Center shows the secret only once, when it " +
			"creates the token. The provider stores it in state as a sensitive value. Destroying the resource revokes the " +
			"token.\n\n" +
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
					MarkdownDescription: "Arbitrary values that are never sent. A changed value replaces the token. Setting " +
						"the first value or removing the last one is only recorded. `null`, `{}` and null elements count as " +
						"empty.",
					PlanModifiers: []planmodifier.Map{mapplanmodifier.RequiresReplaceIf(replaceChangedValues, rotateChanged, rotateChanged)},
				},
				"access_token": secretAttribute("The secret to send in the header `Authtoken`. Null after an import, because "+
					"Command Center shows it only once.", keep),
				"refresh_token": secretAttribute("The secret for one renewal of the token, to send together with the access "+
					"token. Null after an import, and for the types "+typesThat(false, "`", "and")+", which cannot be renewed.", keep),
				"expires_at": timeAttribute("When the access token expires unless it is renewed, RFC 3339 in UTC. Renewal "+
					"updates it and does not cause a diff.", keep),
				"refresh_token_expires_at": timeAttribute("The end of the refresh window, in which the access token can be "+
					"renewed even after it has expired, RFC 3339 in UTC. Null for the types "+typesThat(false, "`", "and")+".", keep),
			}),
	}
}

func nameAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true,
		Computed: true,
		MarkdownDescription: "The name of the token, unique among its owner's tokens. Exactly one of `name` and `name_prefix` " +
			"must be set. Must not be blank. A plan warns if a new name has surrounding white space or control characters. A " +
			"change updates the token in place.",
		Validators:    []validator.String{validate.TokenName()},
		PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

func namePrefixAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "Generates a unique name from this prefix, the UTC second of the creation and eight random " +
			"hexadecimal digits, such as `ci-20261123T142642Z-9f3ac07b`. Use it with `create_before_destroy`, because the old " +
			"token still has its name during the replacement. A change replaces the token.",
		Validators:    []validator.String{validate.NotBlank()},
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIf(replaceKnownString, replaceKnown, replaceKnown)},
	}
}

func renewableUntilAttribute() schema.Attribute {
	return schema.StringAttribute{
		CustomType: timestamp.Type{},
		Optional:   true,
		Computed:   true,
		MarkdownDescription: "The time until which the token can be renewed, RFC 3339 in whole seconds, up to 2038-01-19T03:14:07Z. " +
			"Defaults to 90 days after the creation. Command Center limits it to 365 days. Not supported for the types " +
			typesThat(false, "`", "and") + ". A change updates the token in place.",
		PlanModifiers: []planmodifier.String{timestamp.KeepSpelling(), stringplanmodifier.UseStateForUnknown()},
	}
}

func tokenExpiryAttribute() schema.Attribute {
	return schema.StringAttribute{
		CustomType: timestamp.Type{},
		Optional:   true,
		MarkdownDescription: "When a token of the type " + typesThat(false, "`", "or") +
			" ends, RFC 3339 in whole seconds, up to 2038-01-19T03:14:07Z. Not supported for other types. " +
			"Defaults to " + daysWithoutRenewal() + ". A change updates the token in place. Removing it leaves the end unchanged.",
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
