// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// field is a member of a valid answer that a mutation can damage.
type field struct {
	name, value string
	inner       []field
	// vital marks the ids, the secrets, and the objects that contain them.
	vital bool
}

func (f field) String() string {
	if f.inner == nil {
		return fmt.Sprintf("%q:%s", f.name, f.value)
	}
	return fmt.Sprintf("%q:%s", f.name, render(f.inner))
}

func render(fields []field) string {
	var members []string
	for _, f := range fields {
		members = append(members, f.String())
	}
	return "{" + strings.Join(members, ",") + "}"
}

func noFailure() field {
	return field{name: "error", inner: []field{{name: "errorMessage", value: `""`}, {name: "errorCode", value: "0"}}}
}

func tokenFields() []field {
	return []field{
		{name: "accessTokenId", value: "7", vital: true}, {name: "tokenName", value: `"n"`}, {name: "userId", value: "4"},
		{name: "tokenType", value: "2"}, {name: "apiEndpoints", value: `["/a"]`}, {name: "allowedIPs", value: "[]"},
		{name: "tokenExpiryTimestamp", value: "1795576206"}, {name: "accessToken", value: `"the-access"`, vital: true},
		{name: "refreshToken", value: `"the-refresh"`, vital: true}, {name: "refreshTokenExpiryTimestamp", value: "1796785806"},
		{name: "renewableUntilTimestamp", value: "1803220602"},
	}
}

// nestedAnswer, flatAnswer and loginAnswer return the valid answers that are mutated.
func nestedAnswer() []field {
	return []field{noFailure(), {name: "tokenInfo", inner: append([]field{noFailure()}, tokenFields()...), vital: true}}
}

func flatAnswer() []field { return append([]field{{name: "errorCode", value: "0"}}, tokenFields()...) }

func loginAnswer() []field {
	return []field{
		{name: "userName", value: `"u"`}, {name: "token", value: `"QSDK the-session"`, vital: true}, {name: "errList", value: "[]"},
		{name: "isAccountLocked", value: "false"}, {name: "remainingLockTime", value: "0"},
	}
}

// otherValues have every JSON type. They replace a field or are added next to it.
var otherValues = []string{
	`null`, `true`, `false`, `0`, `0.0`, `-3`, `5`, `1.5`, `1e999`, `99999999999999999999`, `1795576206000`, `""`, `"x"`, `"5"`, `"2026-11-23T14:26:42Z"`,
	`"\ud800"`, `{}`, `{"a":[1]}`, `{"errorCode":7}`, `[]`, `[1,"x"]`, `[[[[{}]]]]`, `[{"accessTokenId":9}]`,
}

// mangledValues make an answer invalid JSON without affecting its other fields.
var mangledValues = []string{`1795-76206`, `2026-11-23T14:26:42Z`, ``, `NaN`, `17 95576206`}

// mutation applies a script to a valid answer. Each step takes three bytes: the field, the action, and the value.
type mutation struct {
	// intact reports whether the id and the secrets are still present and unambiguous.
	intact bool
	// mangled reports whether the result is invalid JSON.
	mangled bool
	// failing reports whether the result may report a failure.
	failing bool
	// otherID reports whether another object has an id, which is ambiguous in invalid JSON.
	otherID bool
}

func (m *mutation) apply(fields []field, script []byte) []field {
	for ; len(script) >= 3; script = script[3:] {
		at := int(script[0]) % len(fields)
		if inner := fields[at].inner; len(inner) > 0 && script[1]&0x80 != 0 {
			fields[at].inner = m.apply(inner, append([]byte{script[0] >> 2}, script[1]&0x7f, script[2]))
			continue
		}
		fields = m.step(fields, at, int(script[1]&0x7f)%6, otherValues[int(script[2])%len(otherValues)], int(script[2]))
		if len(fields) == 0 {
			break
		}
	}
	return fields
}

func (m *mutation) step(fields []field, at, what int, value string, pick int) []field {
	f := fields[at]
	other := field{name: f.name, value: value, vital: f.vital}
	lower := strings.ToLower(f.name)
	ambiguous := f.vital && (lower == "accesstokenid" && (value == `5` || value == `"5"` || value == `1795576206000`) ||
		(strings.HasSuffix(lower, "token")) && value[0] == '"' && value != `""`)
	if strings.Contains(value, "accessTokenId") && what < 4 {
		m.otherID = true
	}
	if strings.Contains(value, "errorCode") && what < 4 {
		m.failing = true // in invalid JSON, errors are searched at any depth
	}
	if strings.HasPrefix(lower, "error") && what != 4 {
		m.failing = true
	}
	switch what {
	case 0: // replaced
		m.intact = m.intact && !f.vital
		fields[at] = other
	case 1: // dropped
		m.intact = m.intact && !f.vital
		return slices.Delete(fields, at, at+1)
	case 2: // duplicated before
		m.intact = m.intact && !ambiguous
		return slices.Insert(fields, at, other)
	case 3: // duplicated after
		m.intact = m.intact && !ambiguous
		return slices.Insert(fields, at+1, other)
	case 4: // another letter case
		fields[at].name = strings.ToUpper(f.name)
	case 5: // mangled
		if !f.vital {
			m.mangled = true
			fields[at] = field{name: f.name, value: mangledValues[pick%len(mangledValues)]}
		}
	}
	return fields
}

// FuzzMutatedAnswer decodes mutated valid answers with every decoder. A secret in an answer to create or Renew must be preserved if
// the id and the secrets are intact.
func FuzzMutatedAnswer(f *testing.F) {
	if testing.Short() {
		f.Skip("the decoders share nothing")
	}
	for at := range byte(12) {
		for what := range byte(6) {
			for value := (at + what) % 4; int(value) < len(otherValues); value += 4 {
				f.Add(at&1 == 0, at%3, []byte{at, what, value})
				f.Add(at&1 == 0, at%3, []byte{1 | at<<2, 0x80 | what, value, at, what, value + 1})
			}
		}
	}
	f.Fuzz(func(t *testing.T, nested bool, around byte, script []byte) {
		script = script[:min(len(script), 60)]
		m := mutation{intact: true}
		fields := flatAnswer()
		if nested {
			fields = nestedAnswer()
		}
		body := []byte(render(m.apply(fields, script)))
		switch around % 3 {
		case 1:
			body = append([]byte("\ufeff"), body...)
		case 2:
			body = append(body, "\n<!-- -->"...)
		}
		if valid := json.Valid(trimmed(body)); !m.mangled && around%3 != 2 && !valid {
			t.Fatalf("the mutation makes invalid JSON: %s", body)
		}
		for name, decode := range map[string]func([]byte) (Token, error){"create": decodeCreated, "renew": decodeRenewed} {
			got, err := decode(body)
			documented(t, err)
			if !m.intact || m.mangled && m.otherID {
				continue
			}
			if err != nil || got.ID != 7 || got.AccessToken != "the-access" || got.RefreshToken != "the-refresh" {
				t.Errorf("%s: %s is read as %+v, %v", name, body, got, err)
			}
			if !m.failing && got.Reported != nil {
				t.Errorf("%s: %s reports %v", name, body, got.Reported)
			}
			if again, complete := salvageIssued(body, name == "renew"); !complete || again.AccessToken != got.AccessToken {
				t.Errorf("%s: %s is not salvaged", name, body)
			}
		}
		if secrets := secretsIn(body); m.intact && (!slices.Contains(secrets, "the-access") || !slices.Contains(secrets, "the-refresh")) {
			t.Errorf("%s: not every secret is found", body)
		}
		if updated, err := decodeUpdated(body); m.intact && !m.failing && !m.mangled && around%3 != 2 && (err != nil || updated.AccessToken != "the-access") {
			t.Errorf("update: %s is read as %+v, %v", body, updated, err)
		}
		documented(t, decodeRevoked(body))
		_ = describe(Refused, body)
	})
}

// FuzzMutatedList checks that an item with an intact id is listed, and that an item without one makes the list incomplete.
func FuzzMutatedList(f *testing.F) {
	if testing.Short() {
		f.Skip("the decoders share nothing")
	}
	for at := range byte(12) {
		for what := range byte(5) {
			for value := range byte(len(otherValues)) {
				f.Add(byte(3), []byte{at, what, value}, []byte{at, what, value})
			}
		}
	}
	f.Fuzz(func(t *testing.T, others byte, item, around []byte) {
		m := mutation{intact: true}
		items := []string{render(m.apply(tokenFields(), item[:min(len(item), 60)]))}
		for i := range int(others) {
			items = append(items, fmt.Sprintf(`{"accessTokenId":%d}`, 1000+i))
		}
		list := field{name: "accessTokens", value: "[" + strings.Join(items, ",") + "]", vital: true}
		outer := mutation{intact: true}
		body := render(outer.apply([]field{noFailure(), list, {name: "processed", value: "1"}}, around[:min(len(around), 60)]))
		got, err := decodeList([]byte(body))
		documented(t, err)
		if err != nil || m.mangled || outer.mangled || !outer.intact || !got.arrayPresent {
			return
		}
		listed := slices.ContainsFunc(got.tokens, func(token Token) bool { return token.ID == 7 })
		idIntact := membersOf(json.RawMessage(items[0])).id() == 7
		if m.intact && !listed || idIntact != listed || len(got.tokens) < len(items) && got.incomplete == "" {
			t.Errorf("%s is read as %+v", body, got)
		}
	})
}

// FuzzMutatedLogin checks that a session is preserved whatever else the answer contains, unless the answer may report a failure.
func FuzzMutatedLogin(f *testing.F) {
	for at := range byte(5) {
		for what := range byte(5) {
			for value := range byte(len(otherValues)) {
				f.Add([]byte{at, what, value})
			}
		}
	}
	f.Fuzz(func(t *testing.T, script []byte) {
		m := mutation{intact: true}
		body := []byte(render(m.apply(loginAnswer(), script[:min(len(script), 60)])))
		token, err := decodeLogin(body)
		if (token == "") == (err == nil) {
			t.Error("there are both a session and an error, or neither")
		}
		if refused := (*LoginError)(nil); errors.As(err, &refused) && (refused.Message == "" || refused.Remaining < 0) {
			t.Errorf("the refusal is %+v", refused)
		}
		if m.intact && !m.mangled && token != "QSDK the-session" {
			t.Errorf("%s is read with %v", body, err)
		}
	})
}
