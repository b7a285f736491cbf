// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// tokensPath is the path of the calls on tokens.
const tokensPath = "/V4/AccessToken"

// token is an access token that the probe created or tried to create.
type token struct {
	name    string
	id      int64 // 0 if unknown
	access  commandcenter.Secret
	refresh commandcenter.Secret
	// short marks a token that expires during the run. Lists may hide it then.
	short bool
	fate  fate
}

// fate is the known state of a token.
type fate int

const (
	uncertain fate = iota // the response to its create was lost
	refused               // the server refused to create it
	made
	pending // its revocation waits for an administrator
	gone
)

// ledger lists every token that the probe tried to create. The probe changes no other token.
type ledger struct {
	prefix string
	tokens []*token
}

// live counts the tokens that have to be revoked.
func (l *ledger) live() int {
	count := 0
	for _, t := range l.tokens {
		if t.fate == made || t.fate == uncertain {
			count++
		}
	}
	return count
}

// ours reports whether the name of a listed token has the prefix of this run.
func (l *ledger) ours(item object) bool {
	name := strings.ToLower(strings.TrimSpace(item.text("tokenName")))
	return strings.HasPrefix(name, strings.ToLower(l.prefix))
}

// holder returns the token with that id, or nil.
func (l *ledger) holder(id int64) *token {
	for _, t := range l.tokens {
		if t.id == id {
			return t
		}
	}
	return nil
}

// create sends a create request and enters the token in the ledger.
func (p *probe) create(ctx context.Context, header http.Header, suffix string, fields map[string]any) (*token, reply) {
	t := &token{name: p.ledger.prefix + suffix, short: fields["tokenExpiryTimestamp"] != nil}
	body := map[string]any{"tokenName": t.name}
	for name, value := range fields {
		body[name] = value
	}
	writes := p.client.writes
	r := p.client.send(ctx, call{
		method: http.MethodPost, path: tokensPath, header: header, body: body, creates: true, once: true,
	})
	if p.client.writes == writes {
		return t, r // it was not sent
	}
	p.ledger.tokens = append(p.ledger.tokens, t)
	t.id, _ = r.info().at("accessTokenId")
	switch {
	case t.id != 0:
		t.fate = made
		p.adopt(t, r)
	case r.refused(), r.err == nil && r.body == nil && r.status == http.StatusNotFound:
		t.fate = refused
	default:
		p.find(ctx, t)
	}
	return t, r
}

// adopt stores the secrets of a response.
func (p *probe) adopt(t *token, r reply) {
	info := r.info()
	if access := info.text("accessToken"); access != "" {
		t.access = commandcenter.Secret(access)
	}
	if refresh := info.text("refreshToken"); refresh != "" {
		t.refresh = commandcenter.Secret(refresh)
	}
	p.mask.Add(t.access, t.refresh)
}

// find looks up a token by name after the response to its create was lost.
func (p *probe) find(ctx context.Context, t *token) {
	for _, item := range p.list(ctx, 0).items {
		if item.text("tokenName") == t.name && p.ledger.holder(idOf(item)) == nil {
			t.id, t.fate = idOf(item), made
		}
	}
}

// update changes a token of the ledger.
func (p *probe) update(ctx context.Context, t *token, fields map[string]any) reply {
	if t == nil || t.fate != made || t.id == 0 {
		return reply{}
	}
	r := p.client.send(ctx, call{method: http.MethodPut, path: idPath(t), header: p.credential, body: fields})
	if r.ok() {
		p.adopt(t, r)
		if name, renamed := fields["tokenName"].(string); renamed {
			t.name = strings.TrimSpace(name)
		}
	}
	return r
}

// remove revokes a token of the ledger.
func (p *probe) remove(ctx context.Context, t *token) reply {
	r := p.client.send(ctx, call{method: http.MethodDelete, path: idPath(t), header: p.credential, removes: true})
	switch {
	case r.ok() && r.status == http.StatusAccepted:
		t.fate = pending
	case r.ok(), r.refused() && r.status == http.StatusNotFound:
		t.fate = gone
	}
	return r
}

func idPath(t *token) string { return tokensPath + "/" + strconv.FormatInt(t.id, 10) }

func idOf(item object) int64 {
	id, _ := item.at("accessTokenId")
	return id
}
