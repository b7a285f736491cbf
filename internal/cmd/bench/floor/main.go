// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Command floor is the floor of the benchmark: a bare plugin-go server with the schema of the real provider, which echoes Terraform's
// requests as cheaply as possible and has no server. No provider with that schema can be faster. It formats no log lines, because they
// are unnecessary when no variable enables logs.
package main

import (
	"context"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
)

func main() {
	log.SetFlags(0)
	if err := serve(); err != nil {
		log.Fatal("floor: ", err)
	}
}

func serve() error {
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO"} { // plugin-go's own lines, four per call, with their fields
		if err := os.Setenv(name, "OFF"); err != nil {
			return err
		}
	}
	e, err := newEcho(context.Background(), providerserver.NewProtocol6(provider.New("floor")())())
	if err != nil {
		return err
	}
	return tf6server.Serve(provider.Address, func() tfprotov6.ProviderServer { return e })
}
