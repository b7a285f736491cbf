// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin

import (
	"os"
	"runtime"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// Serve is providerserver.Serve with less work: it answers the Terraform that has started this process, and does not
// return before Terraform ends it. For debug, the process says how any Terraform can be made to talk to it, ends at an
// interrupt, and always logs, to its own stderr: what its Terraforms want to see, it can't know.
func Serve(address string, p provider.Provider, debug bool) error {
	planner, _ := p.(Planner)
	if debug || logsAreWanted(os.Environ()) {
		planner = nil // the framework's lines about a plan are among them
	}
	server, err := wrap(providerserver.NewProtocol6(p)(), planner)
	if err != nil {
		return err
	}
	var opts []tf6server.ServeOpt
	if debug {
		opts = append(opts, tf6server.WithManagedDebug())
	} else {
		quieten(address, os.Environ(), os.Setenv)
	}
	defer runtime.KeepAlive(collectLater(os.Getenv))
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return server }, opts...)
}
