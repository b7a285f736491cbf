// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// listedModel is what the inventory shows of a token: never a secret.
type listedModel struct {
	ID                    types.String      `tfsdk:"id"`
	Name                  types.String      `tfsdk:"name"`
	Type                  types.String      `tfsdk:"type"`
	UserID                wholenumber.Value `tfsdk:"user_id"`
	APIEndpoints          types.Set         `tfsdk:"api_endpoints"`
	AllowedIPs            types.Set         `tfsdk:"allowed_ips"`
	ExpiresAt             timestamp.Value   `tfsdk:"expires_at"`
	RefreshTokenExpiresAt timestamp.Value   `tfsdk:"refresh_token_expires_at"`
	RenewableUntil        timestamp.Value   `tfsdk:"renewable_until"`
	EndsAt                timestamp.Value   `tfsdk:"ends_at"`
}

// model maps what the list shows of a token. What it does not show is null.
func (l ownedList) model(t commandcenter.Token) listedModel {
	return listedModel{
		ID:                    types.StringValue(strconv.FormatInt(t.ID, 10)),
		Name:                  textOrNull(t.Name),
		Type:                  textOrNull(string(t.Type.Canonical())),
		UserID:                numberOrNull(t.UserID),
		APIEndpoints:          setOrNull(t.APIEndpoints),
		AllowedIPs:            setOrNull(t.AllowedIPs),
		ExpiresAt:             timestamp.FromTime(t.ExpiresAt),
		RefreshTokenExpiresAt: timestamp.FromTime(t.RefreshTokenExpiresAt),
		RenewableUntil:        timestamp.FromTime(t.RenewableUntil),
		EndsAt:                l.endsAt(t),
	}
}

// endsAt is when the token ends for good: until when it can be renewed, or its expiry where nothing renews. Of a token
// whose type is unknown, an expiry alone does not show which of the two it is, unless other items show more.
func (l ownedList) endsAt(t commandcenter.Token) timestamp.Value {
	renews := t.Type.Renews()
	if t.Type == "" {
		renews = !t.RenewableUntil.IsZero() || !t.RefreshTokenExpiresAt.IsZero() || !l.ShowsRenewal()
	}
	if renews {
		return timestamp.FromTime(t.RenewableUntil)
	}
	return timestamp.FromTime(t.ExpiresAt)
}

func setOrNull(list []string) types.Set {
	if list == nil {
		return types.SetNull(types.StringType)
	}
	return textSet(list)
}

// filterModel is what data source and list resource take to choose among a user's tokens.
type filterModel struct {
	UserID     wholenumber.Value `tfsdk:"user_id"`
	NameRegex  types.String      `tfsdk:"name_regex"`
	Type       types.String      `tfsdk:"type"`
	EndsBefore timestamp.Value   `tfsdk:"ends_before"`
}

// choose lists the tokens that every filter lets through, by id. An unreadable list is an error, never an empty one.
func (b *Backend) choose(ctx context.Context, filter filterModel) (ownedList, []commandcenter.Token, diag.Diagnostics) {
	var diags diag.Diagnostics
	var name *regexp.Regexp
	if !filter.NameRegex.IsNull() {
		var err error
		if name, err = regexp.Compile(filter.NameRegex.ValueString()); err != nil {
			diags.AddAttributeError(path.Root("name_regex"), "Invalid regular expression", err.Error())
			return ownedList{}, nil, diags
		}
	}
	list, diags := b.inventory(ctx, filter.UserID)
	if diags.HasError() {
		return ownedList{}, nil, diags
	}
	before, endsBefore := filter.EndsBefore.Time()
	wanted := commandcenter.TokenType(filter.Type.ValueString()).Canonical()
	chosen := []commandcenter.Token{}
	var typeless, endless []commandcenter.Token
	for _, t := range list.all() {
		if name != nil && !name.MatchString(t.Name) {
			continue
		}
		if wanted != "" && t.Type == "" {
			typeless = append(typeless, t)
			continue
		}
		if wanted != "" && t.Type.Canonical() != wanted {
			continue
		}
		end, answered := list.endsAt(t).Time()
		if endsBefore && !answered {
			endless = append(endless, t)
			continue
		}
		if !endsBefore || end.Before(before) {
			chosen = append(chosen, t)
		}
	}
	if len(typeless) > 0 {
		diags.Append(notListedWarning("type", "of what type they are", typeless))
	}
	if len(endless) > 0 {
		diags.Append(notListedWarning("ends_before", "when they end for good", endless))
	}
	return list, chosen, diags
}

// ownedList is a list, and the user whom it was asked for: 0 for the user of the provider.
type ownedList struct {
	*commandcenter.List
	owner int64
}

// all tokens of the owner by id.
func (l ownedList) all() []commandcenter.Token { return l.owned(l.All()) }

// named are the owner's tokens of a name.
func (l ownedList) named(name string) []commandcenter.Token { return l.owned(l.ByName(name)) }

// withID is the owner's token of an id, if there is one.
func (l ownedList) withID(id string) []commandcenter.Token {
	number, err := validate.ParseID(id)
	if err != nil {
		return nil
	}
	t, listed := l.Get(number)
	if !listed {
		return nil
	}
	return l.owned([]commandcenter.Token{t})
}

// owned are those of the tokens that are the owner's. Who was asked for owns what names nobody, and nothing of what names
// somebody else.
func (l ownedList) owned(tokens []commandcenter.Token) []commandcenter.Token {
	for i := range tokens {
		if tokens[i].UserID == 0 {
			tokens[i].UserID = l.owner
		}
	}
	return slices.DeleteFunc(tokens, func(t commandcenter.Token) bool { return l.owner != 0 && t.UserID != l.owner })
}

// inventory is the list of a user's tokens that all of a walk share; of the provider's own user if userID is null.
func (b *Backend) inventory(ctx context.Context, userID wholenumber.Value) (ownedList, diag.Diagnostics) {
	var diags diag.Diagnostics
	if b.Client == nil {
		diags.Append(b.unknownDiagnostic("list", "access tokens"))
		return ownedList{}, diags
	}
	owner := userID.ValueInt64()
	list, err := b.Client.Listed(ctx, owner)
	if err != nil {
		diags.Append(b.notListedDiagnostic(err, owner))
		return ownedList{}, diags
	}
	if why := list.Partial(); why != "" {
		diags.Append(partialListWarning(owner, why))
	}
	return ownedList{list, owner}, diags
}

// partialListWarning is about a list that may leave tokens out.
func partialListWarning(owner int64, why string) diag.Diagnostic {
	return diag.NewWarningDiagnostic("List of access tokens not complete", fmt.Sprintf("The list of the access tokens of %s may leave "+
		"tokens out: %s. A token that it does not show may exist.", whose(owner), why))
}

// notListedDiagnostic reports a list that failed, and that is there to be shown.
func (b *Backend) notListedDiagnostic(err error, owner int64) diag.Diagnostic {
	if errors.Is(err, commandcenter.ErrNoListCall) {
		return diag.NewErrorDiagnostic("Access tokens not listed", fmt.Sprintf("This release of Command Center has no call that lists access tokens, "+
			"or host has another base path, so the tokens of %s cannot be looked up. Answer: %s Nothing was changed. Resources can "+
			"be used all the same; see Command Center itself for the tokens that are there.", whose(owner), sentence(err)))
	}
	err = b.once(err)
	return diag.NewErrorDiagnostic("Access tokens not listed", fmt.Sprintf("The list of the access tokens of %s could not be read: %s "+
		"Nothing was changed. %s", whose(owner), sentence(err), nextStep(err)))
}

// whose names an owner in a message.
func whose(owner int64) string {
	if owner == 0 {
		return "the user of the provider"
	}
	return fmt.Sprintf("the user with the id %d", owner)
}

// notListedWarning reports tokens that a filter left out because it had nothing to compare with.
func notListedWarning(argument, what string, out []commandcenter.Token) diag.Diagnostic {
	shown := out[:min(nearestShown, len(out))]
	more := ""
	if rest := len(out) - len(shown); rest > 0 {
		more = fmt.Sprintf(" and %d more", rest)
	}
	return diag.NewAttributeWarningDiagnostic(path.Root(argument), "Filter on what the server does not list", fmt.Sprintf(
		"%s is set, but of these tokens Command Center does not list %s, so they do not match: %s%s. To see them, leave %s out, "+
			"and choose by name_regex.", argument, what, described(shown), more, argument))
}
