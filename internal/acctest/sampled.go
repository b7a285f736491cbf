// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import "os"

// Sampled reports whether a matrix runs only a sample of its cells: under the race detector, which needs no more to find a
// race, and wherever MATRIX is not "whole". make test runs the whole matrices, too.
func Sampled() bool { return RaceDetector || os.Getenv("MATRIX") != "whole" }
