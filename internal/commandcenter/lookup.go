// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"strings"
	"time"
)

// Owner identifies the user whose tokens are meant.
type Owner struct {
	// ID is that of the user, or 0 if it is unknown.
	ID int64
	// Caller reports whether the token was made for the user of the credential, and not for a configured user.
	Caller bool
	// Maker is the name of the user who made or imported the token, or "" if it is unknown.
	Maker string
}

// Wanted identifies a token to look up.
type Wanted struct {
	ID    int64
	Owner Owner
	// MayBeHidden reports whether some servers omit the token from lists although it exists: it has expired and can still be
	// renewed.
	MayBeHidden bool
	// HiddenAt is MayBeHidden as a function of the server's time, which is unknown before the first answer. It is called after the
	// list was received.
	HiddenAt func(now time.Time) bool
	// Fresh requests new lists instead of those that a walk shares.
	Fresh bool
}

// Sighting is the result of a lookup.
type Sighting struct {
	// Token is the listed token, if Found is set.
	Token Token
	Found bool
	// Absence is what the list proves if it does not contain the token.
	Absence Absence
	// List is the list that decided.
	List *List
}

// Find looks up a token. A token made for the caller is looked up in the caller's list, which the data sources share. If the caller
// may be another user by now, the owner's own list is searched too. A token made for a configured user is looked up in that user's
// list and then in the caller's, because an older release may have assigned it to the caller.
func (c *Client) Find(ctx context.Context, w Wanted) (Sighting, error) {
	if w.Fresh {
		return c.findAnew(ctx, w, 1)
	}
	return c.find(ctx, w, c.Tokens)
}

// findAnew is Find with new lists, each of which the expected number of callers share.
func (c *Client) findAnew(ctx context.Context, w Wanted, expected int) (Sighting, error) {
	return c.find(ctx, w, func(ctx context.Context, owner int64) (*List, error) {
		return c.freshTokens(ctx, owner, expected)
	})
}

func (c *Client) find(
	ctx context.Context, w Wanted, tokens func(ctx context.Context, owner int64) (*List, error),
) (Sighting, error) {
	if w.Owner.ID == 0 {
		return c.findIn(ctx, w, 0, tokens)
	}
	if w.Owner.Caller {
		seen, err := c.findIn(ctx, w, 0, tokens)
		if err != nil || seen.Found || seen.Absence != NotTheOwners {
			return seen, err
		}
		return c.findIn(ctx, w, w.Owner.ID, tokens)
	}
	seen, err := c.findIn(ctx, w, w.Owner.ID, tokens)
	if err != nil || seen.Found || seen.Absence != Gone {
		return seen, err
	}
	callers, err := c.findIn(ctx, w, 0, tokens)
	if err != nil || callers.Found || callers.Absence == NotComplete {
		return callers, err
	}
	return seen, nil // the caller's list may name other users, so it does not have to prove anything
}

func (c *Client) findIn(
	ctx context.Context, w Wanted, owner int64, tokens func(ctx context.Context, owner int64) (*List, error),
) (Sighting, error) {
	list, err := tokens(ctx, owner)
	if err != nil {
		return Sighting{List: list}, err
	}
	if t, found := list.Get(w.ID); found {
		return Sighting{Token: t, Found: true, List: list}, nil
	}
	return Sighting{List: list, Absence: c.absence(ctx, w, list)}, nil
}

// SupplyExpiry returns the expiry of a token that was just created or renewed, if the answer omitted it. It takes the expiry from
// one list, which parallel operations share. Call it after the secrets are saved, and in the same operation: a later list may show
// another party's renewal. It returns false if no list shows the expiry.
func (c *Client) SupplyExpiry(ctx context.Context, id int64, owner Owner) (time.Time, bool) {
	ctx, cancel := c.withShutdownGrace(ctx, callGrace)
	defer cancel()
	expected := c.renewals.begin()
	defer c.renewals.end()
	s, err := c.findAnew(ctx, Wanted{ID: id, Owner: owner}, expected)
	if err != nil || s.Token.ExpiresAt.IsZero() {
		return time.Time{}, false
	}
	c.changed(id, func(t *Token) { t.ExpiresAt = s.Token.ExpiresAt })
	return s.Token.ExpiresAt, true
}

// absence collects the evidence.
func (c *Client) absence(ctx context.Context, w Wanted, list *List) Absence {
	e := absenceEvidence{
		complete:      list.partial == "",
		contradicted:  list.contradicted || c.inventory.of(list.owner).isContradicted(),
		askedForOwner: w.Owner.ID != 0 && list.owner == w.Owner.ID,
		mayBeHidden:   w.MayBeHidden || w.HiddenAt != nil && w.HiddenAt(c.Now()),
		showsExpired:  list.ShowsExpired(c.Now()),
	}
	e.named, e.foreign = list.names(w.Owner.ID)
	if e.complete && !e.contradicted && !e.named && !e.foreign {
		e.asker = c.compareAsker(ctx, w.Owner.Maker)
		if e.asker == askerUnknown && list.owner == 0 && c.inventory.of(0).hasShown(w.ID) {
			e.asker = askerSame // the first list of this process was requested with the same credential
		}
	}
	return absence(e)
}

func (c *Client) compareAsker(ctx context.Context, maker string) askerMatch {
	if maker == "" {
		return askerUnknown
	}
	name, known := c.CallerName(ctx)
	switch {
	case !known:
		return askerUnknown
	case strings.EqualFold(strings.TrimSpace(name), strings.TrimSpace(maker)):
		return askerSame
	default:
		return askerOther
	}
}
