// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"reflect"
	"testing"
)

func TestACreateIsAloneWithANameUnlessAnotherMayMeanTheSameUser(t *testing.T) {
	for _, c := range []struct {
		own, other int64 // 0 is the caller, who may be any user
		alone      bool
	}{{0, 0, false}, {5, 5, false}, {5, 0, false}, {0, 5, false}, {5, 7, true}} {
		var register nameRegister
		own := register.begin(c.own, "one")
		other, elsewhere := register.begin(c.other, "one"), register.begin(c.own, "two")
		if own.claimed(1) == c.alone || other.claimed(1) == c.alone {
			t.Errorf("of %d beside %d: claimed is %t and %t", c.own, c.other, own.claimed(1), other.claimed(1))
		}
		other.end()
		if own.claimed(1) {
			t.Errorf("of %d beside %d: claimed after the other one has ended", c.own, c.other)
		}
		elsewhere.holds(2)
		if own.claimed(2) {
			t.Error("a token of another name is in the way")
		}
	}
}

func TestATokenOfACreateIsClaimedEvenAfterItsEnd(t *testing.T) {
	var register nameRegister
	first := register.begin(0, "one")
	first.holds(1)
	first.end()
	second := register.begin(5, "one")
	if !second.claimed(1) || second.claimed(2) {
		t.Errorf("claimed are 1: %t, 2: %t", second.claimed(1), second.claimed(2))
	}
}

func TestOmittedFieldsOfAnAnswerAreCompletedFromTheRequest(t *testing.T) {
	for _, c := range []struct {
		answered Token
		sent     Spec
		want     Token
	}{
		{
			Token{ID: 1}, Spec{Name: "n", Type: TypeDefault, UserID: 5, APIEndpoints: []string{"/a"}},
			Token{ID: 1, Name: "n", Type: TypeAll, UserID: 5, AllowedIPs: []string{}},
		},
		{
			Token{ID: 1}, Spec{Name: "n", Type: TypeCustom, APIEndpoints: []string{"/a"}, AllowedIPs: []string{"1.2.3.4"}},
			Token{ID: 1, Name: "n", Type: TypeCustom, APIEndpoints: []string{"/a"}, AllowedIPs: []string{"1.2.3.4"}},
		},
		{
			Token{ID: 1, Name: "told", Type: TypeCustom, UserID: 7, APIEndpoints: []string{"/t"}, AllowedIPs: []string{"::1"}},
			Spec{Name: "n", Type: TypeCustom, UserID: 5, APIEndpoints: []string{"/a"}, AllowedIPs: []string{"1.2.3.4"}},
			Token{ID: 1, Name: "told", Type: TypeCustom, UserID: 7, APIEndpoints: []string{"/t"}, AllowedIPs: []string{"::1"}},
		},
	} {
		if got := completed(c.answered, c.sent); !reflect.DeepEqual(got, c.want) {
			t.Errorf("got %+v, want %+v", got, c.want)
		}
	}
}
