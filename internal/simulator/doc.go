// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package simulator is a strict Command Center in memory: the calls around access tokens, with the rules of the real
// one as far as they are known, and each variant where they are not.
//
// It shares no code with the client that is tested against it, so that a mistake on one side cannot be hidden by the
// same mistake on the other. Whatever a request contains that is not known to be right is an error.
//
// A citation such as API.md#life-of-a-token (docs) names the section that a rule comes from, and in brackets the sources
// of the rule: see API.md#sources. API.md#q16 is an open question, which dialects answer in different ways. "Assumed"
// marks a choice where nothing is known.
package simulator
