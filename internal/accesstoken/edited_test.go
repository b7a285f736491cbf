// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// editor changes requests and responses, for releases that no dialect of the simulator covers.
type editor struct {
	request func(r *http.Request)
	answer  func(r *http.Request, answer *httptest.ResponseRecorder) []byte
}

// provider returns the arguments of a provider whose requests pass through the editor.
func (e editor) provider(t *testing.T, w *acctest.Env) acctest.Arguments {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if e.request != nil {
			e.request(r)
		}
		answer := httptest.NewRecorder()
		w.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		if e.answer != nil {
			body = e.answer(r, answer)
		}
		for name, values := range answer.Header() {
			if name != "Content-Length" {
				rw.Header()[name] = values
			}
		}
		rw.WriteHeader(answer.Code)
		_, _ = rw.Write(body)
	}))
	t.Cleanup(server.Close)
	base, err := url.Parse(w.URL())
	if err != nil {
		t.Fatal(err)
	}
	arguments := w.LoginArguments()
	arguments["host"] = server.URL + base.Path
	return arguments
}

// isList, isCreate and isRenewal report whether a request is that call.
func isList(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/V4/AccessToken")
}

func isCreate(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/V4/AccessToken")
}

func isRenewal(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/Renew") }

// changed returns the response with a changed JSON object.
func changed(answer *httptest.ResponseRecorder, change func(top map[string]any)) []byte {
	var top map[string]any
	if json.Unmarshal(answer.Body.Bytes(), &top) != nil {
		return answer.Body.Bytes()
	}
	change(top)
	body, _ := json.Marshal(top)
	return body
}

// nameIn returns the name in a create request.
func nameIn(r *http.Request) string {
	var body struct {
		Name string `json:"tokenName"`
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil {
		return ""
	}
	return body.Name
}

// service adds a service account to the server and returns its id.
func service(w *acctest.Env) int64 { return w.AddUser("service", "") }

// colleague returns the arguments of a provider with another user, who may manage the tokens of all users.
func colleague(w *acctest.Env, name string) acctest.Arguments {
	const password = "C0lleague-Passw0rd"
	w.AddAccount(simulator.Account{Name: name, Password: password, Rights: simulator.UserManagement})
	arguments := w.LoginArguments()
	arguments["username"], arguments["password"] = name, password
	return arguments
}
