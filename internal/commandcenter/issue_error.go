// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import "fmt"

// Outcome is the state of the server after a failed create.
type Outcome int

const (
	// NothingCreated means that no token was created.
	NothingCreated Outcome = iota + 1
	// Orphaned means that this create made the token and its secret is lost.
	Orphaned
	// NameTaken means that the name belongs to another token, which is not ours.
	NameTaken
	// Appeared means that a token with the name appeared during the create, although the answer indicates that the request was not
	// processed. It may belong to this run or to another one, so it is not touched.
	Appeared
	// Undetermined means that the token may have been created, and the list does not show whether it was.
	Undetermined
	// Contradicted means that the token was created and the answer contradicts the request: it belongs to another user, or has more
	// rights than requested. It was revoked, unless RevokeErr is set.
	Contradicted
)

// IssueError is a create that failed.
type IssueError struct {
	Outcome Outcome
	// Name is the requested name.
	Name string
	// Token is the created token (Orphaned, Contradicted), or the token that has the name (NameTaken, Appeared).
	Token Token
	// Sibling reports whether another create of this process made Token, or is creating a token of that name (NameTaken).
	Sibling bool
	// Field is the field of the answer that contradicts the request (Contradicted).
	Field string
	// Err is the failure of the create itself.
	Err error
	// ListErr is the reason why no list shows the token (Undetermined), or why nothing was sent (NothingCreated).
	ListErr error
	// RevokeErr is the reason why the token was not revoked (Contradicted).
	RevokeErr error
}

// Error returns a description without secrets.
func (e *IssueError) Error() string {
	switch e.Outcome {
	case Orphaned:
		return fmt.Sprintf("the access token %q was created with the id %d, but its secret is lost: %s", e.Name, e.Token.ID, e.Err)
	case NameTaken:
		return fmt.Sprintf("an access token named %q already exists, with the id %d: %s", e.Token.Name, e.Token.ID, e.Err)
	case Appeared:
		return fmt.Sprintf("an access token named %q appeared during the creation, with the id %d: %s", e.Name, e.Token.ID, e.Err)
	case Undetermined:
		return fmt.Sprintf("it is unknown whether the access token %q was created: %s; and no list shows it: %s",
			e.Name, e.Err, e.ListErr)
	case Contradicted:
		return fmt.Sprintf("the access token %q was created with the id %d, but the answer contradicts the request in %s",
			e.Name, e.Token.ID, e.Field)
	case NothingCreated:
	}
	if e.ListErr != nil {
		return fmt.Sprintf("the access token %q was not created, and nothing was sent, because the list of tokens before the "+
			"creation failed: %s",
			e.Name, e.ListErr)
	}
	return fmt.Sprintf("the access token %q was not created: %s", e.Name, e.Err)
}

// Unwrap returns the causes.
func (e *IssueError) Unwrap() []error {
	var causes []error
	for _, err := range []error{e.Err, e.ListErr, e.RevokeErr} {
		if err != nil {
			causes = append(causes, err)
		}
	}
	return causes
}

// InState reports whether the token must be saved as tainted, because it exists and this run made it.
func (e *IssueError) InState() bool {
	return e.IsOrphan() || e.Outcome == Contradicted && e.RevokeErr != nil
}

// IsOrphan reports whether the token was created and its secret is lost.
func (e *IssueError) IsOrphan() bool { return e.Outcome == Orphaned }

// SaysNameTaken reports whether nothing was created because the server reports the name as taken, even if no list shows the token
// that has it.
func (e *IssueError) SaysNameTaken() bool {
	return (e.Outcome == NameTaken || e.Outcome == NothingCreated) && saysNameTaken(e.Err)
}
