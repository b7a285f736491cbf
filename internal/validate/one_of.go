// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package validate

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// TokenType requires one of the names of token types, in their letter case.
func TokenType(names ...string) validator.String {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = strconv.Quote(name)
	}
	last := len(quoted) - 1
	accepted := strings.Join(quoted[:last], ", ") + " or " + quoted[last]
	return check{accepted: accepted, summary: "Unknown type of access token", refuse: func(s string) error {
		for _, name := range names {
			switch {
			case s == name:
				return nil
			case strings.EqualFold(s, name):
				return fmt.Errorf("%q was given (letter case matters: did you mean %q?); the value must be %s", s, name, accepted)
			case letters(s) == letters(name):
				return fmt.Errorf("%q was given (did you mean %q?); the value must be %s", s, name, accepted)
			}
		}
		return fmt.Errorf("%q was given; the value must be %s", s, accepted)
	}}
}

// letters returns the letters of a text in lower case.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}
