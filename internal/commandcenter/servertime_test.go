// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"net/http"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

func TestServerTimeFollowsTheDateOfAnswers(t *testing.T) {
	type answer struct {
		offset time.Duration // of the Date from the local clock at the time of sending
		took   time.Duration // from sending the request to receiving the answer
	}
	for name, c := range map[string]struct {
		answers []answer
		want    time.Duration
	}{
		"none":                        {nil, 0},
		"equal clocks":                {[]answer{{0, 0}}, 0},
		"the granularity of Date":     {[]answer{{-900 * time.Millisecond, 0}}, 0},
		"clocks that nearly agree":    {[]answer{{2 * time.Second, 0}, {-2 * time.Second, 0}}, 0},
		"a slow answer":               {[]answer{{30 * time.Second, 40 * time.Second}}, 0},
		"hours ahead":                 {[]answer{{3 * time.Hour, 0}}, 3 * time.Hour},
		"hours behind":                {[]answer{{-3 * time.Hour, 0}}, -3 * time.Hour},
		"hours ahead, stays as it is": {[]answer{{3 * time.Hour, 0}, {3*time.Hour + time.Second, 0}, {3*time.Hour - time.Second, 0}}, 3 * time.Hour},
		"a clock that is set":         {[]answer{{3 * time.Hour, 0}, {0, 0}}, 0},
		"set, by a slow answer":       {[]answer{{3 * time.Hour, 0}, {30 * time.Second, 40 * time.Second}}, 0},
	} {
		fake := clock.NewFake(noon)
		s := &serverTime{clock: fake}
		for _, a := range c.answers {
			s.observe(fake.Now().Add(a.offset).Format(http.TimeFormat), fake.Now(), fake.Now().Add(a.took))
		}
		s.observe("", noon, noon)
		s.observe("soon", noon, noon)
		if got := s.now().Sub(fake.Now()); got != c.want {
			t.Errorf("%s: the server's clock is %s ahead, want %s", name, got, c.want)
		}
	}
}
