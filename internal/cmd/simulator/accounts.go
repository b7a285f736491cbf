// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// printAccounts prints the accounts as comments, because a shell evaluates the lines around them.
func printAccounts(out io.Writer, accounts []simulator.NumberedAccount) error {
	if _, err := fmt.Fprintln(out, "# Accounts, by id, for user_id and imports of <user_id>/<id>:"); err != nil {
		return err
	}
	for _, a := range accounts {
		about := "password " + a.Password
		if a.Password == "" {
			about = "a service account, which cannot log in"
		}
		if right := a.Rights.String(); right != "" {
			about += ", has " + right
		}
		if _, err := fmt.Fprintf(out, "#   %d  %-14s  %s\n", a.ID, a.Name, about); err != nil {
			return err
		}
	}
	return nil
}

// printDialects prints each value of -dialect with its description.
func printDialects(out io.Writer) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, w := range simulator.DialectWords() {
		_, _ = fmt.Fprintf(table, "%s\t%s\n", w.Word, w.About)
	}
	_ = table.Flush()
}
