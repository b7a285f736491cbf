// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Each function below reads a value and reports whether it has the expected form.

// isNested reports whether the value is an array or an object. Such a value may be as long as the whole answer, so it is not copied
// just to find that it has another form.
func isNested(value json.RawMessage) bool { return value[0] == '[' || value[0] == '{' }

func readText(value json.RawMessage) (string, bool) {
	if value[0] != '"' {
		return "", false
	}
	if inner := value[1:max(len(value)-1, 1)]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner), true
	}
	var text string
	err := json.Unmarshal(value, &text)
	return text, err == nil
}

// readFilledText rejects an empty text, which stands for no value.
func readFilledText(value json.RawMessage) (string, bool) {
	text, isText := readText(value)
	return text, isText && text != ""
}

// readTexts accepts only strings as elements. Skipping another element would make the rest of a scope look like the whole.
func readTexts(value json.RawMessage) ([]string, bool) {
	elements := elementsOf(value)
	if elements == nil {
		return nil, false
	}
	texts := make([]string, 0, len(elements))
	for _, element := range elements {
		text, isText := readText(element)
		if !isText {
			return nil, false
		}
		texts = append(texts, text)
	}
	return texts, true
}

// readInteger accepts an integer, a float without a fraction, and the text of either.
func readInteger(value json.RawMessage) (int64, bool) {
	if isNested(value) {
		return 0, false
	}
	if text, isText := readText(value); isText {
		return parseInteger(strings.TrimSpace(text))
	}
	return parseInteger(string(value))
}

// readID accepts a positive integer.
func readID(value json.RawMessage) (int64, bool) {
	id, known := readInteger(value)
	return id, known && id > 0
}

// parseInteger parses the decimal digits, because a float64 would round large numbers.
func parseInteger(text string) (int64, bool) {
	if number, err := strconv.ParseInt(text, 10, 64); err == nil && text[0] != '+' {
		return number, true
	}
	mantissa, exponentText, hasExponent := strings.Cut(strings.ToLower(text), "e")
	exponent := 0
	if hasExponent {
		var err error
		if exponent, err = strconv.Atoi(exponentText); err != nil || exponent < -1000 || exponent > 1000 {
			return 0, false
		}
	}
	digits, negative := strings.CutPrefix(mantissa, "-")
	digits, fraction, hasPoint := strings.Cut(digits, ".")
	if digits == "" || hasPoint && fraction == "" || strings.Trim(digits+fraction, "0123456789") != "" {
		return 0, false
	}
	exponent -= len(fraction)
	digits = strings.TrimLeft(digits+fraction, "0")
	for exponent < 0 && strings.HasSuffix(digits, "0") {
		digits, exponent = digits[:len(digits)-1], exponent+1
	}
	switch {
	case digits == "":
		return 0, true
	case exponent < 0 || len(digits)+exponent > 19: // the digits of the largest int64
		return 0, false
	case negative:
		digits = "-" + digits
	}
	number, err := strconv.ParseInt(digits+strings.Repeat("0", exponent), 10, 64)
	return number, err == nil
}

// readInstant accepts Unix seconds in the range of an int32 (reference). 0 means none. A later value is milliseconds, or stands for
// no end.
func readInstant(value json.RawMessage) (time.Time, bool) {
	seconds, known := readInteger(value)
	if !known || seconds <= 0 || seconds > math.MaxInt32 {
		return time.Time{}, false
	}
	return time.Unix(seconds, 0).UTC(), true
}

func readTokenType(value json.RawMessage) (TokenType, bool) {
	text, isText := readText(value)
	if !isText {
		text = string(value)
	}
	tokenType := parseTokenType(text)
	return tokenType, tokenType != ""
}

// readFlag accepts a boolean, a number, and the text of either.
func readFlag(value json.RawMessage) (flag, known bool) {
	if isNested(value) {
		return false, false
	}
	text, isText := readText(value)
	if !isText {
		text = string(value)
	}
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	number, known := readInteger(value)
	return number != 0, known
}

// kindOfJSON names the kind of a value without revealing it.
func kindOfJSON(data []byte) string {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return "nothing"
	}
	switch data[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	default:
		return "a number"
	}
}
