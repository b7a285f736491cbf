// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// issuance is a token that was asked for, and what came of it.
type issuance struct {
	// spec is the last one that was sent, or would have been.
	spec commandcenter.Spec
	// token is the one that was made. After a failure it is set only where the state has to hold it, see inState.
	token commandcenter.Token
	// at is the server's time after the answer.
	at  time.Time
	err error
}

// inState reports whether the token has to be saved although the create failed: it exists, and this run made it.
func (i issuance) inState() bool {
	var failure *commandcenter.IssueError
	return errors.As(i.err, &failure) && failure.InState()
}

// orphaned returns why the token was made and its secret is lost, nil if that is not what happened.
func (i issuance) orphaned() error {
	var failure *commandcenter.IssueError
	if errors.As(i.err, &failure) && failure.IsOrphan() {
		return failure.Err
	}
	return nil
}

// owner returns the id of the user who owns the new token, 0 if neither the configuration nor the answer has it.
func (i issuance) owner() int64 {
	if i.token.UserID != 0 {
		return i.token.UserID
	}
	return i.spec.UserID
}

// issue creates a token of a fixed name.
func (b *Backend) issue(ctx context.Context, client *commandcenter.Client, spec commandcenter.Spec) issuance {
	i := issuance{spec: spec}
	i.token, i.err = client.Issue(ctx, spec)
	var failure *commandcenter.IssueError
	if errors.As(i.err, &failure) && failure.InState() {
		i.token = failure.Token
	}
	i.at = b.now()
	return i
}

// issueGenerated creates a token of a name that is made of the prefix. Where that name is taken, another one is drawn, once.
// specFor makes the specification of the token for a name and the server's time.
func (b *Backend) issueGenerated(
	ctx context.Context, client *commandcenter.Client, prefix string, owner int64,
	specFor func(name string, now time.Time) commandcenter.Spec,
) issuance {
	// The create takes this list anyway. Its answer shows the server's time, which name and ends are made of.
	_, _ = client.Tokens(ctx, owner)
	for again := false; ; again = true {
		now := b.now()
		name, err := uniqueName(prefix, now, b.Random)
		if err != nil {
			return issuance{spec: specFor(prefix, now), at: now, err: fmt.Errorf("no name could be made of name_prefix: %w", err)}
		}
		spec := specFor(name, now)
		spec.Generated = true
		i := b.issue(ctx, client, spec)
		if again || !nameTaken(i.err) {
			return i
		}
	}
}

// nameTaken reports whether the server refused a create because of its name.
func nameTaken(err error) bool {
	var failure *commandcenter.IssueError
	return errors.As(err, &failure) && failure.SaysNameTaken()
}

// uniqueName is the prefix, the UTC second and eight random hexadecimal digits: ci-20261123T142642Z-9f3ac07b. With four,
// hundreds of tokens in one apply would collide.
func uniqueName(prefix string, now time.Time, random io.Reader) (string, error) {
	digits := make([]byte, 4)
	if _, err := io.ReadFull(random, digits); err != nil {
		return "", err
	}
	return prefix + now.UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(digits), nil
}
