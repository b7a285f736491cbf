// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import "encoding/json"

// eachValue calls f for each value in a container that begins with open: an object with names, or an array without. It reports
// whether the value is such a container. The container must be valid JSON, because this only finds where values end.
func eachValue(container json.RawMessage, open byte, f func(name, value json.RawMessage)) bool {
	if len(container) < 2 || container[0] != open {
		return false
	}
	at := skipSpace(container, 1)
	for at < len(container) && container[at] != '}' && container[at] != ']' {
		var name json.RawMessage
		if open == '{' {
			end := valueEnd(container, at)
			name = container[at:end]
			at = skipSpace(container, skipSpace(container, end)+1) // the colon
		}
		end := valueEnd(container, at)
		if end <= at {
			return false
		}
		f(name, container[at:end:end])
		if at = skipSpace(container, end); at < len(container) && container[at] == ',' {
			at = skipSpace(container, at+1)
		}
	}
	return true
}

func skipSpace(data []byte, at int) int {
	for at < len(data) && (data[at] == ' ' || data[at] == '\t' || data[at] == '\r' || data[at] == '\n') {
		at++
	}
	return at
}

// valueEnd returns the index after the value that begins at the given index.
func valueEnd(data []byte, at int) int {
	for depth := 0; at < len(data); at++ {
		switch data[at] {
		case '"':
			at = textEnd(data, at)
		case '{', '[':
			depth++
			continue
		case '}', ']':
			depth--
		default:
			if depth == 0 {
				return scalarEnd(data, at)
			}
			continue
		}
		if depth <= 0 {
			return min(at+1, len(data))
		}
	}
	return len(data)
}

// textEnd returns the index of the closing quote of the text.
func textEnd(data []byte, at int) int {
	for at++; at < len(data) && data[at] != '"'; at++ {
		if data[at] == '\\' {
			at++
		}
	}
	return at
}

func scalarEnd(data []byte, at int) int {
	for at < len(data) {
		switch data[at] {
		case ',', '}', ']', ' ', '\t', '\r', '\n':
			return at
		}
		at++
	}
	return at
}
