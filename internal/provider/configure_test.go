// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"crypto/rand"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/accesstoken"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

const terraformVersion = "1.11.4"

func configure(t *testing.T, b block, e environment, opts ...Option) provider.ConfigureResponse {
	t.Helper()
	var resp provider.ConfigureResponse
	p := New("1.2.3", append([]Option{WithGetenv(e.get)}, opts...)...)()
	p.Configure(t.Context(), provider.ConfigureRequest{TerraformVersion: terraformVersion, Config: config(t, b)}, &resp)
	return resp
}

// backend returns the Backend that resources receive for b and e. It ignores warnings.
func backend(t *testing.T, b block, e environment, opts ...Option) *accesstoken.Backend {
	t.Helper()
	resp := configure(t, b, e, opts...)
	if resp.Diagnostics.HasError() {
		t.Fatal(resp.Diagnostics)
	}
	got, ok := resp.ResourceData.(*accesstoken.Backend)
	if !ok {
		t.Fatalf("the resources get %T", resp.ResourceData)
	}
	return got
}

func TestEveryKindOfThingGetsTheSameBackend(t *testing.T) {
	resp := configure(t, block{}, enough())
	want := backend(t, block{}, enough())
	for kind, data := range map[string]any{
		"resources":           resp.ResourceData,
		"data sources":        resp.DataSourceData,
		"ephemeral resources": resp.EphemeralResourceData,
		"lists":               resp.ListResourceData,
		"actions":             resp.ActionData,
	} {
		got, ok := data.(*accesstoken.Backend)
		if !ok || got == nil || got.Client == nil || data != resp.ResourceData {
			t.Errorf("%s get %v", kind, data)
		}
	}
	if want.Unknown != nil || want.Clock != clock.System() || want.Random != rand.Reader {
		t.Errorf("by default: %+v", want)
	}
}

func TestTheOptionsReachTheBackend(t *testing.T) {
	fake, random := clock.NewFake(time.Unix(0, 0)), strings.NewReader("")
	got := backend(t, block{}, enough(), WithClock(fake), WithRandom(random))
	if got.Clock != fake || got.Random != random {
		t.Errorf("got %+v", got)
	}
}

func TestAnUnknownArgumentLeavesTheBackendWithoutAClient(t *testing.T) {
	got := backend(t, block{"authtoken": unknown}, environment{"COMMVAULT_HOST": "cc.example"})
	if got.Client != nil || !slices.Equal(got.Unknown, []string{"authtoken"}) || got.Clock == nil || got.Random == nil {
		t.Errorf("got %+v", got)
	}
}

func TestARefusedConfigurationHandsOutNothing(t *testing.T) {
	resp := configure(t, block{"max_retries": -1}, enough())
	onlyError(t, resp.Diagnostics, "max_retries")
	if resp.ResourceData != nil || resp.DataSourceData != nil || resp.EphemeralResourceData != nil ||
		resp.ListResourceData != nil || resp.ActionData != nil {
		t.Errorf("got %+v", resp)
	}
}

func TestSkippingTheVerificationGivesAWarning(t *testing.T) {
	for name, c := range map[string]struct {
		block    block
		variable string
		warnings int
	}{
		"off":              {block{}, "", 0},
		"configured":       {block{"insecure_skip_verify": true}, "", 1},
		"by variable":      {block{}, "1", 1},
		"configured off":   {block{"insecure_skip_verify": false}, "true", 0},
		"with an unknown":  {block{"insecure_skip_verify": true, "max_retries": unknown}, "", 1},
		"itself not known": {block{"insecure_skip_verify": unknown}, "true", 0},
	} {
		t.Run(name, func(t *testing.T) {
			resp := configure(t, c.block, with(enough(), "COMMVAULT_INSECURE_SKIP_VERIFY", c.variable))
			if resp.Diagnostics.HasError() || len(resp.Diagnostics) != c.warnings {
				t.Fatalf("got %v", resp.Diagnostics)
			}
			for _, d := range resp.Diagnostics {
				withPath, ok := d.(diag.DiagnosticWithPath)
				if !ok || !withPath.Path().Equal(path.Root("insecure_skip_verify")) || !strings.Contains(d.Detail(), "ca_certificate") {
					t.Errorf("got %v", d)
				}
			}
		})
	}
}

// center answers every request with an empty list and keeps the last request.
func center(t *testing.T) (server *httptest.Server, calls *atomic.Int32, last *atomic.Pointer[http.Request]) {
	t.Helper()
	calls, last = &atomic.Int32{}, &atomic.Pointer[http.Request]{}
	server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		last.Store(r)
		_, _ = w.Write([]byte(`{"accessTokens":[]}`))
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that fail on purpose
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, calls, last
}

func TestNothingIsSentBeforeItIsNeededAndThenAsConfigured(t *testing.T) {
	server, calls, last := center(t)
	root := asPEM("CERTIFICATE", server.Certificate().Raw)
	got := backend(t, block{"host": server.URL, "authtoken": "QSDK " + secret, "ca_certificate": writeFile(t, root)},
		environment{"TF_APPEND_USER_AGENT": " ci/7 "})
	if n := calls.Load(); n != 0 {
		t.Fatalf("%d requests while configuring", n)
	}
	var written bytes.Buffer
	if _, err := got.Client.Tokens(tflogtest.RootLogger(t.Context(), &written), 0); err != nil {
		t.Fatal(err)
	}
	request := last.Load()
	if calls.Load() != 1 || !strings.HasPrefix(request.URL.Path, "/commandcenter/api/") {
		t.Errorf("%d requests, the last to %s", calls.Load(), request.URL.Path)
	}
	if agent := "Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-commvault/1.2.3 ci/7"; request.UserAgent() != agent {
		t.Errorf("the user agent is %q", request.UserAgent())
	}
	if given := request.Header.Get("Authtoken"); given != "QSDK "+secret {
		t.Errorf("the Authtoken is %q", given)
	}
	if !strings.Contains(written.String(), `"@level":"debug"`) || !strings.Contains(written.String(), `"status":200`) ||
		strings.Contains(written.String(), secret) {
		t.Errorf("the log is %s", written.String())
	}
}

func TestAnAuthorityThatIsNotConfiguredIsNotTrusted(t *testing.T) {
	server, calls, _ := center(t)
	b := block{"host": server.URL, "authtoken": "t"}
	if _, err := backend(t, b, environment{}).Client.Tokens(t.Context(), 0); err == nil || calls.Load() != 0 {
		t.Errorf("%d requests, %v", calls.Load(), err)
	}
	b["insecure_skip_verify"] = true
	if _, err := backend(t, b, environment{}).Client.Tokens(t.Context(), 0); err != nil || calls.Load() != 1 {
		t.Errorf("unverified: %d requests, %v", calls.Load(), err)
	}
}

func TestTheClientWaitsByTheGivenClockAndAsOftenAsConfigured(t *testing.T) {
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(server.Close)
	fake := clock.NewFake(time.Unix(0, 0))
	e := environment{"COMMVAULT_HOST": server.URL, "COMMVAULT_AUTHTOKEN": "t", "COMMVAULT_MAX_RETRY_WAIT": "1h"}
	got := backend(t, block{"max_retries": 2}, e, WithClock(fake))
	if _, err := got.Client.Tokens(t.Context(), 0); err == nil || calls.Load() != 3 || fake.Now().Before(time.Unix(7200, 0)) {
		t.Errorf("%d requests until %s: %v", calls.Load(), fake.Now(), err)
	}
}

func TestTheUserAgentStaysOneHeader(t *testing.T) {
	const plain = "Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-commvault/dev"
	for appended, want := range map[string]string{
		"":                    plain,
		" \t ":                plain,
		"ci/7":                plain + " ci/7",
		"  ci/7 (run 8)\n":    plain + " ci/7 (run 8)",
		"ci\r\nAuthtoken: x":  plain + " ciAuthtoken: x",
		"\x00ci\x7f\u0085/7 ": plain + " ci/7",
	} {
		if got := userAgent("1.11.4", "dev", appended); got != want {
			t.Errorf("%q: got %q", appended, got)
		}
	}
	if got := userAgent("1.11.4\r\n", "dev\n", ""); got != plain {
		t.Errorf("got %q", got)
	}
}
