// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package simulator is a Command Center in memory: the calls around access tokens, with the rules of the real one as far
// as they are known, and each variant where they are not (Dialect).
//
// It shares no code with the client that is tested against it, so that a mistake on one side cannot be hidden by the
// same mistake on the other. It accepts what a public client of the vendor's sends, and refuses everything else. The
// strict dialects accept one form of each request, so that tests notice a client that depends on leniency.
//
// Comments of the form "API.md#life-of-a-token (docs)" name the section of the project's notes on the API that a rule
// comes from, and in brackets how sure it is: reference (the vendor's reference page), sdk (the vendor's Python SDK), vendor
// (the vendor's other code), docs (the vendor's user documentation), field (reported by users). "Assumed" marks a
// decision where nothing is known.
//
// To add a dialect: a field of Dialect (dialect.go), its names in variations (variations.go), and the one place that acts on
// it. The tests that run in each dialect and the program's -dialect follow from the table.
package simulator
