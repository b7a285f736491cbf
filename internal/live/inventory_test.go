// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package live

import (
	"slices"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/plugin"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
)

// inProcess starts the provider in this process, with the configuration of the environment. It offers the calls of Terraform 1.14, whatever
// CLI is installed.
func inProcess(t *testing.T) *acctest.Process {
	t.Helper()
	variables := environment(t)
	getenv := func(name string) string { return acctest.Variable(variables, name) }
	server, err := plugin.NewServer(provider.New("test", provider.WithGetenv(getenv))())()
	if err != nil {
		t.Fatal(err)
	}
	return acctest.StartServer(t.Context(), t, server, nil)
}

// listed returns the names of the tokens that the list resource finds for a regular expression, and the ids.
func listed(t *testing.T, expression string) (names, ids []string) {
	t.Helper()
	query := acctest.Query{Arguments: acctest.Arguments{"name_regex": expression}, IncludeResource: true}
	diagnostics := inProcess(t).List(t.Context(), query, func(one acctest.Listed) bool {
		id, _ := acctest.Identity(t, one.Identity)
		names, ids = append(names, one.Name), append(ids, id)
		return true
	})
	if diagnostics.Failed() {
		t.Fatal(diagnostics.Errors())
	}
	return names, ids
}

// TestLiveListAndAction finds tokens with the list resource, and revokes one of them with the action.
func TestLiveListAndAction(t *testing.T) {
	s := begin(t, "")
	config := single("listed", `type = "ALL"`)
	s.apply(config)
	names, ids := listed(t, "^"+prefix+"listed$")
	if id, _ := s.output("id").(string); !slices.Equal(ids, []string{id}) || len(names) != 1 || !strings.Contains(names[0], prefix+"listed") {
		t.Fatalf("the list resource finds %v with the ids %v, want the id %v", names, ids, s.output("id"))
	}
	progress, diagnostics := inProcess(t).Invoke(t.Context(), acctest.Arguments{"ids": ids})
	if diagnostics.Failed() || len(progress) == 0 {
		t.Fatalf("the action reports %v, and %s", progress, diagnostics.Errors())
	}
	if _, ids := listed(t, "^"+prefix+"listed$"); len(ids) > 0 {
		t.Errorf("the revoked token is still listed: %v", ids)
	}
}
