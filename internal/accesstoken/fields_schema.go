// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"maps"
	"math"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	ephemeral "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	resource "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// These functions return the schemas of the structs in fields.go. The framework has a schema package for each kind of object, so an
// attribute has one entry for resources, one for the ephemeral resource and one for data sources.

// attributes merges groups of attributes.
func attributes[A any](groups ...map[string]A) map[string]A {
	joined := map[string]A{}
	for _, group := range groups {
		maps.Copy(joined, group)
	}
	return joined
}

const (
	describeEndpoints = "The paths that a `CUSTOM` token can call, including everything below them"
	describeAddresses = "The addresses from which the token can be used"
	addressForms      = ": IPv4 or IPv6 addresses, CIDR blocks, or ranges `a-b`. "
)

// scopeAttributes returns the attributes of scopeFields in a resource. The description and the plan modifiers of type differ by
// resource.
func scopeAttributes(describeType string, typeModifiers ...planmodifier.String) map[string]resource.Attribute {
	return map[string]resource.Attribute{
		"type": resource.StringAttribute{
			Optional: true, Computed: true, MarkdownDescription: describeType, Validators: typeValidators(),
			PlanModifiers: append([]planmodifier.String{omittedType{}}, typeModifiers...),
		},
		"api_endpoints": resource.SetAttribute{
			ElementType: types.StringType, Optional: true, Computed: true, Validators: storedEndpointValidators(),
			MarkdownDescription: describeEndpoints +
				", such as `/v4/servers`. Each begins with `/`. Required for the type `CUSTOM`, and not " +
				"supported for other types. Paths that differ only in letter case or a trailing slash are treated as equal. A " +
				"change updates the token in place.",
			PlanModifiers: []planmodifier.Set{omittedEndpoints{}, keepEndpoints},
		},
		"allowed_ips": resource.SetAttribute{
			ElementType: types.StringType, Optional: true, Validators: storedAddressValidators(),
			MarkdownDescription: describeAddresses + addressForms + "Equivalent notations are treated as equal. If omitted, the " +
				"token can be used from any address. A change updates the token in place.",
			PlanModifiers: []planmodifier.Set{keepAddresses},
		},
		"user_id": resource.Int64Attribute{
			CustomType: wholenumber.Type{}, Optional: true, Computed: true, Validators: ownerValidators(),
			MarkdownDescription: "The id of the user who owns the token, such as a service account. The data source " +
				"`commvault_user` looks it up. Defaults to the user of the provider. A change replaces the token.",
			PlanModifiers: []planmodifier.Int64{
				int64planmodifier.UseStateForUnknown(),
				int64planmodifier.RequiresReplaceIf(replaceKnownNumber, replaceKnown, replaceKnown),
			},
		},
	}
}

// ephemeralScopeAttributes returns the attributes of scopeFields in the ephemeral resource.
func ephemeralScopeAttributes() map[string]ephemeral.Attribute {
	return map[string]ephemeral.Attribute{
		"type": ephemeral.StringAttribute{
			Optional: true, Validators: typeValidators(),
			MarkdownDescription: "The scope of the token, see the resource `commvault_access_token`. Defaults to `ALL`.",
		},
		"api_endpoints": ephemeral.SetAttribute{
			ElementType: types.StringType, Optional: true, Validators: endpointValidators(),
			MarkdownDescription: describeEndpoints +
				". Each begins with `/`. Required for the type `CUSTOM`, and not supported for other types.",
		},
		"allowed_ips": ephemeral.SetAttribute{
			ElementType: types.StringType, Optional: true, Validators: addressValidators(),
			MarkdownDescription: describeAddresses + addressForms + "If omitted, the token can be used from any address.",
		},
		"user_id": ephemeral.Int64Attribute{
			CustomType: wholenumber.Type{}, Optional: true, Validators: ownerValidators(),
			MarkdownDescription: "The id of the user who owns the token. Defaults to the user of the provider.",
		},
	}
}

// listedScopeAttributes returns the attributes of scopeFields in a data source.
func listedScopeAttributes() map[string]datasource.Attribute {
	return map[string]datasource.Attribute{
		"type": datasource.StringAttribute{Computed: true, MarkdownDescription: "The scope of the token. `ALL` also stands " +
			"for `DEFAULT`."},
		"user_id": datasource.Int64Attribute{CustomType: wholenumber.Type{}, Computed: true, MarkdownDescription: "The id of the owner."},
		"api_endpoints": datasource.SetAttribute{
			ElementType: types.StringType, Computed: true, MarkdownDescription: describeEndpoints + ".",
		},
		"allowed_ips": datasource.SetAttribute{
			ElementType: types.StringType, Computed: true, MarkdownDescription: describeAddresses +
				". Empty if the token can be used from any " +
				"address.",
		},
	}
}

// secretAttribute returns an attribute of secretFields in a resource.
func secretAttribute(description string, modifiers ...planmodifier.String) resource.Attribute {
	return resource.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: description, PlanModifiers: modifiers}
}

// timeAttribute returns an attribute of endFields in a resource, or of another computed timestamp.
func timeAttribute(description string, modifiers ...planmodifier.String) resource.Attribute {
	return resource.StringAttribute{
		CustomType: timestamp.Type{}, Computed: true, MarkdownDescription: description, PlanModifiers: modifiers,
	}
}

// listedEndAttributes returns the attributes of endFields in a data source.
func listedEndAttributes() map[string]datasource.Attribute {
	return map[string]datasource.Attribute{
		"expires_at": listedTime("When the access token expires unless it is renewed, RFC 3339 in UTC."),
		"refresh_token_expires_at": listedTime("The end of the refresh window, in which the access token can be renewed even after " +
			"it has expired, RFC 3339 in UTC."),
		"renewable_until": listedTime("The time after which the token can no longer be renewed, RFC 3339 in UTC."),
	}
}

func listedTime(description string) datasource.Attribute {
	return datasource.StringAttribute{CustomType: timestamp.Type{}, Computed: true, MarkdownDescription: description}
}

func typeValidators() []validator.String {
	return []validator.String{validate.TokenType(typeNames()...)}
}

func endpointValidators() []validator.Set {
	return []validator.Set{
		setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(validate.APIEndpoint()),
	}
}

// addressValidators also refuse a null element: if it were dropped, an empty set would permit every address.
func addressValidators() []validator.Set {
	return []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(validate.AllowedIP())}
}

// storedEndpointValidators accept every value that the server may hold, so that the configuration generated for an imported token is
// valid. The plan refuses new endpoints of another form, see refuseOdd.
func storedEndpointValidators() []validator.Set {
	return []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.NoNullValues()}
}

// storedAddressValidators are like storedEndpointValidators, for addresses. They accept an empty set.
func storedAddressValidators() []validator.Set { return []validator.Set{setvalidator.NoNullValues()} }

// mostUserID is the highest user id. It assumes that user ids of Command Center have 32 bits.
const mostUserID = math.MaxInt32

func ownerValidators() []validator.Int64 { return []validator.Int64{validate.Between(1, mostUserID)} }

const replaceKnown = "A change replaces the token. A change from null, as after an import, is only recorded."

func replaceKnownNumber(_ context.Context, req planmodifier.Int64Request, resp *int64planmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = !req.StateValue.IsNull()
}
