// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin

// What the tests need besides.
const Reserved = reserved

var (
	Wrap           = wrap
	Quieten        = quieten
	CollectLater   = collectLater
	NewCallContext = newCallContext
)

// Forget is what happens to the context of a call that is over.
func (c *callContext) Forget() { c.forget() }
