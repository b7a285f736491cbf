// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

// HeldLists returns the number of lists that the client holds.
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

// Mask returns the client's mask, which hides every secret that the client has seen.
func (c *Client) Mask() *Mask { return c.mask }
