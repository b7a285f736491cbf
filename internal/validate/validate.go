// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package validate holds the validators that more than one schema uses, in a user's words.
//
// Each passes over null and unknown, and its error stands on the attribute's own path, quotes what was given and says what
// is accepted.
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

// check is a validator made of one function.
type check struct {
	// accepted completes "value must be …".
	accepted string
	// summary heads the error.
	summary string
	// refuse says what is wrong with s and what is accepted.
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

// TokenName wants something besides white space. Whatever else a server accepted as the name of a token can be imported.
func TokenName() validator.String {
	const accepted = "a text with something besides white space"
	return check{accepted: accepted, summary: "Invalid name of an access token", refuse: func(s string) error {
		if strings.TrimSpace(s) == "" {
			return fmt.Errorf("%q was given, which is blank; accepted is %s", s, accepted)
		}
		return nil
	}}
}

const notBlank = "a text with something besides white space and without control characters"

var (
	errBlank   = errors.New("it has nothing besides white space")
	errEmpty   = errors.New("it is empty")
	errControl = errors.New("it has a control character")
)

// NotBlank wants something besides white space, and no control characters. It quotes what it refuses: for a secret there
// is NotBlankSecret.
func NotBlank() validator.String {
	return check{accepted: notBlank, summary: "Invalid text", refuse: func(s string) error {
		if err := blank(s); err != nil {
			return fmt.Errorf("%q was given, but %w; accepted is %s", s, err, notBlank)
		}
		return nil
	}}
}

// NotBlankSecret is NotBlank without the quote, for an attribute whose value must not be shown.
func NotBlankSecret() validator.String {
	return check{accepted: notBlank, summary: "Invalid secret", refuse: func(s string) error {
		if err := blank(s); err != nil {
			return fmt.Errorf("the value is not shown here, but %w; accepted is %s", err, notBlank)
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

// APIEndpoint wants a path of the API: it begins with "/" and has neither white space nor control characters.
func APIEndpoint() validator.String {
	const accepted = `a path that begins with "/" and has neither white space nor control characters, such as "/Client"`
	return check{accepted: accepted, summary: "Invalid API endpoint", refuse: func(s string) error {
		if strings.HasPrefix(s, "/") && !strings.ContainsFunc(s, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.IsControl(r)
		}) {
			return nil
		}
		return fmt.Errorf("%q was given; accepted is %s", s, accepted)
	}}
}

// AllowedIP wants an element of ipset: an address, a CIDR block, or a range.
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

// Regexp wants a regular expression in the syntax of RE2.
func Regexp() validator.String {
	const accepted = "a regular expression in the syntax of RE2, such as \"^ci-\""
	return check{accepted: accepted, summary: "Invalid regular expression", refuse: func(s string) error {
		if _, err := regexp.Compile(s); err != nil {
			reason := err.Error()
			if syntax := (*syntax.Error)(nil); errors.As(err, &syntax) {
				reason = fmt.Sprintf("%s: %q", syntax.Code, syntax.Expr)
			}
			return fmt.Errorf("%q was given, which does not parse (%s); accepted is %s", s, reason, accepted)
		}
		return nil
	}}
}

// ID wants the digits of a whole number above 0, as the server writes ids.
func ID() validator.String {
	const accepted = `the id of an access token, a whole number from 1 to 9223372036854775807 in digits alone, such as "42"`
	return check{accepted: accepted, summary: "Invalid id of an access token", refuse: func(s string) error {
		if _, err := ParseID(s); err != nil {
			return fmt.Errorf("%w; accepted is %s", err, accepted)
		}
		return nil
	}}
}

// ParseID takes the digits of a number above 0 and nothing else: "+5" and "05" would make an id that no answer has. Its
// error quotes what was given.
func ParseID(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != s {
		return 0, fmt.Errorf("%q was given", s)
	}
	return n, nil
}

// ParseDuration reads a Go duration from least to most. Its error says what was given and what is accepted.
func ParseDuration(s string, least, most time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q was given; accepted is %s", s, durations(least, most))
	case d < least:
		return 0, fmt.Errorf("%q was given, which is less than %s; accepted is %s", s, short(least), durations(least, most))
	case d > most:
		return 0, fmt.Errorf("%q was given, which is more than %s; accepted is %s", s, short(most), durations(least, most))
	}
	return d, nil
}

func durations(least, most time.Duration) string {
	// An example that is itself refused would help nobody.
	return fmt.Sprintf("a duration from %s to %s, written as numbers with their units, such as %q",
		short(least), short(most), short(min(max(least, 90*time.Second), most)))
}

// short writes a duration without the units that are zero at its end.
func short(d time.Duration) string {
	text := d.String()
	for _, unit := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, unit) {
			text = text[:len(text)-2]
		}
	}
	return text
}
