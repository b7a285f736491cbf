// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// cleanup is one invocation of the action.
type cleanup struct {
	backend *Backend
	say     func(message string)
	list    ownedList
	held    map[int64]commandcenter.Token
}

// run revokes the tokens of a user, the provider's own if userID is null. A refusal does not stop the others; after a
// cancellation none starts.
func (c *cleanup) run(ctx context.Context, ids []string, userID wholenumber.Value) diag.Diagnostics {
	if len(ids) == 0 {
		c.say("No access token to revoke.")
		return nil
	}
	var diags diag.Diagnostics
	if c.list, diags = c.backend.inventory(ctx, userID); diags.HasError() {
		return diags
	}
	c.held = map[int64]commandcenter.Token{}
	for _, t := range c.list.all() {
		c.held[t.ID] = t
	}
	done := map[string]bool{}
	for i, text := range ids {
		if ctx.Err() != nil {
			return append(diags, interruptedDiagnostic(ids[i:]))
		}
		id, err := validate.ParseID(text)
		if err != nil || done[text] {
			continue // what is no id was refused by the schema's validator
		}
		done[text] = true
		problem, interrupted := c.revoke(ctx, id)
		if interrupted {
			return append(diags, interruptedDiagnostic(ids[i:]))
		}
		if problem != nil {
			c.say(fmt.Sprintf("The %s was not revoked.", c.describe(id)))
			diags.Append(diag.WithPath(path.Root("ids").AtListIndex(i), problem))
		}
	}
	return diags
}

func (c *cleanup) describe(id int64) string { return commandcenter.Describe(c.held[id].Name, id) }

// interruptedDiagnostic names the ids about which nothing was done.
func interruptedDiagnostic(ids []string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Revocation of access tokens interrupted", fmt.Sprintf(
		"The run was interrupted. Nothing was done about these ids: %s. Invoke the action again.", strings.Join(ids, ", ")))
}

// revoke gives nil when the token is gone. It tells whether the run was interrupted before anything was sent.
func (c *cleanup) revoke(ctx context.Context, id int64) (problem diag.Diagnostic, interrupted bool) {
	t, held := c.held[id]
	own, err := c.mayBeOwnCredential(ctx, id)
	switch {
	case commandcenter.KindOf(err) == commandcenter.Interrupted:
		return nil, true
	case err != nil:
		return diag.NewErrorDiagnostic("Access token not revoked", fmt.Sprintf("The %s was not revoked: whether it is the "+
			"provider's own authtoken cannot be told without the list of the provider's own tokens, which could not be read: %s "+
			"Nothing was sent. %s", c.describe(id), sentence(c.backend.once(err)), nextStep(err))), false
	case own:
		return diag.NewErrorDiagnostic("Access token may be the provider's own credential", fmt.Sprintf(
			"The %s was not revoked: the authtoken of this provider is an access token, Command Center does not tell which one, "+
				"and without it nothing that follows could be done. Nothing was sent. Configure the provider with username and "+
				"password, or with the token of a login session, then invoke the action again.", c.describe(id))), false
	}
	c.say(fmt.Sprintf("Revoking the %s.", c.describe(id)))
	err = c.backend.Client.Revoke(ctx, commandcenter.Target{
		ID:          id,
		Owner:       commandcenter.Owner{ID: c.list.owner, Caller: c.list.owner == 0},
		MayBeHidden: !held || mayBeHidden(t, c.backend.Clock.Now()),
		Unlisted:    !held,
	})
	if commandcenter.KindOf(err) == commandcenter.Interrupted {
		return nil, true
	}
	if err != nil {
		what := "was not revoked"
		if commandcenter.KindOf(err) == commandcenter.Lost {
			what = "may have been revoked, or not"
		}
		return diag.NewErrorDiagnostic("Access token not revoked", fmt.Sprintf("The %s %s: %s The other ids were not affected. %s",
			c.describe(id), what, sentence(c.backend.once(err)), nextStep(err))), false
	}
	if held {
		c.say(fmt.Sprintf("Revoked the %s.", c.describe(id)))
	} else {
		c.say(fmt.Sprintf("The %s was not among the tokens of %s; the server has none of that id now.", c.describe(id),
			whose(c.list.owner)))
	}
	return nil, false
}

// credentialSlack is how far this machine's clock may be ahead of the server's.
const credentialSlack = time.Hour

// mayBeOwnCredential tells whether the provider may be authenticating with the token. No call tells which access token a
// secret belongs to, so only what cannot be it is let through: the credential is one of the caller's own tokens, alive, and
// of a type that may list tokens.
func (c *cleanup) mayBeOwnCredential(ctx context.Context, id int64) (bool, error) {
	if !c.backend.Client.CredentialMayBeToken() {
		return false, nil
	}
	callers, err := c.backend.Client.Tokens(ctx, 0)
	if err != nil {
		return false, err
	}
	t, there := callers.Get(id)
	switch t.Type {
	case commandcenter.TypeSCIM, commandcenter.TypeOneTouch, commandcenter.TypeHyperscale:
		return false, nil
	}
	expired := !t.ExpiresAt.IsZero() && t.ExpiresAt.Add(credentialSlack).Before(c.backend.Clock.Now())
	return there && !expired, nil
}

// mayBeHidden tells whether some servers would not list the token although it exists.
func mayBeHidden(t commandcenter.Token, now time.Time) bool {
	return !t.ExpiresAt.IsZero() && !t.ExpiresAt.After(now) && t.RefreshTokenExpiresAt.After(now)
}
