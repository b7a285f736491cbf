// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"fmt"
	"strings"
	"testing"
)

func TestTheTableOfTypes(t *testing.T) {
	var rows []string
	for _, kind := range append(TokenTypes(), "", "NEW") {
		rows = append(rows, fmt.Sprintf("%q %q renews=%t %.0f %.0f manages=%t", kind, kind.Canonical(), kind.Renews(),
			kind.DefaultLifetime().Hours()/24, kind.LongestLifetime().Hours()/24, kind.MayManageTokens()))
	}
	const want = `"DEFAULT" "ALL" renews=true 90 365 manages=true
"MS_SCIM" "MS_SCIM" renews=false 30 365 manages=false
"ALL" "ALL" renews=true 90 365 manages=true
"CUSTOM" "CUSTOM" renews=true 90 365 manages=true
"OneTouch" "OneTouch" renews=false 7 14 manages=false
"Hyperscale" "Hyperscale" renews=true 90 365 manages=false
"" "" renews=true 90 365 manages=true
"NEW" "NEW" renews=true 90 365 manages=true`
	if got := strings.Join(rows, "\n"); got != want {
		t.Errorf("the table is\n%s", got)
	}
}

func TestATypeIsParsedByNameAndNumber(t *testing.T) {
	for number, kind := range TokenTypes() {
		for _, text := range []string{
			string(kind), strings.ToLower(string(kind)), strings.ToUpper(string(kind)), " " + string(kind) + "\n",
			fmt.Sprint(number), fmt.Sprintf("%d.0", number), fmt.Sprintf("%de0", number), fmt.Sprintf(" %d ", number),
		} {
			if got := parseTokenType(text); got != kind {
				t.Errorf("%q is parsed as %q", text, got)
			}
		}
	}
	for _, text := range []string{"", " ", "6", "-1", "1.5", "NEW", "ALL,CUSTOM", "null", "true", "{}", "1e99"} {
		if got := parseTokenType(text); got != "" {
			t.Errorf("%q is parsed as %q", text, got)
		}
	}
}
