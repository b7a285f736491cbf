// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package simulator is an in-memory Command Center with the calls around access tokens. It implements the known rules of the real
// one, and each possible variant where they are unknown (Dialect).
//
// It shares no code with the client that is tested against it, so that a mistake on one side cannot be hidden by the same mistake
// on the other. It accepts requests in the forms that public clients of the vendor send, and refuses all others. The strict
// dialects accept one form of each request, so that tests detect a client that depends on leniency.
//
// A comment such as "API.md#life-of-a-token (docs)" names the section of the project's API notes that documents a rule. The word in
// parentheses is the source: reference (the vendor's reference page), sdk (the vendor's Python SDK), vendor (the vendor's other
// code), docs (the vendor's user documentation), or field (reported by users). "Assumed" marks a decision without any source.
//
// To add a dialect, add a field to Dialect (dialect.go), its names to variations (variations.go), and the code that depends on it,
// in one place. The tests of every dialect and the program's -dialect use the table.
package simulator
