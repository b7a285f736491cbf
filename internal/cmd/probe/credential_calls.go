// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"net/http"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// form is a way to send an access token. API.md#authentication (docs, vendor, sdk, field).
type form struct {
	name    string
	dialect string // for a server that renews with this form only
	header  func(access string) http.Header
}

// forms lists the forms that known clients use.
var forms = []form{
	{"Authorization: Bearer", "renew-bearer", func(t string) http.Header { return http.Header{"Authorization": {"Bearer " + t}} }},
	{"Authtoken", "renew-authtoken", func(t string) http.Header { return http.Header{"Authtoken": {t}} }},
	{"both", "renew-both", func(t string) http.Header {
		return http.Header{"Authtoken": {t}, "Authorization": {"Bearer " + t}}
	}},
	{"Authtoken: Bearer", "renew-authtoken-bearer", func(t string) http.Header { return http.Header{"Authtoken": {"Bearer " + t}} }},
	{"Authtoken: QSDK", "renew-authtoken-qsdk", func(t string) http.Header { return http.Header{"Authtoken": {"QSDK " + t}} }},
	{"no credential", "renew-none", func(string) http.Header { return http.Header{} }},
}

// outsideRenew lists the indices of forms for other calls.
var outsideRenew = []int{0, 1, 3, 4}

// askForms sends a call with the token of type ALL in each form.
func (p *probe) askForms(ctx context.Context) {
	p.seen.forms = map[string]reply{}
	for _, i := range outsideRenew {
		p.seen.forms[forms[i].name] = p.client.send(ctx, call{
			method: http.MethodGet, path: p.ownUserPath(), header: forms[i].header(p.seen.all.access.Reveal()),
		})
	}
}

// as returns headers with the token in an accepted form, or nil.
func (p *probe) as(access commandcenter.Secret) http.Header {
	for _, i := range outsideRenew {
		if p.seen.forms[forms[i].name].ok() {
			return forms[i].header(access.Reveal())
		}
	}
	return nil
}

// askCustomCalls calls WhoAmI, which is not among the endpoints of the CUSTOM token, with that token.
func (p *probe) askCustomCalls(ctx context.Context) {
	if t := p.seen.custom; t != nil && t.access != "" && p.as(t.access) != nil && p.seen.emptied.ok() {
		p.seen.customCalls = p.client.send(ctx, call{method: http.MethodPost, path: "/WhoAmI", header: p.as(t.access)})
	}
}

// askByToken authenticates a create with an access token.
func (p *probe) askByToken(ctx context.Context) {
	header := p.as(p.seen.all.access)
	if header == nil {
		return
	}
	p.seen.byTokenMade, p.seen.byToken = p.create(ctx, header, "e", map[string]any{
		"tokenType": "ALL", "renewableUntilTimestamp": p.seen.wanted.Unix(),
	})
}

// renewal is one attempt to renew.
type renewal struct {
	form string
	reply
	keptAccess bool
}

// askRenewals renews the token with each credential. It sends a pair again only after a response that proves it unspent.
func (p *probe) askRenewals(ctx context.Context) {
	s := &p.seen
	first := s.all.access
	answered := true
	for _, f := range forms {
		if !answered {
			return
		}
		answered = p.renew(ctx, f.name, f.header(s.all.access.Reveal()))
		if s.oldAccess.sent || s.all.access == first || p.as(first) == nil {
			continue
		}
		s.oldAccess = p.client.send(ctx, call{method: http.MethodGet, path: p.ownUserPath(), header: p.as(first)})
	}
	if answered {
		answered = p.renew(ctx, sessionForm, p.credential)
	}
	refusals := 0
	for _, r := range s.renewals {
		if !r.ok() {
			refusals++
		}
	}
	if answered && refusals == 0 {
		p.renew(ctx, wrongForm, http.Header{"Authtoken": {"no credential of anybody"}})
	}
}

// Credentials besides the forms.
const (
	sessionForm = "the account's credential"
	wrongForm   = "a wrong credential"
)

// renew sends the current pair. It reports whether the stored pair is the current one afterwards.
func (p *probe) renew(ctx context.Context, form string, header http.Header) bool {
	t := p.seen.all
	if t.refresh == "" || t.access == "" {
		return false
	}
	before := t.access
	r := p.client.send(ctx, call{
		method: http.MethodPost, path: tokensPath + "/Renew", header: header, once: true,
		body: map[string]string{"accessToken": t.access.Reveal(), "refreshToken": t.refresh.Reveal()},
	})
	if !r.sent {
		return false
	}
	if r.ok() {
		p.old = token{access: t.access, refresh: t.refresh}
		p.adopt(t, r)
	}
	p.seen.renewals = append(p.seen.renewals, renewal{form, r, r.ok() && t.access == before})
	if r.ok() {
		return r.body.text("refreshToken") != ""
	}
	return r.refused() && (r.status == http.StatusUnauthorized || r.status == http.StatusForbidden)
}

// reuse sends an old pair. The server then deletes the token and sends its owner an e-mail. API.md#life-of-a-token
// (docs).
func (p *probe) reuse(ctx context.Context) {
	if p.old.refresh == "" || p.old.refresh == p.seen.all.refresh {
		return
	}
	for _, r := range p.seen.renewals {
		for _, f := range forms {
			if r.ok() && r.form == f.name {
				p.seen.reused = p.client.send(ctx, call{
					method: http.MethodPost, path: tokensPath + "/Renew", header: f.header(p.seen.all.access.Reveal()), once: true,
					body: map[string]string{"accessToken": p.old.access.Reveal(), "refreshToken": p.old.refresh.Reveal()},
				})
				return
			}
		}
	}
}
