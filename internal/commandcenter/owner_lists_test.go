// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import "testing"

// TestAListIsFullOnce guards that callers can share a list although they expect different numbers of companions.
func TestAListIsFullOnce(t *testing.T) {
	o := &ownerLists{}
	var l *listing
	for _, expected := range []int{3, 2, 3, 1, 5} {
		l = o.join(expected)
	}
	select {
	case <-l.full:
	default:
		t.Error("the list still waits for others")
	}
}
