// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"fmt"
	"strings"
)

// NamedDialect is a Dialect with its name in tests and in the program's -dialect.
type NamedDialect struct {
	Name    string
	Dialect Dialect
	// Outlier marks a server with which no client can do all of its work.
	Outlier bool
}

// Dialects returns the dialects with which all tests pass today, in a fixed order: "default", one for each settled variation, and
// "contrary", which combines all of these. AllDialects replaces it.
func Dialects() []NamedDialect {
	return named(func(v variation) bool { return v.group == settled }, contrary)
}

// AllDialects returns "default", one dialect for each variation, "contrary" and "extreme", in a fixed order. Tests of a token's
// whole lifetime skip those with Outlier.
func AllDialects() []NamedDialect {
	return named(func(variation) bool { return true }, contrary, extreme)
}

func named(included func(variation) bool, combinations ...string) []NamedDialect {
	dialects := []NamedDialect{{Name: defaultName}}
	for _, v := range variations {
		if included(v) {
			dialects = append(dialects, NamedDialect{Name: v.name, Dialect: combined(v.name), Outlier: v.group == outlier})
		}
	}
	for _, name := range combinations {
		dialects = append(dialects, NamedDialect{Name: name, Dialect: combined(name)})
	}
	return dialects
}

func combined(name string) Dialect {
	var d Dialect
	d.vary(name)
	return d
}

// DialectNames returns the names of AllDialects.
func DialectNames() []string {
	var names []string
	for _, d := range AllDialects() {
		names = append(names, d.Name)
	}
	return names
}

// DialectWord is a word that ParseDialect accepts, with a description of one line.
type DialectWord struct{ Word, About string }

// DialectWords returns the names of AllDialects, and the parameters in the form name=VALUE.
func DialectWords() []DialectWord {
	words := []DialectWord{{defaultName, "Accepts what any public client of the vendor sends"}}
	for _, v := range variations {
		words = append(words, DialectWord{v.name, v.about})
	}
	words = append(words,
		DialectWord{contrary, "All variations up to tokens-manage-tokens at once"},
		DialectWord{extreme, "All variations except capped-list, no-list, no-list-405, no-list-501 and no-v4 at once"})
	for _, p := range parameters {
		words = append(words, DialectWord{p.name + "=" + p.value, p.about})
	}
	return words
}

// DialectParameters returns the parameters that ParseDialect accepts in addition to names, in the form name=VALUE.
func DialectParameters() []string {
	var names []string
	for _, p := range parameters {
		names = append(names, p.name+"="+p.value)
	}
	return names
}

// ParseDialect parses names and parameters separated by commas and combines them. For an unknown name it returns an error that
// lists the known ones; for an unreadable value, the error contains the reason.
func ParseDialect(names string) (Dialect, error) {
	var d Dialect
	for word := range strings.SplitSeq(names, ",") {
		name, value, hasValue := strings.Cut(strings.TrimSpace(word), "=")
		if hasValue {
			if known, err := d.setParameter(name, value); known && err != nil {
				return Dialect{}, fmt.Errorf("dialect %s: %w", name, err)
			} else if known {
				continue
			}
		} else if d.vary(name) {
			continue
		}
		known := append(DialectNames(), DialectParameters()...)
		return Dialect{}, fmt.Errorf("unknown dialect %q; known dialects are %s", name, strings.Join(known, ", "))
	}
	return d, nil
}

// setParameter sets a parameter, and reports whether there is one of that name.
func (d *Dialect) setParameter(name, value string) (known bool, err error) {
	for _, p := range parameters {
		if p.name == name {
			return true, p.set(d, value)
		}
	}
	return false, nil
}

// vary applies the variation or combination of that name, and reports whether there is one.
func (d *Dialect) vary(name string) bool {
	found := name == defaultName
	for _, v := range variations {
		if v.name == name || name == contrary && v.group == settled || name == extreme && v.group != outlier {
			v.apply(d)
			found = true
		}
	}
	return found
}
