// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

var (
	_ datasource.DataSource              = (*userData)(nil)
	_ datasource.DataSourceWithConfigure = (*userData)(nil)
)

// userData is the data source commvault_user. It finds the id of a user by name.
type userData struct{ configuredData }

// NewUserData returns the data source commvault_user.
func NewUserData() datasource.DataSource { return &userData{} }

type userModel struct {
	Name types.String      `tfsdk:"name"`
	ID   wholenumber.Value `tfsdk:"id"`
}

// Metadata sets the name of the data source.
func (*userData) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user"
}

// Schema returns the schema of the data source.
func (*userData) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Looks up a user of Command Center by name, such as a service account, and returns the id to set " +
			"as `user_id`.\n\n" +
			"Needs Terraform 1.5.7 or OpenTofu 1.8, or newer.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{validate.NotBlank()},
				MarkdownDescription: "The user name as used to log in, in the exact spelling of the server. The name of a " +
					"domain user is `DOMAIN\\user`, which HCL writes as `\"DOMAIN\\\\user\"`.",
			},
			"id": schema.Int64Attribute{CustomType: wholenumber.Type{}, Computed: true, MarkdownDescription: "The id of the user."},
		},
	}
}

// Read finds the user in the list of users. All data sources of a run share this list.
func (d *userData) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state userModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if d.backend.Client == nil {
		resp.Diagnostics.Append(d.backend.unknownDiagnostic("look up", fmt.Sprintf("user %q", state.Name.ValueString())))
		return
	}
	list, err := d.backend.Client.Users(ctx)
	if err != nil {
		resp.Diagnostics.Append(d.backend.failed(failedCall{
			summary: "Users not listed", what: "The list of users could not be read:", err: err, after: "Nothing was changed.",
		}))
		return
	}
	found := slices.DeleteFunc(slices.Clone(list.All), func(u commandcenter.User) bool { return u.Name != state.Name.ValueString() })
	if len(found) != 1 || list.Partial != "" {
		resp.Diagnostics.Append(userDiagnostic(state.Name.ValueString(), found, list))
		return
	}
	state.ID = wholenumber.Of(found[0].ID)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
}

// userDiagnostic returns an error that explains why the list does not identify the user.
func userDiagnostic(name string, found []commandcenter.User, list *commandcenter.UserList) diag.Diagnostic {
	at := path.Root("name")
	switch {
	case len(found) > 1:
		return diag.NewAttributeErrorDiagnostic(at, "Name of the user is not unique", fmt.Sprintf(
			"Command Center lists %d users named %q: %s. Set user_id to the id of one of them.", len(found), name, describedUsers(found)))
	case len(found) == 1:
		return diag.NewAttributeErrorDiagnostic(at, "List of users is incomplete", fmt.Sprintf(
			"The list of users contains %s, but it may omit others of that name: %s. If this is the right user, set user_id "+
				"to its id.",
			describedUsers(found), list.Partial))
	}
	what := fmt.Sprintf("Command Center lists no user named %q.", name)
	if list.Partial != "" {
		what = fmt.Sprintf("The list of users contains no user named %q, and may omit users: %s. If you know the id of the "+
			"user, set user_id to it.", name, list.Partial)
	}
	if len(list.All) > 0 {
		shown := nearest(list.All, func(u commandcenter.User) int { return distance(name, u.Name) })
		what += fmt.Sprintf(" The nearest, of %d in total: %s.", len(list.All), describedUsers(shown))
	}
	return diag.NewAttributeErrorDiagnostic(at, "User not found", what+" Names must match exactly; the name of a domain user is "+
		"DOMAIN\\user. Some users may be visible only to an administrator.")
}

// distance compares names without regard to letter case. If only one of them has a domain, it ignores the domain.
func distance(looked, name string) int {
	looked, name = strings.ToLower(looked), strings.ToLower(name)
	if _, user, inDomain := strings.Cut(name, `\`); inDomain && !strings.Contains(looked, `\`) {
		return min(levenshtein.Distance(looked, name, nil), levenshtein.Distance(looked, user, nil))
	}
	return levenshtein.Distance(looked, name, nil)
}

func describedUsers(users []commandcenter.User) string {
	names := make([]string, 0, len(users))
	for _, u := range users {
		names = append(names, fmt.Sprintf("%q (id %d)", u.Name, u.ID))
	}
	return strings.Join(names, ", ")
}
