// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// probe is a run of the program.
type probe struct {
	client      *client
	ledger      ledger
	mask        *commandcenter.Mask
	credential  http.Header // of the account
	readOnly    bool
	destructive bool
	old         token // the pair before the last renewal
	seen        observations
}

// newProbe returns a probe with a random prefix for token names.
func newProbe(c *client, random io.Reader) (*probe, error) {
	bytes := make([]byte, 6)
	if _, err := io.ReadFull(random, bytes); err != nil {
		return nil, err
	}
	p := &probe{client: c, mask: commandcenter.NewMask(), credential: http.Header{}}
	p.ledger.prefix = "probe-" + c.clock.Now().Format(stampLayout) + "-" + hex.EncodeToString(bytes) + "-"
	c.reserved = func() int { return p.ledger.live() + 1 } // and the logout
	return p, nil
}

// ask makes the calls in a fixed order. It returns early if ctx ends or the client stops.
func (p *probe) ask(ctx context.Context) {
	defer p.note()
	p.seen.http2 = p.askHTTP2(ctx)
	if !p.authenticate(ctx) {
		return
	}
	p.askReads(ctx)
	if p.readOnly {
		return
	}
	if !p.makeTokens(ctx) {
		return
	}
	p.askRefusals(ctx)
	p.seen.list = p.list(ctx, 0)
	if id, ok := p.seen.allMade.info().at("userId"); ok && p.seen.userID == 0 {
		p.seen.userID = id
	}
	if p.seen.userID != 0 {
		p.seen.own = p.list(ctx, p.seen.userID)
	}
	p.askForms(ctx)
	p.askRenewals(ctx) // before the updates, which could replace the pair without returning the new one
	p.askUpdates(ctx)
	p.askByToken(ctx)
	p.askExpired(ctx)
	p.askOtherLogin(ctx)
	if p.destructive {
		p.reuse(ctx)
	}
	p.askRemoval(ctx)
}

// note stores the facts that the client has collected.
func (p *probe) note() {
	c, s := p.client, &p.seen
	s.limits, s.offset, s.dated, s.undated = c.limits, c.offset, c.dated, c.undated
}

// askHTTP2 sends a request that offers HTTP/2.
func (p *probe) askHTTP2(ctx context.Context) reply {
	with := *p.client
	transport := p.client.target.transport(true)
	defer transport.CloseIdleConnections()
	with.transport = transport
	r := with.send(ctx, call{method: http.MethodGet})
	p.client.reads, p.client.failures = with.reads, with.failures
	return r
}

// authenticate logs in as the provider does, or uses the configured token.
func (p *probe) authenticate(ctx context.Context) bool {
	t := p.client.target
	p.mask.Add(t.authtoken)
	p.mask.AddPassword(t.password)
	if t.authtoken != "" {
		p.credential.Set("Authtoken", t.authtoken.Reveal())
		return true
	}
	p.seen.login = p.login(ctx, map[string]any{"mode": 4, "deviceId": "terraform-provider-commvault", "clientType": 30})
	session := p.seen.login.body.text("token")
	if session == "" {
		return false
	}
	p.credential.Set("Authtoken", session)
	return true
}

// login sends a login request with the given fields besides user and password.
func (p *probe) login(ctx context.Context, fields map[string]any) reply {
	t := p.client.target
	fields["username"] = t.username
	fields["password"] = base64.StdEncoding.EncodeToString([]byte(t.password.Reveal()))
	r := p.client.send(ctx, call{method: http.MethodPost, path: "/Login", body: fields, once: true})
	p.mask.Add(commandcenter.Secret(r.body.text("token")))
	return r
}

func (p *probe) logout(ctx context.Context, session string) {
	p.client.send(ctx, call{
		method: http.MethodPost, path: "/Logout", header: http.Header{"Authtoken": {session}}, removes: true,
	})
}

// askReads makes the calls that change nothing.
func (p *probe) askReads(ctx context.Context) {
	s := &p.seen
	s.whoAmI = p.client.send(ctx, call{method: http.MethodPost, path: "/WhoAmI", header: p.credential})
	name := asObject(s.whoAmI.body["user"]).text("userName")
	s.users = p.client.send(ctx, call{method: http.MethodGet, path: "/User", header: p.credential})
	var other int64
	users, _ := asItems(s.users.body["users"])
	for _, user := range users {
		entity := asObject(user["userEntity"])
		id, known := entity.at("userId")
		switch {
		case !known:
		case name != "" && strings.EqualFold(entity.text("userName"), name):
			s.userID = id
		default:
			other = id
		}
	}
	s.first = p.list(ctx, 0)
	if s.userID != 0 {
		s.own = p.list(ctx, s.userID)
	}
	if other != 0 && s.userID != 0 {
		s.others = p.list(ctx, other)
	}
}

// Lifetimes of the tokens. They are short in case a token cannot be revoked.
const (
	lifetime  = 2 * 24 * time.Hour
	shortLife = 8 * time.Second
	// beyondMost exceeds the longest lifetime of a OneTouch token. API.md#life-of-a-token (docs).
	beyondMost = 30 * 24 * time.Hour
)

// documentationAddress is reserved for documentation, so nobody uses it.
const documentationAddress = "192.0.2.7"

// makeTokens creates the tokens that most questions need. It reports whether the first one exists.
func (p *probe) makeTokens(ctx context.Context) bool {
	s := &p.seen
	s.wanted = oddInstant(p.client.now().Add(lifetime))
	until := s.wanted.Unix()
	s.all, s.allMade = p.create(ctx, p.credential, "a", map[string]any{"tokenType": "ALL", "renewableUntilTimestamp": until})
	s.allMadeAt = p.client.now()
	if s.all.fate != made {
		return false
	}
	s.custom, s.customMade = p.create(ctx, p.credential, "b", map[string]any{
		"tokenType": "CUSTOM", "apiEndpoints": []string{"/Client"}, "allowedIPs": []string{documentationAddress},
		"renewableUntilTimestamp": until,
	})
	s.oneTouch, s.oneTouchMade = p.create(ctx, p.credential, "c", map[string]any{"tokenType": "OneTouch"})
	s.oneTouchMadeAt = p.client.now()
	return true
}

// oddInstant returns an instant on the day of t that is not a whole minute.
func oddInstant(t time.Time) time.Time {
	return t.Truncate(24 * time.Hour).Add(11*time.Hour + 17*time.Minute + 23*time.Second)
}

// askRefusals sends creates that the server should refuse because the name is taken.
func (p *probe) askRefusals(ctx context.Context) {
	fields := map[string]any{"tokenType": "ALL", "renewableUntilTimestamp": p.seen.wanted.Unix()}
	_, p.seen.taken = p.create(ctx, p.credential, "a", fields)
	fields["allowedIPs"] = []string{"no address"}
	_, p.seen.takenAndBad = p.create(ctx, p.credential, "a", fields)
}

// askOtherLogin logs in without the fields that only the vendor's SDK sends.
func (p *probe) askOtherLogin(ctx context.Context) {
	if p.client.target.authtoken != "" {
		return
	}
	p.seen.otherLogin = p.login(ctx, map[string]any{})
	if session := p.seen.otherLogin.body.text("token"); session != "" {
		p.logout(ctx, session)
	}
}

// askRemoval revokes a token twice.
func (p *probe) askRemoval(ctx context.Context) {
	t := p.seen.custom
	if t == nil || t.id == 0 || t.fate != made || p.client.stopped != nil || ctx.Err() != nil {
		return
	}
	p.seen.removed = p.remove(ctx, t)
	if t.fate == gone {
		p.seen.removedAgain = p.client.send(ctx, call{method: http.MethodDelete, path: idPath(t), header: p.credential})
	}
}

// ownUserPath returns a path that every account may read.
func (p *probe) ownUserPath() string {
	if p.seen.userID == 0 {
		return "/User"
	}
	return "/User/" + strconv.FormatInt(p.seen.userID, 10)
}
