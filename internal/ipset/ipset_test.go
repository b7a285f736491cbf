// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package ipset

import (
	"net/netip"
	"strings"
	"testing"
)

func TestParseNormalises(t *testing.T) {
	const highest = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
	for _, c := range []struct{ name, give, from, to string }{
		{"IPv4 address", "10.0.0.1", "10.0.0.1", "10.0.0.1"},
		{"IPv4 block", "10.0.0.0/24", "10.0.0.0", "10.0.0.255"},
		{"IPv4 block that ends inside a byte", "10.0.0.0/22", "10.0.0.0", "10.0.3.255"},
		{"IPv4 block with host bits", "10.0.0.77/24", "10.0.0.0", "10.0.0.255"},
		{"every IPv4 address", "0.0.0.0/0", "0.0.0.0", "255.255.255.255"},
		{"one IPv4 address as a block", "10.0.0.1/32", "10.0.0.1", "10.0.0.1"},
		{"IPv4 range", "10.0.0.1-10.0.1.9", "10.0.0.1", "10.0.1.9"},
		{"IPv4 range of one", "10.0.0.1-10.0.0.1", "10.0.0.1", "10.0.0.1"},
		{"IPv6 address", "2001:DB8:0:0::1", "2001:db8::1", "2001:db8::1"},
		{"IPv6 block", "2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"IPv6 block with host bits", "2001:db8::77/61", "2001:db8::", "2001:db8:0:7:ffff:ffff:ffff:ffff"},
		{"every IPv6 address", "::/0", "::", highest},
		{"one IPv6 address as a block", "::1/128", "::1", "::1"},
		{"IPv6 range", "2001:db8::1-2001:db8::ff", "2001:db8::1", "2001:db8::ff"},
		{"IPv4-mapped address", "::ffff:10.0.0.1", "10.0.0.1", "10.0.0.1"},
		{"IPv4-mapped block", "::ffff:10.0.0.0/120", "10.0.0.0", "10.0.0.255"},
		{"all of the IPv4-mapped block", "::ffff:0:0/96", "0.0.0.0", "255.255.255.255"},
		{"IPv4-mapped range", "::ffff:10.0.0.1-::ffff:10.0.0.9", "10.0.0.1", "10.0.0.9"},
		{"range with one end mapped", "10.0.0.1-::ffff:10.0.0.9", "10.0.0.1", "10.0.0.9"},
		{"block around the mapped one", "::ffff:10.0.0.0/64", "::", "::ffff:ffff:ffff:ffff"},
		{"block that ends in the mapped one", "::fffe:0:0/95", "::fffe:0:0", "::ffff:255.255.255.255"},
		{"IPv6 range out of the mapped block", "::ffff:10.0.0.1-2001:db8::1", "::ffff:10.0.0.1", "2001:db8::1"},
		{"IPv6 range into the mapped block", "::1-::ffff:10.0.0.1", "::1", "::ffff:10.0.0.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Parse(c.give)
			want := Range{netip.MustParseAddr(c.from), netip.MustParseAddr(c.to)}
			if err != nil || got != want {
				t.Errorf("Parse(%q) = %v, %v; want %v", c.give, got, err, want)
			}
		})
	}
}

func TestParseRefusesAndSaysWhy(t *testing.T) {
	for _, c := range []struct{ name, give, reason string }{
		{"empty", "", "none of the accepted forms"},
		{"blank", " ", "none of the accepted forms"},
		{"blank before", " 10.0.0.1", "none of the accepted forms"},
		{"blank after", "10.0.0.1\n", "none of the accepted forms"},
		{"blanks in a range", "10.0.0.1 - 10.0.0.9", "none of the accepted forms"},
		{"blank in a block", "10.0.0.0 /24", "none of the accepted forms"},
		{"a name", "localhost", "none of the accepted forms"},
		{"a port", "10.0.0.1:80", "none of the accepted forms"},
		{"brackets", "[::1]", "none of the accepted forms"},
		{"leading zero", "10.0.0.01", "none of the accepted forms"},
		{"three bytes", "10.0.0", "none of the accepted forms"},
		{"a wildcard", "10.0.0.*", "none of the accepted forms"},
		{"a mask", "10.0.0.0/255.255.255.0", "none of the accepted forms"},
		{"a long IPv4 prefix", "10.0.0.0/33", "none of the accepted forms"},
		{"a long IPv6 prefix", "::/129", "none of the accepted forms"},
		{"a negative prefix", "10.0.0.0/-1", "none of the accepted forms"},
		{"no prefix", "10.0.0.0/", "none of the accepted forms"},
		{"open range", "10.0.0.1-", "none of the accepted forms"},
		{"range without begin", "-10.0.0.1", "none of the accepted forms"},
		{"three ends", "10.0.0.1-10.0.0.2-10.0.0.3", "none of the accepted forms"},
		{"range of blocks", "10.0.0.0/24-10.0.1.0/24", "none of the accepted forms"},
		{"short range", "10.0.0.1-9", "none of the accepted forms"},
		{"zone", "fe80::1%eth0", "zone"},
		{"zone in a range", "fe80::1-fe80::2%eth0", "zone"},
		{"zone in a block", "fe80::1%eth0/64", "zone"},
		{"families mixed", "10.0.0.1-2001:db8::1", "mixes"},
		{"families mixed the other way", "::1-10.0.0.1", "mixes"},
		{"backwards", "10.0.0.9-10.0.0.1", "is after its end"},
		{"backwards by number, not by text", "10.0.0.10-10.0.0.9", "is after its end"},
		{"backwards IPv6", "2001:db8::2-2001:db8::1", "is after its end"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Parse(c.give)
			if err == nil {
				t.Fatalf("Parse(%q) = %v, want an error", c.give, got)
			}
			if got != (Range{}) {
				t.Errorf("the range beside the error is %v", got)
			}
			if !strings.Contains(err.Error(), c.reason) {
				t.Errorf("the error gives another reason than %q: %v", c.reason, err)
			}
			if !strings.Contains(err.Error(), "the value must be an IPv4 or IPv6 address") {
				t.Errorf("the error does not say what is accepted: %v", err)
			}
		})
	}
}

func TestParseErrorQuotesWhatWasGiven(t *testing.T) {
	_, err := Parse("any\nwhere")
	if err == nil || !strings.HasPrefix(err.Error(), `"any\nwhere" `) {
		t.Errorf("the error does not begin with what was given, quoted: %v", err)
	}
}

// TestLastAddressOfEveryPrefixLength guards that the last address lies within the prefix and the next one does not, for every
// length in both families.
func TestLastAddressOfEveryPrefixLength(t *testing.T) {
	for _, s := range []string{"0.0.0.0", "10.20.30.40", "255.255.255.255", "::", "2001:db8:1:2:3:4:5:6", "ffff::ffff"} {
		addr := netip.MustParseAddr(s)
		for bits := range addr.BitLen() + 1 {
			p := netip.PrefixFrom(addr, bits)
			got := last(p)
			if !p.Contains(got) {
				t.Errorf("last(%s) = %s, which lies outside", p, got)
			}
			if next := got.Next(); next.IsValid() && p.Contains(next) {
				t.Errorf("last(%s) = %s, but %s follows", p, got, next)
			}
		}
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b []string
		want bool
	}{
		{"an address, a block and a range of one", []string{"10.0.0.1"}, []string{"10.0.0.1/32", "10.0.0.1-10.0.0.1"}, true},
		{"two spellings in IPv6", []string{"::1"}, []string{"0:0::1"}, true},
		{"letters of two cases", []string{"2001:DB8::A"}, []string{"2001:db8::a"}, true},
		{"a block and its range", []string{"10.0.0.0/24"}, []string{"10.0.0.0-10.0.0.255"}, true},
		{"host bits", []string{"10.0.0.0/24"}, []string{"10.0.0.9/24"}, true},
		{"IPv4-mapped", []string{"::ffff:10.0.0.1"}, []string{"10.0.0.1"}, true},
		{"another order", []string{"10.0.0.1", "::1"}, []string{"::1", "10.0.0.1"}, true},
		{"duplicates", []string{"10.0.0.1", "10.0.0.1/32", "::1"}, []string{"::1", "10.0.0.1"}, true},
		{"none and none", nil, []string{}, true},
		{"none and one", nil, []string{"10.0.0.1"}, false},
		{"another address", []string{"10.0.0.1"}, []string{"10.0.0.2"}, false},
		{"another prefix length", []string{"10.0.0.0/24"}, []string{"10.0.0.0/25"}, false},
		{"one more", []string{"10.0.0.1"}, []string{"10.0.0.1", "10.0.0.2"}, false},
		{"as many, but others", []string{"10.0.0.1", "10.0.0.2"}, []string{"10.0.0.1", "10.0.0.3"}, false},
		{"duplicates do not make up for what lacks", []string{"10.0.0.1", "10.0.0.1"}, []string{"10.0.0.1", "10.0.0.2"}, false},
		{"every address of one family only", []string{"0.0.0.0/0"}, []string{"::/0"}, false},
		{"halves are not the whole", []string{"10.0.0.0/25", "10.0.0.128/25"}, []string{"10.0.0.0/24"}, false},
		{"not valid, same text", []string{"10.0.0.1/32", "lan"}, []string{"lan", "10.0.0.1"}, true},
		{"not valid, other text", []string{"lan"}, []string{"LAN"}, false},
		{"two not valid are two", []string{"lan", "wan"}, []string{"lan"}, false},
		{"not valid and valid", []string{"10.0.0.1 "}, []string{"10.0.0.1"}, false},
	} {
		if got := Same(c.a, c.b); got != c.want {
			t.Errorf("%s: got %t", c.name, got)
		}
		if got := Same(c.b, c.a); got != c.want {
			t.Errorf("%s, the other way round: got %t", c.name, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"10.0.0.1", "10.0.0.9/24", "10.0.0.1-10.0.0.9", "::ffff:1.2.3.4/95", "fe80::1%a-b", "::1-::2", "/", "-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := Parse(s)
		if err != nil {
			return
		}
		if !r.From.IsValid() || r.From.BitLen() != r.To.BitLen() || r.To.Less(r.From) || r.From.Zone()+r.To.Zone() != "" {
			t.Fatalf("Parse(%q) = %v", s, r)
		}
		written := r.From.String() + "-" + r.To.String()
		if again, err := Parse(written); err != nil || again != r {
			t.Fatalf("%q became %q, which Parse reads as %v, %v", s, written, again, err)
		}
	})
}
