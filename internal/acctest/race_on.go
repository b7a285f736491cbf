// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build race

package acctest

// RaceDetector is on, and makes everything several times slower.
const RaceDetector = true
