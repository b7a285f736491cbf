// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package ipset reads the addresses, CIDR blocks and ranges that a token may be used from, and compares sets of them by
// what they contain and not by how it is spelt.
package ipset

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Range is every address from From to To, both included, of one family and without zones. Parse writes IPv4-mapped IPv6
// addresses as the IPv4 ones that they are, unless the range also holds other IPv6 addresses; so two Ranges are equal (==)
// exactly when they hold the same addresses.
type Range struct {
	From, To netip.Addr
}

const accepted = `accepted is an IPv4 or IPv6 address without a zone ("192.0.2.7", "2001:db8::7"), a CIDR block ` +
	`("192.0.2.0/24") or a range of one family, lowest address first and without blanks ("192.0.2.1-192.0.2.9")`

var (
	errForm     = errors.New("it has none of the accepted forms")
	errZone     = errors.New("an IPv6 zone means something on one machine only")
	errFamilies = errors.New("the range mixes IPv4 and IPv6")
	errOrder    = errors.New("the range begins after its end")
)

// Parse reads one element: an address, a CIDR block, of which host bits are ignored, or a range "a-b". The error quotes s,
// says what is wrong with it and what is accepted; it needs no prefix to be shown to a user.
func Parse(s string) (Range, error) {
	r, err := parse(s)
	if err != nil {
		return Range{}, fmt.Errorf("%q cannot be used as an IP address, block or range: %w; %s", s, err, accepted)
	}
	return r, nil
}

func parse(s string) (Range, error) {
	if strings.Contains(s, "%") {
		return Range{}, errZone
	}
	if strings.Contains(s, "/") {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return Range{}, errForm
		}
		return newRange(p.Masked().Addr(), last(p))
	}
	a, b, isRange := strings.Cut(s, "-")
	if !isRange {
		b = a
	}
	from, err := netip.ParseAddr(a)
	if err != nil {
		return Range{}, errForm
	}
	to, err := netip.ParseAddr(b)
	if err != nil {
		return Range{}, errForm
	}
	return newRange(from, to)
}

// newRange takes IPv4-mapped addresses out of their IPv6 form where both ends allow it.
func newRange(from, to netip.Addr) (Range, error) {
	if f, t := from.Unmap(), to.Unmap(); f.Is4() && t.Is4() {
		from, to = f, t
	}
	switch {
	case from.BitLen() != to.BitLen():
		return Range{}, errFamilies
	case to.Less(from):
		return Range{}, errOrder
	}
	return Range{From: from, To: to}, nil
}

// last is the highest address of a prefix, which netip does not offer.
func last(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := range b {
		// How many bits of this byte belong to the network.
		fixed := min(max(p.Bits()-8*i, 0), 8)
		b[i] |= 0xff >> fixed
	}
	addr, _ := netip.AddrFromSlice(b)
	return addr
}

// Same tells whether two sets have the same elements, however these are spelt and however often they occur: 10.0.0.1,
// 10.0.0.1/32 and 10.0.0.1-10.0.0.1 are one element. Elements are not merged: two halves are not the same as the whole.
// An element that Parse refuses is the same as its own text only.
func Same(a, b []string) bool {
	if slices.Equal(a, b) {
		return true
	}
	as, bs := elements(a), elements(b)
	if len(as) != len(bs) {
		return false
	}
	for e := range as {
		if _, ok := bs[e]; !ok {
			return false
		}
	}
	return true
}

// element is what an element is compared by: its addresses, or its text if it has none.
type element struct {
	addresses Range
	text      string
}

func elements(texts []string) map[element]struct{} {
	set := make(map[element]struct{}, len(texts))
	for _, text := range texts {
		if r, err := parse(text); err == nil {
			set[element{addresses: r}] = struct{}{}
		} else {
			set[element{text: text}] = struct{}{}
		}
	}
	return set
}
