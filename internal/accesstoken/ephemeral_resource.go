// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

var (
	_ ephemeral.EphemeralResource                   = (*ephemeralToken)(nil)
	_ ephemeral.EphemeralResourceWithClose          = (*ephemeralToken)(nil)
	_ ephemeral.EphemeralResourceWithConfigure      = (*ephemeralToken)(nil)
	_ ephemeral.EphemeralResourceWithValidateConfig = (*ephemeralToken)(nil)
)

// ephemeralToken is a token for one run: created at open, revoked at close, never in state or plan.
type ephemeralToken struct {
	backend *Backend
}

// NewEphemeral is the ephemeral resource commvault_access_token.
func NewEphemeral() ephemeral.EphemeralResource { return &ephemeralToken{} }

type ephemeralModel struct {
	NamePrefix    types.String      `tfsdk:"name_prefix"`
	Type          types.String      `tfsdk:"type"`
	APIEndpoints  types.Set         `tfsdk:"api_endpoints"`
	AllowedIPs    types.Set         `tfsdk:"allowed_ips"`
	UserID        wholenumber.Value `tfsdk:"user_id"`
	RevokeOnClose types.Bool        `tfsdk:"revoke_on_close"`
	ID            types.String      `tfsdk:"id"`
	Name          types.String      `tfsdk:"name"`
	AccessToken   types.String      `tfsdk:"access_token"`
	RefreshToken  types.String      `tfsdk:"refresh_token"`
	ExpiresAt     timestamp.Value   `tfsdk:"expires_at"`
}

// Metadata names the ephemeral resource.
func (*ephemeralToken) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_token"
}

// Schema is the table of the ephemeral resource.
func (*ephemeralToken) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An access token for one run: created when Terraform opens it, revoked when Terraform closes it, and " +
			"never in the state or a plan. It can configure another provider, or go into a write-only argument.\n\n" +
			"Needs Terraform 1.10 or OpenTofu 1.11, or newer. Terraform opens it in plans and applies alike.",
		Attributes: map[string]schema.Attribute{
			"name_prefix": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The name of the token is this prefix, the UTC second of its creation and four random " +
					"hexadecimal digits. Default `terraform-`.",
				Validators: []validator.String{validate.NotBlank()},
			},
			"type": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "What the token may do, see the resource `commvault_access_token`. Default `ALL`.",
				Validators:          []validator.String{stringvalidator.OneOf(typeNames()...)},
			},
			"api_endpoints": schema.SetAttribute{
				ElementType: types.StringType, Optional: true,
				MarkdownDescription: "The paths below which a `CUSTOM` token may call; each begins with `/`. Required with the " +
					"type `CUSTOM`, refused with any other.",
				Validators: []validator.Set{
					setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(validate.APIEndpoint()),
				},
			},
			"allowed_ips": schema.SetAttribute{
				ElementType: types.StringType, Optional: true,
				MarkdownDescription: "The addresses from which the token may be used: IPv4 or IPv6 addresses, CIDR blocks, or " +
					"ranges `a-b`. Not set, the token may be used from anywhere.",
				// A null that is left out would leave a token that may be used from anywhere.
				Validators: []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(validate.AllowedIP())},
			},
			"user_id": schema.Int64Attribute{
				CustomType:          wholenumber.Type{},
				Optional:            true,
				MarkdownDescription: "The id of the user who owns the token. Default: the user of the provider.",
				Validators:          []validator.Int64{int64validator.AtLeast(1)},
			},
			"revoke_on_close": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether the token is revoked when Terraform closes it. Default `true`.",
			},
			"id":   schema.StringAttribute{Computed: true, MarkdownDescription: "The id of the token on the server."},
			"name": schema.StringAttribute{Computed: true, MarkdownDescription: "The name of the token."},
			"access_token": schema.StringAttribute{
				Computed: true, Sensitive: true, MarkdownDescription: "The secret to send in the header `Authtoken`.",
			},
			"refresh_token": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "The secret that renews the token, once. Null for the types `MS_SCIM` and `OneTouch`.",
			},
			"expires_at": schema.StringAttribute{
				CustomType: timestamp.Type{}, Computed: true,
				MarkdownDescription: "When the token ends, RFC 3339 in UTC: the longest that a run may last, as it is not renewed.",
			},
		},
	}
}

// Configure takes the backend; it is nil while Terraform only validates.
func (e *ephemeralToken) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	backend, diags := fromProvider(req.ProviderData)
	resp.Diagnostics.Append(diags...)
	e.backend = backend
}

// ValidateConfig refuses what the arguments cannot mean together.
func (*ephemeralToken) ValidateConfig(
	ctx context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse,
) {
	var config ephemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() && !config.Type.IsUnknown() {
		plain := model{Type: config.Type, APIEndpoints: config.APIEndpoints}
		resp.Diagnostics.Append(plain.validateType()...)
	}
}

// privateOpened is the key of what is kept between open and close.
const privateOpened = "opened"

// opened is the token to be revoked at close: no secret.
type opened struct {
	keptOwner

	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// Open creates the token. An error leaves nothing to close, so it names what was left behind.
func (e *ephemeralToken) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var config ephemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	client, diags := e.backend.forWrite("open", "ephemeral access token")
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	issued, diags := e.issue(ctx, client, &config)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	created, kept := issued.token, opened{keptOwner: issued.remembered().keptOwner, ID: issued.token.ID, Name: issued.spec.Name}
	if config.RevokeOnClose.IsNull() || config.RevokeOnClose.ValueBool() {
		kept.Maker = e.backend.learnMaker(ctx)
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateOpened, kept)...)
	}
	if created.ExpiresAt.IsZero() {
		created.ExpiresAt, _ = client.SupplyExpiry(ctx, created.ID, kept.asOwner())
	}
	config.ID = types.StringValue(strconv.FormatInt(created.ID, 10))
	config.Name = types.StringValue(issued.spec.Name)
	config.AccessToken = textOrNull(created.AccessToken.Reveal())
	config.RefreshToken = textOrNull(created.RefreshToken.Reveal())
	config.ExpiresAt = timestamp.FromTime(created.ExpiresAt)
	resp.Diagnostics.Append(resp.Result.Set(ctx, &config)...)
	resp.Diagnostics.Append(reportedWarning(commandcenter.Describe(issued.spec.Name, created.ID), created.Reported)...)
}

// issue creates the token. Its name is unique, so what appeared when the answer was lost is ours: it is revoked, and the
// create is sent once more.
func (e *ephemeralToken) issue(
	ctx context.Context, client *commandcenter.Client, config *ephemeralModel,
) (issuance, diag.Diagnostics) {
	var diags diag.Diagnostics
	prefix := "terraform-"
	if !config.NamePrefix.IsNull() {
		prefix = config.NamePrefix.ValueString()
	}
	plain := model{Type: config.Type, APIEndpoints: config.APIEndpoints, AllowedIPs: config.AllowedIPs, UserID: config.UserID}
	for again := false; ; again = true {
		issued := e.backend.issueGenerated(ctx, client, prefix, config.UserID.ValueInt64(),
			func(name string, _ time.Time) commandcenter.Spec { return plain.spec(name) })
		if issued.err == nil {
			return issued, diags
		}
		var failure *commandcenter.IssueError
		if !errors.As(issued.err, &failure) || failure.Outcome != commandcenter.Orphaned {
			diags.Append(issueDiagnostic(e.backend.once(issued.err), issued.spec, revokeByHand))
			return issued, diags
		}
		kept := issued.remembered().keptOwner
		if err := client.Revoke(ctx, commandcenter.Target{ID: failure.Token.ID, Owner: kept.asOwner()}); err != nil {
			diags.Append(issueDiagnostic(issued.err, issued.spec, "It was not revoked: "+sentence(err)+" "+revokeByHand))
			return issued, diags
		}
		if again {
			diags.AddError("Access token not created", fmt.Sprintf("The answer to the creation of the %s was lost, twice in a "+
				"row: %s What was made was revoked; nothing is left behind. Apply again.",
				commandcenter.Describe(issued.spec.Name, failure.Token.ID), sentence(failure.Err)))
			return issued, diags
		}
	}
}

// revokeByHand is the next step for a token that no state holds.
const revokeByHand = "Revoke it in Command Center."

// Close revokes the token. A failure is a warning: the run itself is done.
func (e *ephemeralToken) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	var token opened
	recall(ctx, req.Private, privateOpened, &token)
	if token.ID == 0 || e.backend == nil || e.backend.Client == nil {
		return
	}
	err := e.backend.Client.Revoke(ctx, commandcenter.Target{ID: token.ID, Owner: token.asOwner(), MayBeHidden: true})
	if err == nil {
		return
	}
	what := fmt.Sprintf("The %s was not revoked at the end of the run: %s Revoke it in Command Center; until then whoever has its "+
		"secret can use it.", commandcenter.Describe(token.Name, token.ID), sentence(e.backend.once(err)))
	if errors.Is(err, commandcenter.ErrRevocationPending) {
		what = fmt.Sprintf("Command Center took the revocation of the %s as a request, which an administrator has to authorize. Until "+
			"then whoever has its secret can use it.", commandcenter.Describe(token.Name, token.ID))
	}
	resp.Diagnostics.AddWarning("Ephemeral access token not revoked", what)
}
