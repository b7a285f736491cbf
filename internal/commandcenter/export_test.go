// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

// HeldLists is how many lists the client holds.
func (c *Client) HeldLists() int {
	held := 0
	c.inventory.each(func(o *ownerLists) {
		for _, l := range []*listing{o.first, o.gathering, o.asking, o.latest} {
			if l != nil {
				held++
			}
		}
	})
	return held
}

// Mask hides every secret that this client has met in a text.
func (c *Client) Mask() *Mask { return c.mask }
