// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// removeAll revokes all tokens of the ledger and returns a line for each token that may be left. It also revokes listed tokens
// with the prefix of the run.
func (p *probe) removeAll(ctx context.Context) (left []string) {
	if len(p.ledger.tokens) == 0 {
		return nil
	}
	for _, t := range p.ledger.tokens {
		if t.id != 0 && t.fate == made {
			p.remove(ctx, t)
		}
	}
	shown, proof := p.removeListed(ctx)
	for _, t := range p.ledger.tokens {
		is := t.id != 0 && shown[t.id]
		var why string
		switch {
		case t.fate == gone && is:
			why = "the server reported it as revoked, but still lists it"
		case t.fate == pending && (is || proof != complete):
			why = "an administrator has to authorize its revocation"
		case t.fate == made && (is || proof != complete):
			why = "it could not be revoked"
		case t.fate == uncertain && (proof != complete || t.short):
			why = "the answer to its creation was lost, and no list shows whether it exists"
		case t.fate == refused && proof == none && p.seen.full().ok:
			why = "the server refused it, and no list shows whether it exists nevertheless"
		default:
			continue
		}
		left = append(left, t.name+": "+why)
	}
	return slices.Compact(slices.Sorted(slices.Values(left)))
}

// proof says whether a token that is missing from a list is gone.
type proof int

const (
	none       proof = iota // the list failed
	incomplete              // the list may lack tokens
	complete                // the list is complete
)

// removeListed revokes listed tokens of the run until the list shows none, and retries a few times. It returns the ids in the
// last list.
func (p *probe) removeListed(ctx context.Context) (shown map[int64]bool, of proof) {
	for round := 1; ; round++ {
		tokens := p.list(ctx, 0, removing)
		shown, of = map[int64]bool{}, p.proofOf(tokens)
		var again []*token
		for _, item := range tokens.items {
			t := p.ledger.holder(idOf(item))
			if t == nil && p.ledger.ours(item) {
				t = p.unnamed(item)
			}
			if t == nil {
				continue
			}
			shown[t.id] = true
			if t.fate != pending {
				again = append(again, t)
			}
		}
		if of != none && len(again) == 0 || round > attempts {
			return shown, of
		}
		for _, t := range again {
			p.remove(ctx, t)
		}
	}
}

// proofOf returns what a list proves. A list without an array proves something only if the server writes empty lists that way.
func (p *probe) proofOf(l listed) proof {
	first := p.seen.first
	usual := first.ok && first.array == "" && !first.empty
	switch {
	case l.complete():
		return complete
	case l.ok && (l.array != "" || usual):
		return incomplete
	}
	return none
}

// unnamed returns the token of a list item whose id is not in the ledger. It adds a token that the ledger lacks, such as one whose
// create was reported as refused.
func (p *probe) unnamed(item object) *token {
	for _, t := range p.ledger.tokens {
		if t.id == 0 && t.name == item.text("tokenName") {
			t.id, t.fate = idOf(item), made
			return t
		}
	}
	t := &token{name: item.text("tokenName"), id: idOf(item), fate: made}
	p.ledger.tokens = append(p.ledger.tokens, t)
	return t
}

// summary describes the result of the cleanup.
func (p *probe) summary(left []string) string {
	if len(left) == 0 {
		return "The probe removed everything that it created."
	}
	return fmt.Sprintf("The probe could not remove everything that it created. Look for these tokens of its account:\n  %s",
		strings.Join(left, "\n  "))
}
