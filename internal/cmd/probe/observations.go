// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import "time"

// observations holds the replies that the questions are judged by. Replies to calls that were not made are zero.
type observations struct {
	// The server and the account.
	http2              reply
	login, otherLogin  reply
	whoAmI, users      reply
	userID             int64
	first, own, others listed
	limits             map[string]string
	offset             time.Duration
	dated, undated     bool
	// Tokens, and the answers to their creates.
	wanted                time.Time // requested end of all and custom
	all, custom, oneTouch *token
	allMade, customMade   reply
	oneTouchMade          reply
	allMadeAt             time.Time // server's time
	oneTouchMadeAt        time.Time
	taken, takenAndBad    reply
	// Lists while these tokens live.
	list, emptiedList listed
	retypedList       listed
	// Updates.
	beforeUpdate     token // all, with its pair before the update
	updated          reply
	upper, blanks    reply
	emptied, retyped reply
	beyond           reply
	beyondWanted     time.Time
	// Credentials.
	forms       map[string]reply
	customCalls reply
	byToken     reply
	byTokenMade *token
	// A token that expires.
	bothEnds              reply
	scim                  *token
	scimMade              reply
	scimLive, scimExpired listed
	// Renewals.
	renewals  []renewal
	oldAccess reply
	reused    reply
	// Removal.
	removed, removedAgain reply
}
