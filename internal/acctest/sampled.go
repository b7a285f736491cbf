// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import "os"

// Sampled reports whether a matrix runs only a sample of its cells: under the race detector, where a sample is enough to find a race,
// and if MATRIX is not "whole". make test also runs the full matrices.
func Sampled() bool { return RaceDetector || os.Getenv("MATRIX") != "whole" }

// Takes reports whether a matrix runs the cell with this number. A full matrix runs all cells, a sample every 23rd, and the race
// detector every 61st, because it makes a cell ten times slower. Both numbers are primes, so that a sample contains each value of each
// dimension.
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
