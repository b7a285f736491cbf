// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

// KeptLists is how many shared lists the client holds.
func (c *Client) KeptLists() int {
	c.inventory.mu.Lock()
	defer c.inventory.mu.Unlock()
	return len(c.inventory.lists)
}

// Mask hides every secret that this client has met in a text.
func (c *Client) Mask() *Mask { return c.mask }
