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

const describeSlotType = "What the token may do, see `commvault_access_token`. Default `ALL`. A change among the types that renew is " +
	"made in place, also to tokens in their overlap; any other change rotates."

// Schema returns the schema of the resource. Its computed attributes have no plan modifiers, because ModifyPlan plans all of them
// together.
func (*rotatingResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A slot for an access token that is replaced by a new one before its end, without downtime: the old one " +
			"stays valid for an overlap, and a later apply revokes it. With `renew`, Terraform also renews the token.\n\nNeeds Terraform 1.5.7 or OpenTofu 1.8, or newer; `moved` from " +
			"`commvault_access_token` needs Terraform 1.8 or OpenTofu 1.10.",
		Attributes: attributes(scopeAttributes(describeSlotType), map[string]schema.Attribute{
			"name_prefix": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "Each token of the slot is named by this prefix, the UTC second of its creation and eight " +
					"random hexadecimal digits, such as `ci-20261123T142642Z-9f3ac07b`. A change rotates.",
				Validators: []validator.String{validate.TokenName()},
			},
			"lifetime_days": schema.Int64Attribute{
				CustomType: wholenumber.Type{},
				Optional:   true,
				MarkdownDescription: "The end of a new token, in days from its creation. Default " +
					daysByType(commandcenter.TokenType.DefaultLifetime) + "; at most " +
					daysByType(commandcenter.TokenType.LongestLifetime) + ". A change rotates.",
				Validators: []validator.Int64{validate.Between(1, longestDays)},
			},
			"rotate_before_days": schema.Int64Attribute{
				CustomType: wholenumber.Type{},
				Optional:   true,
				MarkdownDescription: "How many days before its end a token is rotated; less than `lifetime_days`. Default the " +
					"smaller of 14 and a third of the lifetime.",
				Validators: []validator.Int64{validate.Between(1, longestDays-1)},
			},
			"overlap_hours": schema.Int64Attribute{
				CustomType: wholenumber.Type{},
				Optional:   true,
				Computed:   true,
				Default:    int64default.StaticInt64(24),
				MarkdownDescription: "How many hours the old token stays valid after a rotation, at most 24 for each day of the lifetime. " +
					"Default 24. The old token is never kept beyond its own end.",
				Validators: []validator.Int64{validate.Between(1, 24*longestDays)},
			},
			"renew": schema.BoolAttribute{
				Optional: true,
				Computed: true,
				Default:  booldefault.StaticBool(false),
				MarkdownDescription: "Who renews the access token, which lives 30 minutes in most releases: with `true` Terraform alone, at each " +
					"run in which it is due; with `false` the consumer of the token. Defaults to `false`. A pair of secrets may be used for a " +
					"renewal once, so exactly one party may renew. With `true`, a plan near or after `expires_at` is not empty.",
			},
			"renew_before_minutes": schema.Int64Attribute{
				CustomType: wholenumber.Type{},
				Optional:   true,
				MarkdownDescription: "How many minutes before `expires_at` Terraform renews the token, 1 to 43200; only with `renew`. " +
					"Default 10. Terraform never renews in the first half of the life that the server gave the access token.",
				Validators: []validator.Int64{validate.Between(1, mostRenewBeforeMinutes)},
			},
			"rotate_when_changed": schema.MapAttribute{
				ElementType: types.StringType,
				Optional:    true,
				MarkdownDescription: "Arbitrary values that are never sent. When one of them changes, the slot rotates, with the " +
					"overlap. Null elements are ignored. Setting the first value or removing the last one is only recorded.",
			},
			"name":            schema.StringAttribute{Computed: true, MarkdownDescription: "The name of the current token."},
			"access_token_id": schema.StringAttribute{Computed: true, MarkdownDescription: "The id of the current token on the server."},
			"access_token":    secretAttribute("The secret of the current token, to send in the header `Authtoken`."),
			"refresh_token": secretAttribute("The secret that, with the access token, renews it, once. Null for the types " +
				typesThat(false, "`", "and") + ", and when it must not be used any more."),
			"expires_at":               timeAttribute("When the current access token ends unless it is renewed, RFC 3339 in UTC."),
			"refresh_token_expires_at": timeAttribute("Until when the current token can be renewed after it has expired, RFC 3339 in UTC."),
			"renewable_until":          timeAttribute("Until when the current token can be renewed at all, RFC 3339 in UTC."),
			"rotate_after":             timeAttribute("When rotation falls due, RFC 3339 in UTC."),
			"previous_tokens": schema.ListNestedAttribute{
				Computed: true,
				MarkdownDescription: "Old tokens in their overlap, and those whose revocation failed. A later apply revokes them, " +
					"and so does a destroy.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":           schema.StringAttribute{Computed: true, MarkdownDescription: "The id of the token on the server."},
					"revoke_after": timeAttribute("When its revocation falls due, RFC 3339 in UTC."),
				}},
			},
			"secret_version": schema.Int64Attribute{
				Computed: true,
				MarkdownDescription: "The Unix second at which the current secret was issued, or one more than the version before if that " +
					"is higher: it grows with every rotation and renewal, also after the clock was set back. It grows with a replacement " +
					"of the slot, too, except where a replacement with `create_before_destroy` meets a clock that was set back: Terraform " +
					"does not tell a new slot about the one that it replaces. Made for `*_wo_version` arguments.",
			},
		}),
	}
}
