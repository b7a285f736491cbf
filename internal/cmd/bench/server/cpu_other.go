// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build !unix

package main

// cpuSeconds returns 0, because the CPU time is not known here.
func cpuSeconds() float64 { return 0 }
