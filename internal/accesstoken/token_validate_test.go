// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

func TestUniqueName(t *testing.T) {
	early := time.Date(2026, time.November, 23, 16, 26, 42, 999_999_999, time.FixedZone("", 2*60*60))
	for _, c := range []struct {
		random string
		want   string
	}{
		{"\x9f\x3a\xc0\x7b", "ci-20261123T142642Z-9f3ac07b"},
		{"\x00\x01\x00\x02\xff", "ci-20261123T142642Z-00010002"},
	} {
		got, err := uniqueName("ci-", early, strings.NewReader(c.random))
		if got != c.want || err != nil {
			t.Errorf("got %q, %v; want %q", got, err, c.want)
		}
	}
}

func TestUniqueNameWithoutRandomnessIsNone(t *testing.T) {
	broken := errors.New("broken")
	for _, random := range []io.Reader{iotest.ErrReader(broken), bytes.NewReader([]byte{1, 2, 3})} {
		if got, err := uniqueName("ci-", now, random); err == nil {
			t.Errorf("got %q without enough random bytes", got)
		}
	}
}

func TestParseImportID(t *testing.T) {
	for _, c := range []struct {
		given  string
		id     string
		userID wholenumber.Value
	}{
		{"42", "42", wholenumber.Null()},
		{"7/42", "42", wholenumber.Of(7)},
		{"9223372036854775807", "9223372036854775807", wholenumber.Null()},
	} {
		id, userID, err := parseImportID(c.given)
		if err != nil || id.ValueString() != c.id || !userID.Equal(c.userID) {
			t.Errorf("%s: got %s, %s, %v; want %s, %s", c.given, id, userID, err, c.id, c.userID)
		}
	}
}

func TestParseImportIDRefusesAndSaysWhatIsAccepted(t *testing.T) {
	for _, given := range []string{
		"", "x", "0", "-5", "+5", "05", " 5", "5 ", "5.0", "1e3", "0x10", "٣", "9223372036854775808",
		"/", "/42", "7/", "x/42", "7/x", "0/42", "7/0", "-7/42", "7/-42", "07/42", "1/2/3", "7//42", "2147483648/42", "7/42/", "7\\42",
	} {
		id, userID, err := parseImportID(given)
		if err == nil {
			t.Errorf("%q was read as %s of %s", given, id, userID)
			continue
		}
		if !id.IsNull() || !userID.IsNull() {
			t.Errorf("%q: beside the error came %s of %s", given, id, userID)
		}
		for _, phrase := range []string{fmt.Sprintf("%q", given), "<id>", "<user_id>/<id>"} {
			if !strings.Contains(err.Error(), phrase) {
				t.Errorf("%q: the error does not say %s: %s", given, phrase, err)
			}
		}
	}
}

func TestValidateName(t *testing.T) {
	null, unknown := types.StringNull(), types.StringUnknown()
	for _, c := range []struct {
		name         string
		fixed, start types.String
		attribute    string // "" if nothing is refused
		says         []string
	}{
		{"a name", text("ci"), null, "", nil},
		{"a prefix", null, text("ci-"), "", nil},
		{"neither", null, null, "name", []string{"name", "name_prefix"}},
		{"both", text("ci"), text("ci-"), "name_prefix", []string{`"ci"`, `"ci-"`, "Exactly one"}},
		{"a name not known", unknown, null, "", nil},
		{"a prefix not known", null, unknown, "", nil},
		{"a name, and a prefix not known", text("ci"), unknown, "", nil},
		{"a prefix, and a name not known", unknown, text("ci-"), "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			diags := (&model{Name: c.fixed, NamePrefix: c.start}).validateName()
			if c.attribute == "" {
				if len(diags) != 0 {
					t.Errorf("it was refused: %v", diags)
				}
				return
			}
			says(t, diags, diag.SeverityError, c.attribute, c.says...)
		})
	}
}

// Each type accepts its own arguments, refuses those of other types, and leaves unknown values to the apply.
func TestValidateType(t *testing.T) {
	endpoints := func(m *model) { m.APIEndpoints = set("/a") }
	renewable := func(m *model) { m.RenewableUntil = stamp(1) }
	expiry := func(m *model) { m.TokenExpiry = stamp(1) }
	for _, tokenType := range commandcenter.TokenTypes() {
		for _, c := range []struct {
			name      string
			given     func(*model)
			attribute string
			refused   bool
		}{
			{"nothing more", func(*model) {}, "api_endpoints", tokenType == commandcenter.TypeCustom},
			{"endpoints", endpoints, "api_endpoints", tokenType != commandcenter.TypeCustom},
			{"endpoints not known", func(m *model) { m.APIEndpoints = types.SetUnknown(types.StringType) }, "api_endpoints", false},
			{"renewable until", renewable, "renewable_until", !tokenType.Renews()},
			{"renewable until not known", func(m *model) { m.RenewableUntil = timestamp.Unknown() }, "renewable_until", false},
			{"token expiry", expiry, "token_expiry", tokenType.Renews()},
			{"token expiry not known", func(m *model) { m.TokenExpiry = timestamp.Unknown() }, "token_expiry", false},
		} {
			t.Run(string(tokenType)+", "+c.name, func(t *testing.T) {
				var m model
				m.Type, m.APIEndpoints = text(string(tokenType)), types.SetNull(types.StringType)
				if tokenType == commandcenter.TypeCustom && c.attribute != "api_endpoints" {
					endpoints(&m)
				}
				c.given(&m)
				diags := append(m.validateScope(), m.validateEnds()...)
				if !c.refused {
					if len(diags) != 0 {
						t.Errorf("it was refused: %v", diags)
					}
					return
				}
				says(t, diags, diag.SeverityError, c.attribute, "type", string(tokenType))
			})
		}
	}
}
