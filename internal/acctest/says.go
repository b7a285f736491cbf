// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"regexp"
	"strings"
)

// gap is the text that a CLI may put between two words: it wraps lines, and some CLIs draw a frame.
const gap = `[\s│╷╵]+`

// Says matches a text that contains these phrases, literally and in this order, however the CLI wraps its lines.
func Says(phrases ...string) *regexp.Regexp {
	patterns := make([]string, 0, len(phrases))
	for _, phrase := range phrases {
		words := strings.Fields(phrase)
		for i, word := range words {
			words[i] = regexp.QuoteMeta(word)
		}
		patterns = append(patterns, strings.Join(words, gap))
	}
	return regexp.MustCompile(`(?s)` + strings.Join(patterns, `.*`))
}

// Unwrapped returns the output of a CLI as one line.
func Unwrapped(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n│╷╵", r) }), " ")
}
