// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// listAnswer contains the tokens in the answer to list. It proves that a token is absent only if nothing indicates that it may be
// incomplete.
type listAnswer struct {
	tokens []Token
	// incomplete is a clause with the reason why the list may lack tokens, or "" if nothing in the answer indicates that.
	incomplete string
	// arrayPresent reports whether the answer has an array of tokens, even if it is empty. Without an array, incomplete is set too.
	arrayPresent bool
}

// decodeList reads the one top-level array of objects that carry accessTokenId, whatever its name. One or several empty arrays are
// an empty list. An object without an error and without an array shows no token and proves no absence. Anything else is an error,
// never "no tokens". API.md#list (inference).
func decodeList(body []byte) (listAnswer, error) {
	a, err := decodeAnswer(body)
	if err != nil {
		return listAnswer{}, err
	}
	items, present, err := tokenArray(a.top)
	if err != nil {
		return listAnswer{}, err
	}
	if !present {
		if a.mentionsErrors() {
			return listAnswer{}, errors.New("the answer has an error but no array of tokens")
		}
		return listAnswer{incomplete: "the answer has no array of tokens"}, nil
	}
	list := listAnswer{tokens: make([]Token, 0, len(items)), arrayPresent: true, incomplete: a.moreThan(len(items))}
	for _, item := range items {
		if t := membersOf(item).token(); t.ID != 0 {
			list.tokens = append(list.tokens, t)
		}
	}
	if unusable := len(items) - len(list.tokens); unusable > 0 && list.incomplete == "" {
		list.incomplete = fmt.Sprintf("%d of its %d items have no usable id", unusable, len(items))
	}
	return list, nil
}

// mentionsErrors reports whether the answer has a list of errors, or an error message without a code.
func (a answer) mentionsErrors() bool {
	for _, m := range a.top {
		if namesErrors(m.name) && len(elementsOf(m.value)) > 0 {
			return true
		}
	}
	return slices.ContainsFunc(a.places, func(e errorPlace) bool { return e.message != "" && !e.codeKnown })
}

// tokenArray returns the array of tokens among the members of an answer, and reports whether there is one.
func tokenArray(top object) (items []json.RawMessage, present bool, err error) {
	var found [][]json.RawMessage
	empty, foreign := object{}, 0
	for _, m := range top {
		if m.value[0] != '[' || namesErrors(m.name) {
			continue
		}
		switch elements := elementsOf(m.value); {
		case len(elements) == 0:
			empty = append(empty, m)
		case slices.ContainsFunc(elements, func(item json.RawMessage) bool { return membersOf(item).has("accessTokenId") }):
			found = append(found, elements)
		default:
			foreign++
		}
	}
	switch {
	case len(found) == 1:
		return found[0], true, nil
	case len(found) > 1:
		return nil, false, errors.New("the answer has several arrays of tokens")
	case foreign > 0:
		return nil, false, errors.New("the answer has an array, but no array of tokens")
	default:
		return nil, len(empty) > 0 && (empty.nameTokens() || !top.nameNullTokens()), nil
	}
}

// nameTokens reports whether the name of a member mentions tokens.
func (o object) nameTokens() bool {
	return slices.ContainsFunc(o, func(m member) bool { return strings.Contains(strings.ToLower(m.name), "token") })
}

// nameNullTokens reports whether a member whose name mentions tokens is null or an object. An empty array of another name is not
// the list then.
func (o object) nameNullTokens() bool {
	return slices.ContainsFunc(o, func(m member) bool {
		return strings.ContainsRune("n{", rune(m.value[0])) && strings.HasSuffix(strings.ToLower(m.name), "tokens")
	})
}

// pageSizes are the lengths at which a server may have ended the list without reporting it.
var pageSizes = []int{50, 100, 200, 250, 500, 1000}

// moreThan returns the reason why there may be more tokens than the items of the list, or "" if nothing indicates that.
func (a answer) moreThan(items int) string {
	if a.mentionsErrors() {
		return "it comes with an error"
	}
	if why := a.top.speaksOfMore(items); why != "" {
		return why
	}
	for _, m := range a.top {
		if pagingName.MatchString(m.name) {
			if why := membersOf(m.value).speaksOfMore(items); why != "" {
				return why
			}
		}
	}
	if slices.Contains(pageSizes, items) {
		return fmt.Sprintf("it has exactly %d items, which may be one page", items)
	}
	return ""
}

// These patterns match the names of members that announce more items. Names such as account and country are not counts.
var (
	pagingName  = regexp.MustCompile(`(?i)pag(e|ing|ination)|^meta|link`)
	noCountName = regexp.MustCompile(`(?i)account|countr|discount`)
	countName   = regexp.MustCompile(`(?i)total|count|numberof`)
	moreName    = regexp.MustCompile(`(?i)more|truncated|partial|incomplete|remaining`)
	nextName    = regexp.MustCompile(`(?i)next|continuation|cursor`)
	limitName   = regexp.MustCompile(`(?i)^(limit|maxresults|top)$|(page|batch)_?size$|perpage$`)
	lastName    = regexp.MustCompile(`(?i)^(is)?(last|lastpage|complete)$`)
	pageName    = regexp.MustCompile(`(?i)page`)
	wordPattern = regexp.MustCompile(`[A-Z]?[a-z]+|[A-Z]+`)
)

func (o object) speaksOfMore(items int) string {
	const thereAreMore = "the answer announces more items"
	for _, m := range o {
		flag, isFlag := readFlag(m.value)
		number, isNumber := readInteger(m.value)
		switch {
		case countName.MatchString(noCountName.ReplaceAllString(m.name, "")) && isNumber:
			if pageName.MatchString(m.name) && number > 1 {
				return fmt.Sprintf("the answer announces %d pages", number)
			}
			if !pageName.MatchString(m.name) && number > int64(items) {
				return fmt.Sprintf("it has %d items of a total of %d", items, number)
			}
		case limitName.MatchString(m.name) && isNumber && number > 0 && number == int64(items):
			return fmt.Sprintf("it has exactly %d items, as many as one page may have", items)
		case moreName.MatchString(m.name) && (isFlag && flag || m.is("hasMore") && !m.isEmpty()),
			nextName.MatchString(m.name) && !m.isEmpty(),
			lastName.MatchString(m.name) && isFlag && !flag:
			return thereAreMore
		}
	}
	return ""
}

// isEmpty reports whether the value represents nothing.
func (m member) isEmpty() bool {
	if number, isNumber := readInteger(m.value); isNumber {
		return number <= 0
	}
	switch text, isText := readText(m.value); {
	case isText:
		return slices.Contains([]string{"", "null", "none", "false", "no"}, strings.ToLower(strings.TrimSpace(text)))
	case m.value[0] == '{':
		return len(membersOf(m.value)) == 0
	case m.value[0] == '[':
		return len(elementsOf(m.value)) == 0
	default:
		return m.value[0] != 't'
	}
}

// namesErrors reports whether the name is that of a list of errors.
func namesErrors(name string) bool {
	return slices.ContainsFunc(wordPattern.FindAllString(name, -1), func(word string) bool {
		return slices.Contains([]string{"err", "errs", "error", "errors", "errlist", "errorlist", "failure", "failures", "failed"},
			strings.ToLower(word))
	})
}
