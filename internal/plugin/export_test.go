// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin

// Names that the tests also need.
const Reserved = reserved

var (
	Wrap           = wrap
	Quieten        = quieten
	CollectLater   = collectLater
	NewCallContext = newCallContext
)

// Forget releases the context, as at the end of a call.
func (c *callContext) Forget() { c.forget() }
