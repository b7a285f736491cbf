// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import "time"

// Rounding is what the server makes of an instant, in UTC. API.md#open-questions.
type Rounding int

// The variants of Rounding.
const (
	RoundNone          Rounding = iota // whole seconds, which is what the API's timestamps have
	RoundMinuteEarlier                 // to the whole minute before
	RoundMinuteLater                   // to the whole minute after
	RoundDayEarlier                    // to the midnight before
	RoundDayLater                      // to the midnight after
)

// apply rounds t. An instant that is already whole and the zero time stay.
func (r Rounding) apply(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	unit := map[Rounding]time.Duration{
		RoundMinuteEarlier: time.Minute, RoundMinuteLater: time.Minute, RoundDayEarlier: day, RoundDayLater: day,
	}[r]
	if unit == 0 {
		return seconds(t)
	}
	rounded := t.Truncate(unit)
	if later := r == RoundMinuteLater || r == RoundDayLater; later && rounded.Before(t) {
		rounded = rounded.Add(unit)
	}
	return rounded
}
