// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package ipset parses the addresses, CIDR blocks and ranges from which a token may be used. It compares sets of them by content
// and not by notation.
package ipset

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Range contains every address from From to To inclusive, of one family and without zones. Parse converts IPv4-mapped IPv6
// addresses to IPv4, unless the range also contains other IPv6 addresses. Two Ranges from Parse are therefore equal (==) exactly
// when they contain the same addresses.
type Range struct {
	From, To netip.Addr
}

const accepted = `the value must be an IPv4 or IPv6 address without a zone ("192.0.2.7", "2001:db8::7"), a CIDR block ` +
	`("192.0.2.0/24") or a range within one family, lowest address first and without spaces ("192.0.2.1-192.0.2.9")`

var (
	errForm     = errors.New("it has none of the accepted forms")
	errZone     = errors.New("an IPv6 zone is only meaningful on one machine")
	errFamilies = errors.New("the range mixes IPv4 and IPv6")
	errOrder    = errors.New("the start of the range is after its end")
)

// Parse parses one element: an address, a CIDR block, whose host bits are ignored, or a range "a-b". The error quotes s, and
// contains the problem and the accepted forms. It can be shown to a user without a prefix.
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

// newRange converts IPv4-mapped addresses to IPv4 if both ends are IPv4 or IPv4-mapped.
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

// last returns the highest address of a prefix, which netip does not provide.
func last(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := range b {
		// fixed is the number of bits in this byte that belong to the network.
		fixed := min(max(p.Bits()-8*i, 0), 8)
		b[i] |= 0xff >> fixed
	}
	addr, _ := netip.AddrFromSlice(b)
	return addr
}

// Same reports whether two sets have the same elements, regardless of notation and repetition: 10.0.0.1, 10.0.0.1/32 and
// 10.0.0.1-10.0.0.1 are the same element. Elements are not merged, so two halves are not the same as the whole. An element that
// Parse rejects is the same only as its own text.
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

// element is the key for comparing an element: its addresses, or its text if Parse rejects it.
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
