// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// describeType describes the rights of each type. Apart from the endpoints of CUSTOM, this package knows nothing else about single
// types: other texts about types are generated from the client's table.
var describeType = "The scope of the token. An `ALL` token can make every call, and a `CUSTOM` token those below its " +
	"`api_endpoints`. An `MS_SCIM` token can make the calls of Azure SCIM, a `OneTouch` token those that install clients, and a " +
	"`Hyperscale` token those of HyperScale. `DEFAULT` and `ALL` are equivalent. Defaults to `ALL`; an imported token keeps " +
	"its type while `type` is omitted. A change among " + typesThat(true, "`", "and") +
	" updates the token in place and keeps the secrets. Any other change replaces the token."

// typeNames returns the names of the types as a configuration uses them.
func typeNames() []string {
	names := make([]string, 0, len(commandcenter.TokenTypes()))
	for _, t := range commandcenter.TokenTypes() {
		names = append(names, string(t))
	}
	return names
}

// typesThat lists the types that can be renewed, or those that cannot, as "ALL, DEFAULT and CUSTOM", each name between quotes. An
// equivalent name follows the name that it is equivalent to.
func typesThat(renew bool, quote, conjunction string) string {
	wanted := slices.DeleteFunc(commandcenter.TokenTypes(), func(t commandcenter.TokenType) bool { return t.Renews() != renew })
	position := func(t commandcenter.TokenType) int {
		canonical := 2 * slices.Index(commandcenter.TokenTypes(), t.Canonical())
		if t != t.Canonical() {
			canonical++
		}
		return canonical
	}
	slices.SortFunc(wanted, func(a, b commandcenter.TokenType) int { return position(a) - position(b) })
	names := make([]string, len(wanted))
	for i, t := range wanted {
		names[i] = quote + string(t) + quote
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " " + conjunction + " " + names[last]
}

const day = 24 * time.Hour

// inDays returns a lifetime in whole days.
func inDays(lifetime time.Duration) int64 { return int64(lifetime / day) }

// longestDays is the longest lifetime of any type.
var longestDays = func() (longest int64) {
	for _, t := range commandcenter.TokenTypes() {
		longest = max(longest, inDays(t.LongestLifetime()))
	}
	return longest
}()

// daysByType describes a lifetime in days: that of ALL, and that of each type that differs.
func daysByType(lifetime func(commandcenter.TokenType) time.Duration) string {
	usual := lifetime(commandcenter.TypeAll)
	text := fmt.Sprint(inDays(usual))
	var others []string
	for _, t := range commandcenter.TokenTypes() {
		if lifetime(t) != usual {
			others = append(others, fmt.Sprintf("`%s`: %d", t, inDays(lifetime(t))))
		}
	}
	if len(others) == 0 {
		return text
	}
	return text + " (" + strings.Join(others, ", ") + ")"
}

// daysWithoutRenewal describes the default and the longest lifetime of the types that cannot be renewed.
func daysWithoutRenewal() string {
	var texts []string
	unit := " days after the creation"
	for _, t := range commandcenter.TokenTypes() {
		if !t.Renews() {
			texts = append(texts, fmt.Sprintf("%d%s for `%s` (%d at most)", inDays(t.DefaultLifetime()), unit, t, inDays(t.LongestLifetime())))
			unit = ""
		}
	}
	return strings.Join(texts, ", ")
}

// withListedType completes the response to a change of the type. Most releases omit the type there, so it is read from a list that is
// requested afterwards. Without this check, a server that ignores the change would leave a token with more rights than the state shows.
func (b *Backend) withListedType(
	ctx context.Context, id int64, owner commandcenter.Owner, change commandcenter.Change, answered commandcenter.Token,
) commandcenter.Token {
	if change.Type == nil || answered.Type != "" {
		return answered
	}
	if seen, err := b.Client.Find(ctx, commandcenter.Wanted{ID: id, Owner: owner, Fresh: true}); err == nil && seen.Found {
		answered.Type = seen.Token.Type
	}
	return answered
}
