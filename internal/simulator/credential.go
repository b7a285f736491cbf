// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"strings"
)

// caller is the sender of a request.
type caller struct {
	account *account
	token   *Token // nil for a session
}

// These prefixes precede a credential in its header. API.md#base-paths (docs, field, sdk).
const (
	bearerPrefix = "Bearer "
	qsdkPrefix   = "QSDK "
)

// credential contains the values of the headers that authenticate a request.
type credential struct{ authtoken, authorization string }

// credentialOf reads both headers. The value of an absent header is "".
func credentialOf(header http.Header) (credential, *problem) {
	var c credential
	for name, value := range map[string]*string{"Authtoken": &c.authtoken, "Authorization": &c.authorization} {
		switch values := header.Values(name); {
		case len(values) > 1:
			return c, deniedf("The header %s is present several times", name)
		case len(values) == 1:
			*value = values[0]
		}
	}
	return c, nil
}

// authenticate determines the sender of the request. A session is sent in Authtoken, unchanged or after "Bearer ". An access token
// is sent in one of the forms of Dialect.TokenCredential. API.md#base-paths (reference, docs, vendor, sdk, field).
func (w *store) authenticate(header http.Header) (caller, *problem) {
	c, p := credentialOf(header)
	if p != nil {
		return caller{}, p
	}
	if c.authtoken == "" && c.authorization == "" {
		return caller{}, deniedf("The header Authtoken is missing or empty")
	}
	if s := w.sessions[strings.TrimPrefix(c.authtoken, bearerPrefix)]; s != nil {
		if !w.now().Before(s.ends) {
			return caller{}, deniedf("The session has expired")
		}
		return caller{account: w.accounts[s.user]}, nil
	}
	for _, accessToken := range w.accessTokensIn(c) {
		if t := w.accepted(accessToken); t != nil {
			return caller{account: w.accounts[t.UserID], token: t}, nil
		}
	}
	return caller{}, deniedf("The session or token is not valid, or has expired")
}

// accessTokensIn returns the possible access tokens, in the forms that the dialect accepts.
func (w *store) accessTokensIn(c credential) []string {
	bearer, isBearer := strings.CutPrefix(c.authorization, bearerPrefix)
	var found []string
	if form := w.dialect.TokenCredential; isBearer && form != TokenAuthtoken {
		found = append(found, bearer)
	}
	switch w.dialect.TokenCredential {
	case TokenAuthtoken:
		found = append(found, c.authtoken)
	case TokenAny:
		found = append(found, strings.TrimPrefix(strings.TrimPrefix(c.authtoken, bearerPrefix), qsdkPrefix))
	case TokenBearer:
	}
	return found
}

// renewalForms contains the headers of each strict form, with the access token of the pair. API.md#authentication.
var renewalForms = map[RenewCredential]func(accessToken string) credential{
	RenewBearer:          func(t string) credential { return credential{authorization: bearerPrefix + t} },
	RenewAuthtoken:       func(t string) credential { return credential{authtoken: t} },
	RenewBoth:            func(t string) credential { return credential{t, bearerPrefix + t} },
	RenewAuthtokenBearer: func(t string) credential { return credential{authtoken: bearerPrefix + t} },
	RenewAuthtokenQSDK:   func(t string) credential { return credential{authtoken: qsdkPrefix + t} },
	RenewNone:            func(string) credential { return credential{} },
}

// authenticateRenewal accepts the dialect's form with the access token of the pair. That token may have expired, because renewals
// are made then. RenewAny also accepts anything that authenticates other calls, because the vendor's SDK sends its configured
// credential. API.md#authentication (docs, sdk, vendor, field).
func (w *store) authenticateRenewal(header http.Header, accessToken string) *problem {
	c, p := credentialOf(header)
	if p != nil {
		return p
	}
	if form := renewalForms[w.dialect.RenewCredential]; form != nil {
		if c != form(accessToken) {
			return deniedf("The renewal is not authenticated in the form that this server accepts")
		}
		return nil
	}
	if w.dialect.RenewCredential == RenewAny {
		for _, form := range renewalForms {
			if c == form(accessToken) {
				return nil
			}
		}
	}
	from, p := w.authenticate(header)
	if p == nil && from.token != nil && w.dialect.RenewCredential == RenewSession {
		p = deniedf("The renewal needs a login session")
	}
	return p
}
