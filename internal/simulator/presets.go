// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"fmt"
	"strings"
)

// NamedDialect is a Dialect and the name that tests and the program's -dialect know it by.
type NamedDialect struct {
	Name    string
	Dialect Dialect
	// Outlier marks a server in which no client can do all of its work.
	Outlier bool
}

// Dialects are those that all tests survive today, always in the same order: "default", one for each settled variation,
// and "contrary" with all of these at once. AllDialects replaces it.
func Dialects() []NamedDialect {
	return named(func(v variation) bool { return v.group == settled }, contrary)
}

// AllDialects are "default", one for each variation, "contrary" and "extreme", always in the same order. Tests of a
// token's whole life leave out those with Outlier.
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

// DialectNames are those of AllDialects.
func DialectNames() []string {
	var names []string
	for _, d := range AllDialects() {
		names = append(names, d.Name)
	}
	return names
}

// DialectWord is a word that ParseDialect reads, and one line about it.
type DialectWord struct{ Word, About string }

// DialectWords are the names of AllDialects and the parameters, in the form name=VALUE.
func DialectWords() []DialectWord {
	words := []DialectWord{{defaultName, "Accepts what any public client of the vendor sends"}}
	for _, v := range variations {
		words = append(words, DialectWord{v.name, v.about})
	}
	words = append(words,
		DialectWord{contrary, "All at once up to tokens-manage-tokens"},
		DialectWord{extreme, "All at once but capped-list, no-list, no-list-405, no-list-501 and no-v4"})
	for _, p := range parameters {
		words = append(words, DialectWord{p.name + "=" + p.value, p.about})
	}
	return words
}

// DialectParameters are what ParseDialect reads besides names, in the form name=VALUE.
func DialectParameters() []string {
	var names []string
	for _, p := range parameters {
		names = append(names, p.name+"="+p.value)
	}
	return names
}

// ParseDialect reads names and parameters separated by commas and combines what they stand for. It returns an error that
// lists the known ones for an unknown name, and the reason for a value that cannot be read.
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
		return Dialect{}, fmt.Errorf("unknown dialect %q; known are %s", name, strings.Join(known, ", "))
	}
	return d, nil
}

// setParameter reports whether there is a parameter of that name.
func (d *Dialect) setParameter(name, value string) (known bool, err error) {
	for _, p := range parameters {
		if p.name == name {
			return true, p.set(d, value)
		}
	}
	return false, nil
}

// vary applies the variation or combination of that name and reports whether there is one.
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
