// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package validate contains the validators that several schemas use.
//
// Each validator skips null and unknown values. Its error is at the attribute's own path, quotes the value, and names the accepted
// values.
package validate

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/ipset"
)

var _ validator.String = check{}

// check is a validator that consists of one function.
type check struct {
	// accepted completes "value must be …".
	accepted string
	// summary is the summary of the error.
	summary string
	// refuse returns an error with the problem of s and the accepted values, or nil.
	refuse func(s string) error
}

func (c check) Description(context.Context) string { return "value must be " + c.accepted }

func (c check) MarkdownDescription(ctx context.Context) string { return c.Description(ctx) }

func (c check) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := c.refuse(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, c.summary, fmt.Sprintf("%s: %s.", req.Path, err))
	}
}

// TokenName requires a character other than white space. A server's token with any such name can be imported.
func TokenName() validator.String {
	const accepted = "a text that is not blank"
	return check{accepted: accepted, summary: "Invalid name of an access token", refuse: func(s string) error {
		if strings.TrimSpace(s) == "" {
			return fmt.Errorf("%q was given, which is blank; the value must be %s", s, accepted)
		}
		return nil
	}}
}

const notBlank = "a text that is not blank and has no control characters"

var (
	errBlank   = errors.New("it is blank")
	errEmpty   = errors.New("it is empty")
	errControl = errors.New("it contains a control character")
)

// NotBlank requires a character other than white space, and rejects control characters. Its error quotes the value; use
// NotBlankSecret for secrets.
func NotBlank() validator.String {
	return check{accepted: notBlank, summary: "Invalid text", refuse: func(s string) error {
		if err := blank(s); err != nil {
			return fmt.Errorf("%q was given, but %w; the value must be %s", s, err, notBlank)
		}
		return nil
	}}
}

// NotBlankSecret is NotBlank without the quoted value, for sensitive attributes.
func NotBlankSecret() validator.String {
	return check{accepted: notBlank, summary: "Invalid secret", refuse: func(s string) error {
		if err := blank(s); err != nil {
			return fmt.Errorf("the value is not shown here, but %w; the value must be %s", err, notBlank)
		}
		return nil
	}}
}

func blank(s string) error {
	switch {
	case s == "":
		return errEmpty
	case strings.ContainsFunc(s, unicode.IsControl):
		return errControl
	case strings.TrimSpace(s) == "":
		return errBlank
	}
	return nil
}

// APIEndpoint requires a path of the API, which begins with "/" and contains neither white space nor control characters.
func APIEndpoint() validator.String {
	const accepted = `a path that begins with "/" and has no white space or control characters, such as "/Client"`
	return check{accepted: accepted, summary: "Invalid API endpoint", refuse: func(s string) error {
		if strings.HasPrefix(s, "/") && !strings.ContainsFunc(s, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.IsControl(r)
		}) {
			return nil
		}
		return fmt.Errorf("%q was given; the value must be %s", s, accepted)
	}}
}

// AllowedIP requires an element of ipset: an address, a CIDR block, or a range.
func AllowedIP() validator.String {
	return check{
		accepted: `an IPv4 or IPv6 address, a CIDR block, or a range such as "192.0.2.1-192.0.2.9"`,
		summary:  "Invalid IP address, block or range",
		refuse: func(s string) error {
			_, err := ipset.Parse(s)
			return err
		},
	}
}

// Regexp requires a regular expression in RE2 syntax.
func Regexp() validator.String {
	const accepted = `a regular expression in RE2 syntax, such as "^ci-"`
	return check{accepted: accepted, summary: "Invalid regular expression", refuse: func(s string) error {
		if _, err := regexp.Compile(s); err != nil {
			reason := err.Error()
			if syntax := (*syntax.Error)(nil); errors.As(err, &syntax) {
				reason = fmt.Sprintf("%s: %q", syntax.Code, syntax.Expr)
			}
			return fmt.Errorf("%q was given, which is not valid (%s); the value must be %s", s, reason, accepted)
		}
		return nil
	}}
}

// ID requires the digits of a whole number above 0, as the server writes ids.
func ID() validator.String {
	const accepted = `the id of an access token, a whole number from 1 to 9223372036854775807, in digits only, such as "42"`
	return check{accepted: accepted, summary: "Invalid id of an access token", refuse: func(s string) error {
		if _, err := ParseID(s); err != nil {
			return fmt.Errorf("%w; the value must be %s", err, accepted)
		}
		return nil
	}}
}

// ParseID accepts only the digits of a number above 0: "+5" and "05" would be ids that no answer contains. The error quotes the
// value.
func ParseID(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != s {
		return 0, fmt.Errorf("%q was given", s)
	}
	return n, nil
}

// ParseDuration parses a Go duration from least to most. The error contains the value and the accepted form.
func ParseDuration(s string, least, most time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q was given; the value must be %s", s, durations(least, most))
	case d < least:
		return 0, fmt.Errorf("%q was given, which is less than %s; the value must be %s", s, short(least), durations(least, most))
	case d > most:
		return 0, fmt.Errorf("%q was given, which is more than %s; the value must be %s", s, short(most), durations(least, most))
	}
	return d, nil
}

func durations(least, most time.Duration) string {
	// The example must itself be valid.
	return fmt.Sprintf("a duration from %s to %s, written as numbers with units, such as %q",
		short(least), short(most), short(min(max(least, 90*time.Second), most)))
}

// short formats a duration without trailing zero units.
func short(d time.Duration) string {
	text := d.String()
	for _, unit := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, unit) {
			text = text[:len(text)-2]
		}
	}
	return text
}
