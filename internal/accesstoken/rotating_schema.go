// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// mostRenewBeforeMinutes is the longest lifetime of an access token that a company can set. API.md#life-of-a-token (vendor).
const mostRenewBeforeMinutes = 43_200

const describeSlotType = "The scope of the token, see `commvault_access_token`. Defaults to `ALL`. A change among the types " +
	"that can be renewed updates the current token and the tokens in their overlap in place. Any other change rotates the slot."

// Schema returns the schema of the resource. Its computed attributes have no plan modifiers, because ModifyPlan plans all of them
// together.
func (*rotatingResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A slot for an access token. Terraform replaces the token before its end without downtime: the " +
			"old token stays valid for an overlap, and a later apply revokes it. With `renew`, Terraform also renews the " +
			"token.\n\n" +
			"Needs Terraform 1.5.7 or OpenTofu 1.8, or newer; `moved` from `commvault_access_token` needs Terraform 1.8 or " +
			"OpenTofu 1.10.",
		Attributes: attributes(scopeAttributes(describeSlotType), map[string]schema.Attribute{
			"name_prefix": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "The prefix of the names of the slot's tokens. The provider appends the UTC second of the " +
					"creation and eight random hexadecimal digits, such as `ci-20261123T142642Z-9f3ac07b`. A change rotates " +
					"the slot.",
				Validators: []validator.String{validate.TokenName()},
			},
			"lifetime_days": schema.Int64Attribute{
				CustomType: wholenumber.Type{},
				Optional:   true,
				MarkdownDescription: "How many days after its creation a new token ends. Defaults to " +
					daysByType(commandcenter.TokenType.DefaultLifetime) + "; at most " +
					daysByType(commandcenter.TokenType.LongestLifetime) + ". A change rotates the slot.",
				Validators: []validator.Int64{validate.Between(1, longestDays)},
			},
			"rotate_before_days": schema.Int64Attribute{
				CustomType: wholenumber.Type{},
				Optional:   true,
				MarkdownDescription: "How many days before its end a token is rotated. Must be less than `lifetime_days`. " +
					"Defaults to 14 or a third of the lifetime, whichever is less.",
				Validators: []validator.Int64{validate.Between(1, longestDays-1)},
			},
			"overlap_hours": schema.Int64Attribute{
				CustomType: wholenumber.Type{},
				Optional:   true,
				Computed:   true,
				Default:    int64default.StaticInt64(24),
				MarkdownDescription: "How many hours the old token stays valid after a rotation, at most 24 for each day of " +
					"the lifetime. Defaults to 24. The old token is never kept beyond its own end.",
				Validators: []validator.Int64{validate.Between(1, 24*longestDays)},
			},
			"renew": schema.BoolAttribute{
				Optional: true,
				Computed: true,
				Default:  booldefault.StaticBool(false),
				MarkdownDescription: "Whether Terraform renews the access token, which expires after 30 minutes in most " +
					"releases. With `true`, Terraform alone renews it, in each run in which renewal is due. With `false`, the " +
					"consumer of the token renews it. Defaults to `false`. A pair of secrets can be used for one renewal " +
					"only, so exactly one party may renew. With `true`, a plan near or after `expires_at` is not empty.",
			},
			"renew_before_minutes": schema.Int64Attribute{
				CustomType: wholenumber.Type{},
				Optional:   true,
				MarkdownDescription: "How many minutes before `expires_at` Terraform renews the token, 1 to 43200. Supported " +
					"only with `renew`. Defaults to 10. Terraform never renews in the first half of the life that the server " +
					"gave the access token.",
				Validators: []validator.Int64{validate.Between(1, mostRenewBeforeMinutes)},
			},
			"rotate_when_changed": schema.MapAttribute{
				ElementType: types.StringType,
				Optional:    true,
				MarkdownDescription: "Arbitrary values that are never sent. A changed value rotates the slot, with the " +
					"overlap. Null elements are ignored. Setting the first value or removing the last one is only recorded.",
			},
			"name":            schema.StringAttribute{Computed: true, MarkdownDescription: "The name of the current token."},
			"access_token_id": schema.StringAttribute{Computed: true, MarkdownDescription: "The id of the current token on the server."},
			"access_token":    secretAttribute("The secret of the current token, to send in the header `Authtoken`."),
			"refresh_token": secretAttribute("The secret for one renewal of the token, to send together with the access " +
				"token. Null for the types " + typesThat(false, "`", "and") + ", and when it must not be used any more."),
			"expires_at": timeAttribute("When the current access token expires unless it is renewed, RFC 3339 " +
				"in UTC."),
			"refresh_token_expires_at": timeAttribute("The end of the refresh window, in which the current token can be " +
				"renewed even after it has expired, RFC 3339 in UTC."),
			"renewable_until": timeAttribute("The time after which the current token can no longer be renewed, RFC 3339 in UTC."),
			"rotate_after":    timeAttribute("When rotation is due, RFC 3339 in UTC."),
			"previous_tokens": schema.ListNestedAttribute{
				Computed: true,
				MarkdownDescription: "Old tokens in their overlap, and old tokens whose revocation failed. A later apply or a " +
					"destroy revokes them.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":           schema.StringAttribute{Computed: true, MarkdownDescription: "The id of the token on the server."},
					"revoke_after": timeAttribute("When revocation is due, RFC 3339 in UTC."),
				}},
			},
			"secret_version": schema.Int64Attribute{
				Computed: true,
				MarkdownDescription: "The Unix second at which the current secret was issued, or the previous version plus " +
					"one if that is higher. It increases with every rotation and renewal, even if the clock was set back. It " +
					"also increases when the slot is replaced, with one exception: a replacement with `create_before_destroy` " +
					"after the clock was set back, because Terraform does not pass the old slot's values to the new one. " +
					"Intended for `*_wo_version` arguments.",
			},
		}),
	}
}
