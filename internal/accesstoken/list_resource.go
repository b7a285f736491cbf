// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

var (
	_ list.ListResource              = (*tokenList)(nil)
	_ list.ListResourceWithConfigure = (*tokenList)(nil)
)

// tokenList is the list resource commvault_access_token. It lists tokens for terraform query, which can import them.
type tokenList struct {
	backend *Backend
}

// NewList returns the list resource commvault_access_token.
func NewList() list.ListResource { return &tokenList{} }

// Metadata sets the name of the resource that is listed.
func (*tokenList) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_token"
}

// ListResourceConfigSchema returns the schema of the config block of a list block: the same filters as in the data source.
func (*tokenList) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the access tokens of a user for `terraform query`, so that you can import them in bulk. " +
			"An imported token has no secrets in the state: Command Center shows them only once.\n\n" +
			"Needs Terraform 1.14 or newer.",
		Attributes: map[string]schema.Attribute{
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
		},
	}
}

// Configure stores the backend, which is nil while Terraform only validates.
func (l *tokenList) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	backend, diags := fromProvider(req.ProviderData)
	resp.Diagnostics.Append(diags...)
	l.backend = backend
}

// List sends the tokens that match the filters to the stream, up to the limit. An error is sent to the stream, too.
func (l *tokenList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var filter filterModel
	if diags := req.Config.Get(ctx, &filter); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	owned, chosen, diags := l.backend.choose(ctx, filter)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	if req.Limit > 0 && int64(len(chosen)) > req.Limit {
		chosen = chosen[:req.Limit]
	}
	stream.Results = func(push func(list.ListResult) bool) {
		if len(diags) > 0 && !push(list.ListResult{Diagnostics: diags}) {
			return
		}
		for i, t := range chosen {
			if ctx.Err() != nil {
				push(list.ListResult{Diagnostics: diag.Diagnostics{diag.NewErrorDiagnostic("Listing of access tokens interrupted",
					fmt.Sprintf("The run was interrupted after %d of %d access tokens. Nothing was changed.", i, len(chosen)))}})
				return
			}
			if !push(owned.result(ctx, req, t)) {
				return
			}
		}
	}
}

// result returns one element of the stream: the identity and, on request, the resource as an import would read it.
func (l ownedList) result(ctx context.Context, req list.ListRequest, t commandcenter.Token) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = displayName(t)
	imported := importable(t)
	if lacks := imported.lacks(); lacks != "" {
		result.Diagnostics.AddWarning("Configuration of the access token is incomplete", fmt.Sprintf(
			"Command Center does not list %s of the %s, and the configuration that Terraform generates is not valid without "+
				"it. Add it by hand.", lacks, imported.describe()))
	}
	result.Diagnostics.Append(setIdentity(ctx, result.Identity, imported.ID, imported.UserID)...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, &imported)...)
	}
	return result
}

// displayName returns the name, quoted if it could garble a terminal. If the token has no name, it returns the id.
func displayName(t commandcenter.Token) string {
	switch {
	case t.Name == "":
		return strconv.FormatInt(t.ID, 10)
	case strings.ContainsFunc(t.Name, unicode.IsControl):
		return strconv.Quote(t.Name)
	default:
		return t.Name
	}
}

// lacks returns the arguments that a configuration requires and that the list omitted.
func (m *model) lacks() string {
	switch {
	case strings.TrimSpace(m.Name.ValueString()) == "":
		return "a name"
	case m.tokenType() == commandcenter.TypeCustom && m.APIEndpoints.IsNull():
		return "the api_endpoints"
	default:
		return ""
	}
}

// importable returns the model that the read after an import of the token would produce. The configuration that Terraform generates
// from it is valid, and its plan contains only the import.
func importable(t commandcenter.Token) model {
	m := model{
		tokenFields:       tokenFields{scopeFields: nullScope()},
		ID:                types.StringValue(strconv.FormatInt(t.ID, 10)),
		RotateWhenChanged: types.MapNull(types.StringType),
	}
	m.refresh(t, cutEnds{})
	return m
}
