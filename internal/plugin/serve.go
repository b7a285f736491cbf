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

// Serve is like providerserver.Serve with less overhead. It serves the Terraform that started this process, and returns when Terraform
// ends it. With debug, the process prints how to connect Terraform to it, ends on an interrupt, and logs to its own stderr in every
// case, because it cannot know the log settings of its clients.
func Serve(address string, p provider.Provider, debug bool) error {
	shortcuts, _ := p.(Shortcuts)
	if debug || logsAreWanted(os.Environ()) {
		shortcuts = nil // so that the framework logs its lines about each call
	}
	server, err := wrap(providerserver.NewProtocol6(p)(), shortcuts)
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
