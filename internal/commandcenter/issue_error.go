// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import "fmt"

// Outcome says what a failed create has left behind.
type Outcome int

const (
	// NothingCreated means that no token was made.
	NothingCreated Outcome = iota + 1
	// Orphaned means that the token was made and its secret is lost. It is ours.
	Orphaned
	// NameTaken means that another token has the name. It is not ours.
	NameTaken
	// Appeared means that a token of the name appeared during the create, although the answer said that the request was
	// not taken. It may be this run's or another one's, so it is left alone.
	Appeared
	// Undetermined means that the token may have been made, and that the list could not tell.
	Undetermined
	// Contradicted means that the token was made, and that the answer contradicts the request: it belongs to somebody else,
	// or may do more than it should. It was revoked, unless RevokeErr says otherwise.
	Contradicted
)

// IssueError is a create that failed.
type IssueError struct {
	Outcome Outcome
	// Name that was asked for.
	Name string
	// Token is the one made (Orphaned, Contradicted), or the one that has the name (NameTaken, Appeared).
	Token Token
	// Sibling reports whether another create of this process has made Token, or is making one of that name (NameTaken).
	Sibling bool
	// Field of the answer that contradicts the request (Contradicted).
	Field string
	// Err is what the create itself met.
	Err error
	// ListErr is why no list shows it (Undetermined), or why nothing was sent (NothingCreated).
	ListErr error
	// RevokeErr is why the token was not revoked (Contradicted).
	RevokeErr error
}

// Error says what happened, without a secret.
func (e *IssueError) Error() string {
	switch e.Outcome {
	case Orphaned:
		return fmt.Sprintf("the access token %q was created with the id %d, but its secret is lost: %s", e.Name, e.Token.ID, e.Err)
	case NameTaken:
		return fmt.Sprintf("an access token named %q exists already, with the id %d: %s", e.Token.Name, e.Token.ID, e.Err)
	case Appeared:
		return fmt.Sprintf("an access token named %q appeared during the create, with the id %d: %s", e.Name, e.Token.ID, e.Err)
	case Undetermined:
		return fmt.Sprintf("it is unknown whether the access token %q was created: %s; and no list shows it: %s",
			e.Name, e.Err, e.ListErr)
	case Contradicted:
		return fmt.Sprintf("the access token %q was created with the id %d, and the answer contradicts the request in %s",
			e.Name, e.Token.ID, e.Field)
	case NothingCreated:
	}
	if e.ListErr != nil {
		return fmt.Sprintf("the access token %q was not created: the create was not sent, because the list of tokens that is taken before failed: %s",
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

// InState reports whether the token has to be saved, as tainted: it exists, and this run made it.
func (e *IssueError) InState() bool {
	return e.IsOrphan() || e.Outcome == Contradicted && e.RevokeErr != nil
}

// IsOrphan reports whether the token was made, and its secret is lost.
func (e *IssueError) IsOrphan() bool { return e.Outcome == Orphaned }

// SaysNameTaken reports whether nothing was created because the server says that the name is taken, also where no list
// shows by whom.
func (e *IssueError) SaysNameTaken() bool {
	return (e.Outcome == NameTaken || e.Outcome == NothingCreated) && saysNameTaken(e.Err)
}
