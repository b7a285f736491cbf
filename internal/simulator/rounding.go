// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import "time"

// Rounding is how the server rounds an instant, in UTC. API.md#open-questions.
type Rounding int

const (
	RoundNone          Rounding = iota // whole seconds, as in the API's timestamps
	RoundMinuteEarlier                 // down to the whole minute
	RoundMinuteLater                   // up to the whole minute
	RoundDayEarlier                    // down to midnight
	RoundDayLater                      // up to midnight
)

// apply rounds t. An instant that is already whole, and the zero time, do not change.
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
