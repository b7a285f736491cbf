// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package validate_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
)

var at = path.Root("thing")

func run(t *testing.T, v validator.String, value types.String) validator.StringResponse {
	t.Helper()
	var resp validator.StringResponse
	v.ValidateString(t.Context(), validator.StringRequest{Path: at, ConfigValue: value}, &resp)
	return resp
}

func accepts(t *testing.T, v validator.String, values ...string) {
	t.Helper()
	for _, value := range values {
		if resp := run(t, v, types.StringValue(value)); len(resp.Diagnostics) != 0 {
			t.Errorf("%q: %v", value, resp.Diagnostics)
		}
	}
}

// refuses checks that each value causes one error at the attribute's path that quotes the value and contains all of want.
func refuses(t *testing.T, v validator.String, values []string, want ...string) {
	t.Helper()
	for _, value := range values {
		resp := run(t, v, types.StringValue(value))
		if resp.Diagnostics.ErrorsCount() != 1 {
			t.Errorf("%q: %d errors, want 1", value, resp.Diagnostics.ErrorsCount())
			continue
		}
		d := resp.Diagnostics[0]
		if p, ok := d.(interface{ Path() path.Path }); !ok || !p.Path().Equal(at) {
			t.Errorf("%q: the error is not on the attribute's path", value)
		}
		for _, part := range append(want, strconv.Quote(value), "the value must be") {
			if !strings.Contains(d.Detail(), part) {
				t.Errorf("%q: the error lacks %s: %s", value, part, d.Detail())
			}
		}
	}
}

func TestEveryValidatorSkipsNullAndUnknownAndDescribesItself(t *testing.T) {
	for name, v := range map[string]validator.String{
		"ID":             validate.ID(),
		"TokenName":      validate.TokenName(),
		"TokenType":      validate.TokenType("ALL", "MS_SCIM"),
		"NotBlank":       validate.NotBlank(),
		"NotBlankSecret": validate.NotBlankSecret(),
		"APIEndpoint":    validate.APIEndpoint(),
		"AllowedIP":      validate.AllowedIP(),
	} {
		for _, value := range []types.String{types.StringNull(), types.StringUnknown()} {
			if resp := run(t, v, value); len(resp.Diagnostics) != 0 {
				t.Errorf("%s, %s: %v", name, value, resp.Diagnostics)
			}
		}
		// Without this check, the skip above would hide a validator that rejects nothing.
		if resp := run(t, v, types.StringValue("")); !resp.Diagnostics.HasError() {
			t.Errorf("%s accepts an empty string", name)
		}
		for _, d := range []string{v.Description(t.Context()), v.MarkdownDescription(t.Context())} {
			if !strings.HasPrefix(d, "value must be ") || len(d) < 30 {
				t.Errorf("%s describes itself as %q", name, d)
			}
		}
	}
}

func TestTokenName(t *testing.T) {
	v := validate.TokenName()
	accepts(t, v, "ci", " ci ", "\tci", "c\x00i", "\x00", "c\u0085i", "🔑", strings.Repeat("x", 1000))
	refuses(t, v, []string{"", " ", "\t\n", "\u00a0"}, "blank")
}

func TestTokenType(t *testing.T) {
	v := validate.TokenType("ALL", "MS_SCIM", "CUSTOM")
	accepts(t, v, "ALL", "MS_SCIM", "CUSTOM")
	const all = `the value must be "ALL", "MS_SCIM" or "CUSTOM"`
	refuses(t, v, []string{"custom", "Custom"}, `letter case matters: did you mean "CUSTOM"?`, all)
	refuses(t, v, []string{"ms-scim", "MS SCIM", "MsScim", " ms_scim"}, `did you mean "MS_SCIM"?`, all)
	refuses(t, v, []string{"", "2", "SCIM", "CUSTOMS"}, `was given; the value must be`, all)
}

func TestNotBlank(t *testing.T) {
	v := validate.NotBlank()
	accepts(t, v, "ci", " ci ", "ci token", "Schlüssel", "鍵", "0")
	refuses(t, v, []string{""}, "it is empty")
	refuses(t, v, []string{" ", "   ", "\u00a0", "\u2003 "}, "it is blank")
	refuses(t, v, []string{"ci\n", "\tci", "c\x00i", "c\x7fi", "c\u0085i", "\n"}, "control character")
}

func TestNotBlankSecretShowsNothingOfTheSecret(t *testing.T) {
	v := validate.NotBlankSecret()
	accepts(t, v, "hunter2", "with blank")
	for give, reason := range map[string]string{
		"":          "it is empty",
		"  ":        "it is blank",
		"hunter2\n": "control character",
	} {
		resp := run(t, v, types.StringValue(give))
		if resp.Diagnostics.ErrorsCount() != 1 {
			t.Errorf("%q: %d errors, want 1", give, resp.Diagnostics.ErrorsCount())
			continue
		}
		text := resp.Diagnostics[0].Summary() + resp.Diagnostics[0].Detail()
		if !strings.Contains(text, reason) || strings.Contains(text, "hunter2") {
			t.Errorf("%q: %s", give, text)
		}
	}
}

func TestAPIEndpoint(t *testing.T) {
	v := validate.APIEndpoint()
	accepts(t, v, "/", "/Client", "/V4/ServerGroup", "/Client/*", "/a?b=c")
	refuses(t, v, []string{
		"", "Client", "https://host/Client", " /Client", "/Client ", "/Cli ent", "/Client\n", "/\tClient", "/Cli\x00ent", "/\u00a0",
	}, `begins with "/"`)
}

func TestAllowedIP(t *testing.T) {
	v := validate.AllowedIP()
	accepts(t, v, "192.0.2.7", "192.0.2.0/24", "192.0.2.1-192.0.2.9", "2001:db8::7", "2001:db8::/32")
	refuses(t, v, []string{"", "lan", "192.0.2.9-192.0.2.1", "fe80::1%eth0", "192.0.2.0/33", " 192.0.2.7"}, "CIDR block")
}

func TestRegexp(t *testing.T) {
	for _, value := range []types.String{types.StringNull(), types.StringUnknown()} {
		if resp := run(t, validate.Regexp(), value); len(resp.Diagnostics) != 0 {
			t.Errorf("%s: %v", value, resp.Diagnostics)
		}
	}
	accepts(t, validate.Regexp(), "^ci-", "", "a|b", `(?i)\p{Greek}+`)
	refuses(t, validate.Regexp(), []string{"(", "a(?=b)", `\1`, "a{2,1}", "[z-a]"}, "RE2", "is not valid")
}

func TestID(t *testing.T) {
	accepts(t, validate.ID(), "1", "42", "9223372036854775807")
	refuses(t, validate.ID(), []string{"", "0", "-1", "+1", "007", "1.0", " 1", "9223372036854775808", "ci"}, "a whole number from 1 to 9223372036854775807")
}

func TestParseDurationRefuses(t *testing.T) {
	for given, want := range map[string][]string{
		"": {"from 1s to 24h", `such as "1m30s"`}, "60": {"from 1s to 24h"}, "s": {"from 1s"}, "1d": {"from 1s"},
		"one minute": {"from 1s"}, "2 m": {"from 1s"}, "1h 30m": {"from 1s"}, "99999999999h": {"from 1s"},
		"0": {"less than 1s", `such as "1m30s"`}, "999ms": {"less than 1s"}, "-2m": {"less than 1s"},
		"24h1ns": {"more than 24h", "from 1s to 24h"},
	} {
		_, err := validate.ParseDuration(given, time.Second, 24*time.Hour)
		for _, text := range want {
			if err == nil || !strings.Contains(err.Error(), text) {
				t.Errorf("%q: %v, want %q in it", given, err, text)
			}
		}
	}
	for example, bounds := range map[string][2]time.Duration{"1h": {time.Hour, 2 * time.Hour}, "5s": {0, 5 * time.Second}} {
		_, err := validate.ParseDuration("-59m", bounds[0], bounds[1])
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("such as %q", example)) {
			t.Errorf("the example is itself refused: %v", err)
		}
	}
}

func TestParseDuration(t *testing.T) {
	for given, want := range map[string]time.Duration{
		"1s": time.Second, "60s": time.Minute, "2m": 2 * time.Minute, "1h30m": 90 * time.Minute, "24h": 24 * time.Hour, "0s": 0,
	} {
		if got, err := validate.ParseDuration(given, 0, 24*time.Hour); err != nil || got != want {
			t.Errorf("%q: got %v, %v", given, got, err)
		}
	}
}

func TestBetween(t *testing.T) {
	v := validate.Between(1, 14)
	for _, value := range []types.Int64{types.Int64Null(), types.Int64Unknown(), types.Int64Value(1), types.Int64Value(14)} {
		var resp validator.Int64Response
		v.ValidateInt64(t.Context(), validator.Int64Request{Path: at, ConfigValue: value}, &resp)
		if len(resp.Diagnostics) > 0 {
			t.Errorf("%s: %v", value, resp.Diagnostics)
		}
	}
	for _, value := range []int64{math.MinInt64, 0, 15, math.MaxInt64} {
		var resp validator.Int64Response
		v.ValidateInt64(t.Context(), validator.Int64Request{Path: at, ConfigValue: types.Int64Value(value)}, &resp)
		want := fmt.Sprintf("thing: %d was given; the value must be a whole number from 1 to 14.", value)
		if resp.Diagnostics.ErrorsCount() != 1 || resp.Diagnostics[0].Detail() != want {
			t.Errorf("%d: %v, want %q", value, resp.Diagnostics, want)
		}
	}
	if v.Description(t.Context()) != v.MarkdownDescription(t.Context()) || !strings.Contains(v.Description(t.Context()), "from 1 to 14") {
		t.Errorf("it describes itself as %q", v.Description(t.Context()))
	}
}
