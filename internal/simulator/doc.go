// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package simulator is a strict Command Center in memory: the calls around access tokens, with the rules of the real
// one as far as they are known, and each variant where they are not.
//
// It shares no code with the client that is tested against it, so that a mistake on one side cannot be hidden by the
// same mistake on the other. Whatever a request contains that is not known to be right is an error.
//
// Comments of the form "API.md, Life of a token (docs)" name the section of the project's notes on the API that a rule
// comes from, and in brackets how sure it is: seed (the vendor's reference page), sdk (the vendor's Python SDK), docs
// (the vendor's user documentation), field (reported by users). "Assumed" marks a decision where nothing is known.
package simulator
