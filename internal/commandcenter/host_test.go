// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"strings"
	"testing"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

func TestEveryFormOfAHostIsAccepted(t *testing.T) {
	for given, want := range map[string]string{
		"cc.example.com":                           "https://cc.example.com/commandcenter/api",
		"cc":                                       "https://cc/commandcenter/api",
		"cc.example.com.":                          "https://cc.example.com./commandcenter/api",
		"cc.example.com:1":                         "https://cc.example.com:1/commandcenter/api",
		"cc.example.com:8443":                      "https://cc.example.com:8443/commandcenter/api",
		"my_host-1":                                "https://my_host-1/commandcenter/api",
		"bücher.example":                           "https://b%C3%BCcher.example/commandcenter/api",
		"10.0.0.1":                                 "https://10.0.0.1/commandcenter/api",
		"10.0.0.1:65535":                           "https://10.0.0.1:65535/commandcenter/api",
		"[2001:db8::1]":                            "https://[2001:db8::1]/commandcenter/api",
		"[2001:db8::1]:8443":                       "https://[2001:db8::1]:8443/commandcenter/api",
		"https://cc.example.com":                   "https://cc.example.com/commandcenter/api",
		"HTTPS://cc.example.com":                   "https://cc.example.com/commandcenter/api",
		"https://cc.example.com/":                  "https://cc.example.com/commandcenter/api",
		"https://cc.example.com:8443":              "https://cc.example.com:8443/commandcenter/api",
		"cc.example.com/webconsole/api":            "https://cc.example.com/webconsole/api",
		"https://cc.example.com/webconsole/api":    "https://cc.example.com/webconsole/api",
		"https://cc.example.com/webconsole/api///": "https://cc.example.com/webconsole/api",
		"https://cc.example.com/a%2Fb/":            "https://cc.example.com/a%2Fb",
		"https://cc.example.com/a%2F/":             "https://cc.example.com/a%2F",
		"http://localhost:8080":                    "http://localhost:8080/commandcenter/api",
		"http://LOCALHOST":                         "http://LOCALHOST/commandcenter/api",
		"http://127.0.0.1":                         "http://127.0.0.1/commandcenter/api",
		"http://127.8.9.1:80/x":                    "http://127.8.9.1:80/x",
		"http://[::1]:8080":                        "http://[::1]:8080/commandcenter/api",
		"localhost:8080":                           "https://localhost:8080/commandcenter/api",
	} {
		got, err := cc.ParseHost(given)
		if err != nil || got.String() != want {
			t.Errorf("%q gives %v, %v, want %s", given, got, err, want)
		}
	}
}

func TestABadHostIsRejectedWithTheReasonAndTheAcceptedForms(t *testing.T) {
	for given, reason := range map[string]string{
		"":                                  "blank",
		"  ":                                "blank",
		"cc example":                        "white space",
		" cc.example.com":                   "white space",
		"cc.example.com\n":                  "control character",
		"cc\u00a0example":                   "white space",
		"cc\u200bexample":                   "invisible character",
		"cc\x00":                            "control character",
		"ftp://cc.example.com":              `the scheme "ftp"`,
		"file:///etc/passwd":                `the scheme "file"`,
		"http://cc.example.com":             "plain http",
		"http://10.0.0.1":                   "plain http",
		"http://localhost.example.com":      "plain http",
		"http://127.0.0.1.example.com":      "plain http",
		"http://[2001:db8::1]":              "plain http",
		"https://user@cc.example.com":       "user name",
		"user:pass@cc.example.com":          "user name",
		"https://cc.example.com?x=1":        "query",
		"https://cc.example.com/api?":       "query",
		"https://cc.example.com/#top":       "fragment",
		"https://cc.example.com/#":          "fragment",
		"cc.example.com:":                   "empty port",
		"cc.example.com:0":                  "port",
		"cc.example.com:65536":              "port",
		"cc.example.com:https":              "not a host or URL",
		"cc.example.com:-1":                 "not a host or URL",
		"https://":                          "no valid host name",
		"https://:443":                      "no valid host name",
		"//cc.example.com":                  "no valid host name",
		"https:///commandcenter/api":        "no valid host name",
		".example.com":                      "no valid host name",
		"cc..example.com":                   "no valid host name",
		"cc,example":                        "no valid host name",
		"{{host}}":                          "",
		"<host>":                            "",
		"2001:db8::1":                       "",
		"[2001:db8::1":                      "",
		"[fe80::1%25eth0]":                  "",
		"https://cc.example.com/%zz":        "",
		"https://https://cc.example.com":    "",
		"https://cc.example.com:443:443/xy": "",
	} {
		got, err := cc.ParseHost(given)
		if err == nil {
			t.Errorf("%q is accepted as %s", given, got)
			continue
		}
		wantSays(t, err, reason, "The value must be a name, name:port, or a URL https://name[:port][/base/path]")
	}
}

func TestTheRefusalOfAHostNamesItWithoutItsPassword(t *testing.T) {
	for _, given := range []string{
		"https://user:hunter2@cc.example.com", "https://hunter2@cc.example.com", "user:hunter2@cc.example.com",
		"https://user:hun@ter:hunter2@cc.example.com", "https://us er:hunter2@cc.example.com", "https://u:hunter2/x@cc.example.com",
		"ftp://u:hunter2@cc.example.com", "u:hunter2@cc.example.com/a://b", "u:hunter2://x@cc.example.com", "://u:hunter2@cc.example.com",
	} {
		_, err := cc.ParseHost(given)
		if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "cc.example.com") {
			t.Errorf("%q: %v", given, err)
		}
	}
}
