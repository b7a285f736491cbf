// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

// Numbers is the notation of whole numbers in answers. API.md#open-questions.
type Numbers int

const (
	NumbersWhole Numbers = iota // 1795576206
	NumbersFloat                // 1795576206.0
	NumbersText                 // "1795576206"
)

// rewrite converts each number in the output of encoding/json to this notation.
func (n Numbers) rewrite(text []byte) []byte {
	if n == NumbersWhole {
		return text
	}
	var result []byte
	inString := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case inString && c == '\\':
			result = append(result, c)
			i++
			c = text[i]
		case c == '"':
			inString = !inString
		case !inString && (c == '-' || c >= '0' && c <= '9'):
			end := i + 1
			for end < len(text) && text[end] >= '0' && text[end] <= '9' {
				end++
			}
			result = append(result, n.write(text[i:end])...)
			i = end - 1
			continue
		}
		result = append(result, c)
	}
	return result
}

func (n Numbers) write(digits []byte) string {
	if n == NumbersText {
		return `"` + string(digits) + `"`
	}
	return string(digits) + ".0"
}
