// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/ipset"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// Schema is the table of the resource: what a user may set, and what a change of it does.
func (*tokenResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An access token of Commvault Command Center. The secret that Command Center shows once, " +
			"when it creates the token, is kept in the state as a sensitive value; destroying the resource revokes the token.\n\n" +
			"Needs Terraform 1.0 or OpenTofu 1.6, or newer; import by identity needs Terraform or OpenTofu 1.12.",
		Attributes: map[string]schema.Attribute{
			"id":              computedText("The id of the token on the server."),
			"name":            nameAttribute(),
			"name_prefix":     namePrefixAttribute(),
			"type":            typeAttribute(),
			"api_endpoints":   apiEndpointsAttribute(),
			"allowed_ips":     allowedIPsAttribute(),
			"user_id":         userIDAttribute(),
			"renewable_until": renewableUntilAttribute(),
			"token_expiry":    tokenExpiryAttribute(),
			"rotate_when_changed": schema.MapAttribute{
				ElementType: types.StringType,
				Optional:    true,
				MarkdownDescription: "Any values; they are never sent. When one of them changes, the token is replaced. " +
					"Set for the first time on an existing token they are only recorded.",
				PlanModifiers: []planmodifier.Map{mapplanmodifier.RequiresReplaceIf(replaceKnownMap, replaceKnown, replaceKnown)},
			},
			"access_token": secretText("The secret to send in the header `Authtoken`. Null after an import: Command Center " +
				"shows it once only."),
			"refresh_token": secretText("The secret that, together with the access token, renews it, once. Null for the types " +
				"`MS_SCIM` and `OneTouch`, which cannot be renewed, and after an import."),
			"expires_at": computedTime("When the access token ends unless it is renewed, RFC 3339 in UTC. It moves when " +
				"somebody renews the token; that is no difference to the configuration."),
			"refresh_token_expires_at": computedTime("Until when the access token can be renewed after it has expired, " +
				"RFC 3339 in UTC. Null for the types `MS_SCIM` and `OneTouch`."),
		},
	}
}

// IdentitySchema is what an import by identity takes.
func (*tokenResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.StringAttribute{
				RequiredForImport: true,
				Description:       "The id of the token on the server.",
			},
			"user_id": identityschema.Int64Attribute{
				OptionalForImport: true,
				Description:       "The id of the user who owns the token; the user of the provider if it is left out.",
			},
		},
	}
}

const replaceKnown = "A change replaces the token. From null it is only recorded, as after an import."

func nameAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true,
		Computed: true,
		MarkdownDescription: "The name of the token, unique among its owner's tokens. Exactly one of `name` and " +
			"`name_prefix` must be set. A change is made in place.",
		Validators:    []validator.String{validate.NotBlank()},
		PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

func namePrefixAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "Makes a unique name: the prefix, the UTC second of the creation and four random hexadecimal " +
			"digits, such as `ci-20261123T142642Z-9f3a`. Needed with `create_before_destroy`, where the old token still " +
			"has its name. A change replaces the token.",
		Validators:    []validator.String{validate.NotBlank()},
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIf(replaceKnownString, replaceKnown, replaceKnown)},
	}
}

func typeAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true,
		Computed: true,
		Default:  stringdefault.StaticString(string(commandcenter.TypeAll)),
		MarkdownDescription: "What the token may do: `ALL` every call, `CUSTOM` the calls below its `api_endpoints`, " +
			"`MS_SCIM` those of Azure SCIM, `OneTouch` those that install clients, `Hyperscale` those of HyperScale; " +
			"`DEFAULT` is the same as `ALL`. Default `ALL`. A change replaces the token.",
		Validators:    []validator.String{stringvalidator.OneOf(typeNames()...)},
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIf(replaceType, replaceKnown, replaceKnown)},
	}
}

// typeNames are the names of the types as a configuration writes them.
func typeNames() []string {
	names := make([]string, 0, len(commandcenter.TokenTypes()))
	for _, t := range commandcenter.TokenTypes() {
		names = append(names, string(t))
	}
	return names
}

func apiEndpointsAttribute() schema.Attribute {
	return schema.SetAttribute{
		ElementType: types.StringType,
		Optional:    true,
		MarkdownDescription: "The paths below which a `CUSTOM` token may call, such as `/v4/servers`; each begins with `/`. " +
			"Required with the type `CUSTOM`, refused with any other. A change is made in place.",
		Validators: []validator.Set{
			setvalidator.SizeAtLeast(1),
			setvalidator.NoNullValues(),
			setvalidator.ValueStringsAre(validate.APIEndpoint()),
		},
	}
}

func allowedIPsAttribute() schema.Attribute {
	return schema.SetAttribute{
		ElementType: types.StringType,
		Optional:    true,
		MarkdownDescription: "The addresses from which the token may be used: IPv4 or IPv6 addresses, CIDR blocks, or ranges " +
			"`a-b`. Two spellings of the same address are no difference. Not set, the token may be used from anywhere. " +
			"A change is made in place.",
		Validators: []validator.Set{
			// A null that is left out would leave a token that may be used from anywhere.
			setvalidator.NoNullValues(),
			setvalidator.ValueStringsAre(validate.AllowedIP()),
		},
		PlanModifiers: []planmodifier.Set{ipset.KeepSpelling()},
	}
}

func userIDAttribute() schema.Attribute {
	return schema.Int64Attribute{
		CustomType: wholenumber.Type{},
		Optional:   true,
		Computed:   true,
		MarkdownDescription: "The id of the user who owns the token, such as a service account's. Default: the user of the " +
			"provider. A change replaces the token.",
		Validators: []validator.Int64{int64validator.AtLeast(1)},
		PlanModifiers: []planmodifier.Int64{
			int64planmodifier.UseStateForUnknown(),
			int64planmodifier.RequiresReplaceIf(replaceKnownNumber, replaceKnown, replaceKnown),
		},
	}
}

func renewableUntilAttribute() schema.Attribute {
	return schema.StringAttribute{
		CustomType: timestamp.Type{},
		Optional:   true,
		Computed:   true,
		MarkdownDescription: "Until when the token can be renewed, RFC 3339 in whole seconds, up to 2038-01-19T03:14:07Z. " +
			"Default: 90 days after the creation; Command Center cuts it short at 365 days. Not with the types `MS_SCIM` " +
			"and `OneTouch`. A change is made in place.",
		PlanModifiers: []planmodifier.String{timestamp.KeepSpelling(), stringplanmodifier.UseStateForUnknown()},
	}
}

func tokenExpiryAttribute() schema.Attribute {
	return schema.StringAttribute{
		CustomType: timestamp.Type{},
		Optional:   true,
		MarkdownDescription: "When a token of the type `MS_SCIM` or `OneTouch` ends, RFC 3339 in whole seconds, up to " +
			"2038-01-19T03:14:07Z; not with the other types. Default: 30 days after the creation for `MS_SCIM` (365 at " +
			"most), 7 for `OneTouch` (14 at most). A change is made in place; removing it leaves the end as it is.",
		PlanModifiers: []planmodifier.String{timestamp.KeepSpelling()},
	}
}

func computedText(description string) schema.Attribute {
	return schema.StringAttribute{
		Computed:            true,
		MarkdownDescription: description,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

func secretText(description string) schema.Attribute {
	return schema.StringAttribute{
		Computed:            true,
		Sensitive:           true,
		MarkdownDescription: description,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

func computedTime(description string) schema.Attribute {
	return schema.StringAttribute{
		CustomType:          timestamp.Type{},
		Computed:            true,
		MarkdownDescription: description,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

func replaceKnownString(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = !req.StateValue.IsNull()
}

func replaceKnownNumber(_ context.Context, req planmodifier.Int64Request, resp *int64planmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = !req.StateValue.IsNull()
}

func replaceKnownMap(_ context.Context, req planmodifier.MapRequest, resp *mapplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = !req.StateValue.IsNull()
}

// replaceType spares a change between DEFAULT and ALL, which are the same. API.md#types (reference).
func replaceType(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
	before := commandcenter.TokenType(req.StateValue.ValueString()).Canonical()
	after := commandcenter.TokenType(req.PlanValue.ValueString()).Canonical()
	resp.RequiresReplace = !req.StateValue.IsNull() && (req.PlanValue.IsUnknown() || before != after)
}
