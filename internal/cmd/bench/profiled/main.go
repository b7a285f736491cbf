// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Command profiled is the provider with a CPU profile of each of its processes in the directory BENCH_PROFILES.
package main

import (
	"errors"
	"log"
	"os"
	"runtime/pprof"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/plugin"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
)

func main() {
	log.SetFlags(0)
	if err := serve(); err != nil {
		log.Fatal("profiled: ", err)
	}
}

func serve() (err error) {
	file, err := os.CreateTemp(os.Getenv("BENCH_PROFILES"), "*.pprof")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := pprof.StartCPUProfile(file); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return plugin.Serve(provider.Address, provider.New("profiled")(), false)
}
