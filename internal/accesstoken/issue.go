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

// issuance is the result of a create.
type issuance struct {
	// spec is the last request that was sent. If none was sent, it is the intended one.
	spec commandcenter.Spec
	// token is the token that was created. After a failure it is set only if the state has to hold it, see inState.
	token commandcenter.Token
	// at is the server's time after the response.
	at  time.Time
	err error
}

// inState reports whether the token has to be saved although the create failed: it exists and this run created it.
func (i issuance) inState() bool {
	var failure *commandcenter.IssueError
	return errors.As(i.err, &failure) && failure.InState()
}

// orphaned returns the reason why the token exists without its secret, or nil if there is no such token.
func (i issuance) orphaned() error {
	var failure *commandcenter.IssueError
	if errors.As(i.err, &failure) && failure.IsOrphan() {
		return failure.Err
	}
	return nil
}

// owner returns the user id of the owner, or 0 if neither the configuration nor the response contains it.
func (i issuance) owner() int64 {
	if i.token.UserID != 0 {
		return i.token.UserID
	}
	return i.spec.UserID
}

// issue creates a token with a fixed name.
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

// issueGenerated creates a token with a name generated from the prefix. If the name is taken, it generates another one and tries once
// more. specFor returns the arguments of the create for a name and the server's time.
func (b *Backend) issueGenerated(
	ctx context.Context, client *commandcenter.Client, prefix string, owner int64,
	specFor func(name string, now time.Time) commandcenter.Spec,
) issuance {
	// The create needs this list in any case. Its response shows the server's time, from which the name and the ends are derived.
	_, _ = client.Tokens(ctx, owner)
	for again := false; ; again = true {
		now := b.now()
		name, err := uniqueName(prefix, now, b.Random)
		if err != nil {
			return issuance{spec: specFor(prefix, now), at: now, err: fmt.Errorf("name_prefix cannot be completed to a name: "+
				"%w", err)}
		}
		spec := specFor(name, now)
		spec.Generated = true
		i := b.issue(ctx, client, spec)
		if again || !nameTaken(i.err) {
			return i
		}
	}
}

// nameTaken reports whether the server refused a create because the name is taken.
func nameTaken(err error) bool {
	var failure *commandcenter.IssueError
	return errors.As(err, &failure) && failure.SaysNameTaken()
}

// uniqueName returns the prefix, the UTC second and eight random hexadecimal digits: ci-20261123T142642Z-9f3ac07b. With four digits,
// names would collide when one apply creates hundreds of tokens.
func uniqueName(prefix string, now time.Time, random io.Reader) (string, error) {
	digits := make([]byte, 4)
	if _, err := io.ReadFull(random, digits); err != nil {
		return "", err
	}
	return prefix + now.UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(digits), nil
}
