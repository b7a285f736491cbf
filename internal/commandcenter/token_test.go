// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"testing"
	"time"
)

func TestAChangeIsEmptyOnlyIfNothingWouldBeSent(t *testing.T) {
	none := []string{}
	if !(Change{}).IsEmpty() || (Change{AllowedIPs: &none}).IsEmpty() {
		t.Error("a change that empties a list is none, or none is one")
	}
}

func TestAListedTokenOfAnotherUserOrNameDoesNotAgree(t *testing.T) {
	for _, c := range []struct {
		sent   Spec
		listed Token
		want   bool
	}{
		{Spec{Name: "n", UserID: 5}, Token{Name: "n", UserID: 5}, true},
		{Spec{Name: "n", UserID: 5}, Token{Name: "n", UserID: 7}, false},
		{Spec{Name: "n", UserID: 5}, Token{Name: "n"}, true}, // omitted
		{Spec{Name: "n"}, Token{Name: "n", UserID: 7}, true}, // the caller, who may be any user
		{Spec{Name: "n"}, Token{Name: "m"}, false},
	} {
		if got := c.sent.agrees(c.listed, time.Unix(1800000000, 0)); got != c.want {
			t.Errorf("%+v and %+v: %t", c.sent, c.listed, got)
		}
	}
}
