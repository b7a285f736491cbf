// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"strings"
	"time"
)

// Owner says whose tokens are meant.
type Owner struct {
	// ID of the user, 0 if it is not known.
	ID int64
	// Caller reports whether the token was made for whoever the credential belonged to, and not for a configured user.
	Caller bool
	// Maker is the name of the user who made or imported the token, "" if it is not known.
	Maker string
}

// Wanted is a token to be looked up.
type Wanted struct {
	ID    int64
	Owner Owner
	// MayBeHidden reports whether some servers would no longer list the token although it exists: it has expired, and can
	// still be renewed.
	MayBeHidden bool
	// HiddenAt is MayBeHidden by the server's time, which is not known before the first answer. It is called after the list's.
	HiddenAt func(now time.Time) bool
	// Fresh asks for lists that are made after the call, instead of those that a walk shares.
	Fresh bool
}

// Sighting is what a lookup found.
type Sighting struct {
	// Token and Found: what the list shows of the token.
	Token Token
	Found bool
	// Absence is what the list proves where it does not hold the token.
	Absence Absence
	// List is the one that decided.
	List *List
}

// Find looks a token up. A token made for the caller is looked up in the caller's list, which the data sources share, and
// in the owner's own where the caller may be somebody else now. A token made for a configured user is looked up in that user's list, and then in the caller's,
// because an older release may have given it to the caller.
func (c *Client) Find(ctx context.Context, w Wanted) (Sighting, error) {
	if w.Fresh {
		return c.findAnew(ctx, w, 1)
	}
	return c.find(ctx, w, c.Tokens)
}

// findAnew is Find in lists that are made after the call, and that as many callers as are expected share.
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
	return seen, nil // the caller's list may name others: it is not asked to prove anything
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

// SupplyExpiry returns the expiry of a token that was just created or renewed, if the answer lacked it: from one list,
// which parallel operations share. Call it once the secrets are saved, and in the same operation: a later list may show
// somebody else's renewal. It reports false if no list shows the expiry.
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
			e.asker = askerSame // the list that this process began with is by the same credential
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
