// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"strings"
	"time"
)

// askUpdates changes tokens in place.
func (p *probe) askUpdates(ctx context.Context) {
	s := &p.seen
	s.beforeUpdate = *s.all
	s.updated = p.update(ctx, s.all, map[string]any{"renewableUntilTimestamp": s.wanted.Unix()})
	s.upper = p.update(ctx, s.custom, map[string]any{"tokenName": strings.ToUpper(s.all.name)})
	s.blanks = p.update(ctx, s.custom, map[string]any{"tokenName": " " + s.all.name + " "})
	s.emptied = p.update(ctx, s.custom, map[string]any{"allowedIPs": []string{}})
	s.emptiedList = p.list(ctx, 0)
	p.askCustomCalls(ctx)
	s.retyped = p.update(ctx, s.custom, map[string]any{"tokenType": "ALL"})
	s.retypedList = p.list(ctx, 0)
	s.beyondWanted = p.client.now().Add(beyondMost)
	s.beyond = p.update(ctx, s.oneTouch, map[string]any{"tokenExpiryTimestamp": s.beyondWanted.Unix()})
}

// askExpired creates a token that expires within seconds. The first attempt also sets an end that the type does not support.
func (p *probe) askExpired(ctx context.Context) {
	s := &p.seen
	fields := func() map[string]any {
		return map[string]any{"tokenType": "MS_SCIM", "tokenExpiryTimestamp": p.client.now().Add(shortLife).Unix()}
	}
	both := fields()
	both["renewableUntilTimestamp"] = s.wanted.Unix()
	s.scim, s.bothEnds = p.create(ctx, p.credential, "d", both)
	s.scimMade = s.bothEnds
	if s.scim.fate == refused {
		s.scim, s.scimMade = p.create(ctx, p.credential, "d", fields())
	}
	end, ok := s.scimMade.info().at("tokenExpiryTimestamp")
	if s.scim.fate != made || s.scim.refresh != "" || !p.client.dated {
		return
	}
	s.scimLive = p.list(ctx, 0)
	if !ok {
		end, ok = s.scimLive.item(s.scim).at("tokenExpiryTimestamp")
	}
	wait := time.Unix(end, 0).Sub(p.client.now()) + 2*time.Second
	if !ok || wait > 90*time.Second {
		return // its end is unknown or too late
	}
	if p.client.clock.Sleep(ctx, wait) == nil {
		s.scimExpired = p.list(ctx, 0)
	}
}
