// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package live

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// in returns a time in RFC 3339, some days from now.
func in(days int) string {
	return time.Now().UTC().AddDate(0, 0, days).Truncate(time.Second).Format(time.RFC3339)
}

// single returns a configuration with one token.
func single(name string, arguments ...string) string {
	return fmt.Sprintf(`
resource "commvault_access_token" "one" {
  name = "%s%s"
  %s
}

output "id" {
  value = commvault_access_token.one.id
}

output "secrets" {
  value = [
    nonsensitive(commvault_access_token.one.access_token != ""),
    nonsensitive(commvault_access_token.one.refresh_token != null),
  ]
}
`, prefix, name, strings.Join(arguments, "\n  "))
}

// TestLiveToken creates a token, changes each argument in place, and finds the token with both data sources.
func TestLiveToken(t *testing.T) {
	s := begin(t, "")
	until := in(3)
	s.apply(single("one", `type = "CUSTOM"`, `api_endpoints = ["/Client"]`, fmt.Sprintf("renewable_until = %q", until)))
	id := s.output("id")
	s.expect("secrets", "[true true]")
	for _, changed := range []string{
		single("renamed", `type = "CUSTOM"`, `api_endpoints = ["/Client"]`, fmt.Sprintf("renewable_until = %q", until)),
		single("renamed", `type = "CUSTOM"`, `api_endpoints = ["/Client", "/Job"]`, fmt.Sprintf("renewable_until = %q", in(4))),
		single("renamed", `type = "ALL"`, `allowed_ips = ["192.0.2.7", "198.51.100.0/24"]`),
		single("renamed", `type = "ALL"`),
	} {
		s.apply(changed)
		s.expect("id", fmt.Sprint(id))
	}
	found := single("renamed", `type = "ALL"`) + fmt.Sprintf(`
data "commvault_access_token" "by_name" {
  name = commvault_access_token.one.name
}

data "commvault_access_tokens" "by_regex" {
  name_regex = "^%srenamed$"
  depends_on = [commvault_access_token.one]
}

output "by_name" {
  value = data.commvault_access_token.by_name.id
}

output "by_regex" {
  value = [for token in data.commvault_access_tokens.by_regex.tokens : token.id]
}
`, prefix)
	s.apply(found)
	s.expect("by_name", fmt.Sprint(id))
	s.expect("by_regex", fmt.Sprintf("[%s]", id))
}

// TestLiveImport imports a token that was removed from the state. The apply after it does not replace the token.
func TestLiveImport(t *testing.T) {
	s := begin(t, "")
	config := single("import", `type = "CUSTOM"`, `api_endpoints = ["/Client"]`)
	s.apply(config)
	id := fmt.Sprint(s.output("id"))
	s.Must("state", "rm", "commvault_access_token.one")
	s.Must("import", "-no-color", "-input=false", "commvault_access_token.one", id)
	s.apply(config)
	s.expect("id", id)
}

// TestLiveTypesWithoutRenewal creates tokens that cannot be renewed.
func TestLiveTypesWithoutRenewal(t *testing.T) {
	s := begin(t, "")
	s.apply(single("touch", `type = "OneTouch"`, fmt.Sprintf("token_expiry = %q", in(2))))
	s.expect("secrets", "[true false]")
	s.apply(single("scim", `type = "MS_SCIM"`, fmt.Sprintf("token_expiry = %q", in(2))))
	s.expect("secrets", "[true false]")
}

// slot returns a configuration with a rotating token. Another word rotates it.
func slot(word string) string {
	return fmt.Sprintf(`
resource "commvault_rotating_access_token" "slot" {
  name_prefix         = "%sslot-"
  type                = "CUSTOM"
  api_endpoints       = ["/Client"]
  lifetime_days       = 3
  rotate_when_changed = { word = %q }
}

output "id" {
  value = commvault_rotating_access_token.slot.access_token_id
}

output "previous" {
  value = [for token in commvault_rotating_access_token.slot.previous_tokens : token.id]
}
`, prefix, word)
}

// TestLiveSlot rotates a slot. The old token stays for the overlap.
func TestLiveSlot(t *testing.T) {
	s := begin(t, "")
	s.apply(slot("first"))
	first := s.output("id")
	s.expect("previous", "[]")
	s.apply(slot("second"))
	if second := s.output("id"); second == first {
		t.Error("nothing was rotated")
	}
	s.expect("previous", fmt.Sprintf("[%s]", first))
}

// TestLiveEphemeral opens an ephemeral token. TestLiveNothingIsLeft checks that it was revoked.
func TestLiveEphemeral(t *testing.T) {
	s := begin(t, "")
	s.atLeast("1.10", "1.11")
	s.Write(fmt.Sprintf(`
ephemeral "commvault_access_token" "run" {
  name_prefix = "%srun-"

  lifecycle {
    postcondition {
      condition     = self.access_token != ""
      error_message = "There is no access token."
    }
  }
}
`, prefix))
	if output := s.Apply(); output.Code != 0 {
		t.Fatalf("apply failed: %s", output.Text)
	}
}

// TestLiveNothingIsLeft runs last. The account has no token of the run.
func TestLiveNothingIsLeft(t *testing.T) {
	s := begin(t, inventory)
	s.apply(inventory)
	s.expect("run", "[]")
}
