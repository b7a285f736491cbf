// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Command schema prints the output of `terraform providers schema -json` for this provider, under the provider's short name, for the
// generator of the documentation. It reads the schemas from the provider itself. A CLI omits the kinds of schema that are newer than
// the CLI, so the pages would depend on the installed CLI.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
)

func main() {
	log.SetFlags(0)
	schemas, err := export(context.Background(), providerserver.NewProtocol6(provider.New("schema")())())
	if err != nil {
		log.Fatal("schema: ", err)
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	if err := out.Encode(document{FormatVersion: "1.0", Schemas: map[string]providerSchemas{"commvault": schemas}}); err != nil {
		log.Fatal("schema: ", err)
	}
}
