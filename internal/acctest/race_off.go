// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build !race

package acctest

// RaceDetector reports that the race detector is off.
const RaceDetector = false
