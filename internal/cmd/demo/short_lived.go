// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// shortLived are the lifetimes of the tokens in the second half of the demo. They are so short that a renewal and a rotation fall due
// during the demo. A rotation falls due when a third of the lifetime is left.
var shortLived = simulator.Lifetimes{Access: 5 * time.Second, RenewableMax: 15 * time.Second}

// slot is the configuration of a rotating token.
const slot = `
resource "commvault_rotating_access_token" "slot" {
  name_prefix = "slot-"
  renew       = true
}

output "token" {
  value     = commvault_rotating_access_token.slot.access_token
  sensitive = true
}
`

// oneRun is the configuration of a token for one run.
const oneRun = `
ephemeral "commvault_access_token" "run" {
  name_prefix = "run-"
}
`

func createSlot(ctx context.Context, d *demo) error {
	if err := d.write(head() + slot); err != nil {
		return err
	}
	d.printf("%s\n", slot)
	if err := d.cli.show(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := d.expectTokens(1); err != nil {
		return err
	}
	d.issued = d.server.Tokens()[0]
	return nil
}

func renewSlot(ctx context.Context, d *demo) error {
	due := d.issued.ExpiresAt.Add(-shortLived.Access / 2).Add(time.Second)
	d.printf("… until half of its lifetime has passed\n\n")
	if err := clock.System().Sleep(ctx, time.Until(due)); err != nil {
		return err
	}
	if err := d.cli.show(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := d.expectTokens(1); err != nil {
		return err
	}
	now := d.server.Tokens()[0]
	if now.ID != d.issued.ID || now.Renewals != d.issued.Renewals+1 {
		return fmt.Errorf("the token %d was not renewed: the server has the token %d, renewed %d times", d.issued.ID, now.ID, now.Renewals)
	}
	return d.stateHolds(ctx, now)
}

func rotateSlot(ctx context.Context, d *demo) error {
	due := d.issued.RenewableUntil.Add(-shortLived.RenewableMax / 3).Add(time.Second)
	d.printf("… until its end is near\n\n")
	if err := clock.System().Sleep(ctx, time.Until(due)); err != nil {
		return err
	}
	if err := d.cli.show(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := d.expectTokens(2); err != nil { // the old token is in its overlap
		return err
	}
	return d.stateHolds(ctx, d.server.Tokens()[1])
}

// stateHolds checks that the output is the secret of a token.
func (d *demo) stateHolds(ctx context.Context, token simulator.Token) error {
	secret, err := d.cli.capture(ctx, "output", "-raw", "token")
	if err != nil {
		return err
	}
	d.printf("%s\n", masked(secret))
	if secret != token.AccessToken {
		return fmt.Errorf("the state does not hold the secret of the token %d", token.ID)
	}
	if purged := d.server.Purged(); len(purged) > 0 {
		return fmt.Errorf("an old pair was sent: the server purged %v", purged)
	}
	d.issued = token
	return nil
}

func destroySlot(ctx context.Context, d *demo) error {
	if err := d.cli.show(ctx, 0, "destroy", "-auto-approve"); err != nil {
		return err
	}
	return d.expectTokens(0)
}

func openForOneRun(ctx context.Context, d *demo) error {
	version, err := d.cli.capture(ctx, "version")
	if err != nil {
		return err
	}
	if !knowsEphemerals(version) {
		d.printf("This CLI does not support ephemeral resources: they need Terraform 1.10 or OpenTofu 1.11.\n")
		return nil
	}
	if err := d.write(head() + oneRun); err != nil {
		return err
	}
	d.printf("%s\n", oneRun)
	d.server.ResetJournal()
	if err := d.cli.show(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	opened, revoked := d.server.Count(simulator.OpCreate), d.server.Count(simulator.OpRevoke)
	d.printf("The server issued %d tokens for this run, and revoked %d.\n", opened, revoked)
	if opened == 0 || opened != revoked {
		return errors.New("the tokens for one run were not revoked at its end")
	}
	return d.expectTokens(0)
}

var versionOf = regexp.MustCompile(`(Terraform|OpenTofu) v(\d+)\.(\d+)`)

// knowsEphemerals reports whether the CLI supports ephemeral resources, from the first line of its version.
func knowsEphemerals(version string) bool {
	match := versionOf.FindStringSubmatch(version)
	if match == nil {
		return false
	}
	least := map[string]int{"Terraform": 10, "OpenTofu": 11}[match[1]]
	minor, err := strconv.Atoi(match[3])
	return err == nil && (match[2] != "1" || minor >= least)
}
