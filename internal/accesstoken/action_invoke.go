// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// Invoke revokes the tokens one by one. It reports failures at the end, each as an error on its id.
func (a *revokeAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config revokeModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	var ids []string
	resp.Diagnostics.Append(config.IDs.ElementsAs(ctx, &ids, false)...)
	if resp.Diagnostics.HasError() {
		return
	}
	cleanup := cleanup{backend: a.backend, say: func(message string) {
		if ctx.Err() == nil { // Terraform no longer reads events after a cancellation, and the framework would block
			resp.SendProgress(action.InvokeProgressEvent{Message: message})
		}
	}}
	resp.Diagnostics.Append(cleanup.run(ctx, ids, config.UserID)...)
}

// cleanup is one invocation of the action.
type cleanup struct {
	backend *Backend
	say     func(message string)
	owner   int64
	held    map[int64]commandcenter.Token
	partial string // why the owner's list may be incomplete
	noList  bool   // no list could be read, so a 404 may also come from a wrong base path
}

// run revokes tokens of a user; if userID is null, of the provider's own user. A refused revocation does not stop the others. After a
// cancellation, run starts no further revocation.
func (c *cleanup) run(ctx context.Context, ids []string, userID wholenumber.Value) diag.Diagnostics {
	if len(ids) == 0 {
		c.say("No access token to revoke.")
		return nil
	}
	diags := c.look(ctx, userID)
	if diags.HasError() {
		return diags
	}
	done := map[string]string{} // the result for each id
	for i, text := range ids {
		id, err := validate.ParseID(text)
		if err != nil || done[text] != "" {
			continue // the schema's validator has already refused an invalid id
		}
		problem, interrupted := c.revoke(ctx, id)
		if interrupted {
			return append(diags, interruptedDiagnostic(ids, done))
		}
		done[text] = "revoked, or did not exist"
		if problem != nil {
			done[text] = "not revoked"
			if problem.Severity() == diag.SeverityWarning {
				done[text] = "waits for an administrator"
				c.say(fmt.Sprintf("The revocation of the %s waits for an administrator.", c.describe(id)))
			} else {
				c.say(fmt.Sprintf("The %s was not revoked.", c.describe(id)))
			}
			diags.Append(diag.WithPath(path.Root("ids").AtListIndex(i), problem))
		}
	}
	return diags
}

// look reads the owner's list to learn the names of the tokens and which of them exist. A release without the list call can still
// revoke.
func (c *cleanup) look(ctx context.Context, userID wholenumber.Value) diag.Diagnostics {
	client, diags := c.backend.forWrite("list", "access tokens")
	if diags.HasError() {
		return diags
	}
	c.owner, c.held = userID.ValueInt64(), map[int64]commandcenter.Token{}
	list, err := client.Listed(ctx, c.owner)
	switch {
	case errors.Is(err, commandcenter.ErrNoListCall):
		c.noList = true
		c.say("This release of Command Center cannot list access tokens, so they are revoked by id only.")
	case err != nil:
		diags.Append(c.backend.notListedDiagnostic(err, c.owner))
	default:
		if c.partial = list.Partial(); c.partial != "" {
			diags.Append(partialListWarning(c.owner, c.partial))
		}
		for _, t := range (ownedList{list, c.owner}).all() {
			c.held[t.ID] = t
		}
	}
	return diags
}

// interruptedDiagnostic returns the result for each id, and the ids that were not processed.
func interruptedDiagnostic(ids []string, done map[string]string) diag.Diagnostic {
	var left, before []string
	for i, id := range ids {
		switch what := done[id]; {
		case slices.Contains(ids[:i], id):
		case what == "":
			left = append(left, id)
		default:
			before = append(before, fmt.Sprintf(" %s: %s.", id, what))
		}
	}
	return diag.NewErrorDiagnostic("Revocation of access tokens interrupted", fmt.Sprintf(
		"The run was interrupted. These ids were not processed: %s. Invoke the action again.%s", strings.Join(left, ", "),
		strings.Join(before, "")))
}

func (c *cleanup) describe(id int64) string { return commandcenter.Describe(c.held[id].Name, id) }

// revoke returns nil if the token is gone or did not exist. It reports whether the run was interrupted before a request was sent.
func (c *cleanup) revoke(ctx context.Context, id int64) (problem diag.Diagnostic, interrupted bool) {
	own, err := c.mayBeOwnCredential(ctx, id)
	switch {
	case ctx.Err() != nil:
		return nil, true
	case err != nil:
		return c.backend.failed(failedCall{
			summary: "Access token not revoked",
			what: fmt.Sprintf("The %s was not revoked. Whether it is the provider's own authtoken cannot be determined, "+
				"because the list of the provider's own tokens could not be read:", c.describe(id)), err: err,
			after: "Nothing was sent.",
		}), false
	case own:
		return diag.NewErrorDiagnostic("Access token may be the provider's own credential", fmt.Sprintf(
			"The %s was not revoked. The authtoken of this provider may be an access token, Command Center does not report "+
				"which one, and without it the provider could send no further request. Nothing was sent. Configure the "+
				"provider with username and password, or with the token of a login session, then invoke the action again.", c.describe(id))), false
	}
	t, held := c.held[id]
	c.say(fmt.Sprintf("Revoking the %s.", c.describe(id)))
	err = c.backend.Client.Revoke(ctx, commandcenter.Target{
		ID:       id,
		Owner:    commandcenter.Owner{ID: c.owner, Caller: c.owner == 0},
		HiddenAt: func(now time.Time) bool { return mayBeHidden(t.Type, t.ExpiresAt, t.RefreshTokenExpiresAt, now) },
		Unlisted: !held,
	})
	var refusal *commandcenter.Error
	switch {
	case commandcenter.KindOf(err) == commandcenter.Interrupted:
		return nil, true
	case errors.Is(err, commandcenter.ErrRevocationPending):
		return diag.NewWarningDiagnostic("Revocation of the access token is pending", fmt.Sprintf(
			"Command Center accepted the revocation of the %s as a request that an administrator has to authorize. The token "+
				"works until then. Have it authorized in Command Center. The other ids are not affected.", c.describe(id))), false
	case err == nil:
		c.say(fmt.Sprintf("Revoked the %s%s.", c.describe(id), c.unlisted(held)))
	case !held && errors.As(err, &refusal) && refusal.MayMeanMissing() && refusal.Status == http.StatusNotFound:
		c.say(fmt.Sprintf("The server has no %s%s.", c.describe(id), c.orWrongPath()))
	case !held && errors.As(err, &refusal) && refusal.MayMeanMissing():
		c.say(fmt.Sprintf("The %s %s, and the server answered: %s It gives this answer for an id that does not exist, and "+
			"possibly for a token that it refuses to revoke.", c.describe(id), c.notListed(), sentence(refusal)))
	default:
		what := "was not revoked"
		if commandcenter.KindOf(err) == commandcenter.Lost {
			what = "may or may not have been revoked"
		}
		return c.backend.failed(failedCall{
			summary: "Access token not revoked", what: fmt.Sprintf("The %s %s:", c.describe(id), what), err: err,
			after: "The other ids are not affected.",
		}), false
	}
	return nil, false
}

// unlisted returns the part of the message about a revoked token that the owner's list did not show.
func (c *cleanup) unlisted(held bool) string {
	if held {
		return ""
	}
	return ", which " + c.notListed()
}

// orWrongPath returns the part of the message that explains a 404.
func (c *cleanup) orWrongPath() string {
	if c.noList {
		return ", or the base path of host is wrong"
	}
	return ""
}

// notListed returns where the token was not found.
func (c *cleanup) notListed() string {
	if c.partial != "" {
		return "was not in the list of the tokens of " + whose(c.owner) + ", which may omit tokens"
	}
	return "was not among the tokens of " + whose(c.owner)
}
