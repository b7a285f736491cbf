// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import "os"

// Sampled reports whether a matrix runs only a sample of its cells: under the race detector, which needs no more to find a
// race, and wherever MATRIX is not "whole". make test runs the whole matrices, too.
func Sampled() bool { return RaceDetector || os.Getenv("MATRIX") != "whole" }

// Takes reports whether a matrix runs the cell of this number: all of them, every 23rd of a sample, or every 61st under the
// race detector, where a cell takes ten times as long. Both are primes, so that a sample meets each value of each dimension.
func Takes(number int) bool {
	switch {
	case RaceDetector:
		return number%61 == 0
	case Sampled():
		return number%23 == 0
	default:
		return true
	}
}
