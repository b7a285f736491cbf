// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

// question is a line of the output. Its judge derives the answer from the observations, without a call.
type question struct {
	// name is also in the table of open questions. API.md#open-questions.
	name  string
	asks  string
	judge func(*observations) finding
}

// questions are in the order of the output.
var questions = []question{
	// The server and the account: server.go.
	{"token-calls", "Are there calls for access tokens?", tokenCalls},
	{"login-form", "Does a login need the fields that the vendor's SDK sends?", loginForm},
	{"clock", "How far is the server's clock from this machine's?", serverClock},
	{"date", "Does every answer have a Date?", dates},
	{"numbers", "How are numbers written?", numbers},
	{"http-versions", "Which HTTP version does the server choose?", httpVersions},
	{"rate-limit", "Which headers report a rate limit?", rateLimit},
	{"users", "Is the list of users split into pages, and does it contain the caller?", usersList},
	// Lists: lists.go.
	{"list-call", "Is there a list of tokens?", listCall},
	{"list-array", "What is the name of its array?", listArray},
	{"list-beside", "Are there other arrays beside it?", listBeside},
	{"list-fields", "Which fields do its items have?", listFields},
	{"list-types", "Is a type a name or a number?", listTypes},
	{"list-ends", "Are its ends the same as in other answers?", listEnds},
	{"list-empty", "How is an empty list written?", listEmpty},
	{"list-none", "Is a list without tokens answered with 404?", listNone},
	{"list-marks", "Does it report a total, or that there are more tokens?", listMarks},
	{"list-cut", "Is it truncated?", listCut},
	{"list-expired", "Are expired tokens listed?", listExpired},
	{"list-owner", "Whose tokens are listed without userId?", listOwner},
	{"list-others", "May this account list the tokens of another user?", listOthers},
	{"list-forever", "How is an infinite end written?", listForever},
	// What create, update and delete answer: answers.go.
	{"expiry", "Do answers contain the expiry of a token?", expiryTold},
	{"lifetimes", "How long are tokens valid?", lifetimes},
	{"ends", "Is an end stored as it was sent?", ends},
	{"ends-most", "What happens to an end beyond the limit?", endsMost},
	{"ends-wrong", "What happens to an end that the type does not support?", endsWrong},
	{"ignored-type", "Is tokenType honoured?", ignoredType},
	{"ignored-ips", "Are allowedIPs honoured?", ignoredIPs},
	{"empty-ips", "Does an empty list remove all allowedIPs?", emptyIPs},
	{"type-change", "Can a type change in place?", typeChange},
	{"update-secrets", "Does an update repeat the secrets?", updateSecrets},
	{"update-fields", "Does an update repeat the other fields?", updateFields},
	{"names-case", "Do names differ by letter case?", namesCase},
	{"names-blanks", "Do names differ by surrounding blanks?", namesBlanks},
	{"name-taken", "Which error code does a taken name cause?", nameTaken},
	{"refusals", "Where in an answer is a refusal?", refusals},
	{"errors-first", "Which of two errors is reported?", errorsFirst},
	{"missing-id", "How is an unknown id answered?", missingID},
	{"revoke", "Does a revocation wait for approval?", revocation},
	// Credentials: credentials.go.
	{"token-headers", "In which headers does an access token authenticate?", tokenHeaders},
	{"tokens-manage", "Can an access token manage access tokens?", tokensManage},
	{"custom-calls", "Can a CUSTOM token ask who it is?", customCalls},
	// Renewals: renewals.go.
	{"renew-credential", "Which credentials does a renewal accept?", renewCredential},
	{"renew-refusal", "How is a wrong credential refused?", renewRefusal},
	{"renew-access", "Does a renewal change the access token?", renewAccess},
	{"renew-old-access", "Does the old access token work after a renewal?", renewOldAccess},
	{"renew-old-pair", "What happens if a pair is sent twice? (-destructive)", renewOldPair},
	{"renew-json", "Is the answer to a renewal JSON?", renewJSON},
}

// Whether the provider is ready for an answer.
const (
	ready   = "ready"
	partly  = "partly ready"
	unready = "not ready"
	news    = "not known yet"
)

// finding is an answer.
type finding struct {
	known  bool
	answer string // or the reason why it is not known
	ready  string
	// dialect lists the simulator's names for this answer, none for the default.
	dialect []string
}

func known(answer string, dialect ...string) finding {
	return finding{known: true, answer: answer, ready: ready, dialect: dialect}
}

// unanswered returns a finding without an answer.
func unanswered(why string) finding { return finding{answer: why} }

func (f finding) but(ready string) finding {
	f.ready = ready
	return f
}

// either returns one of two findings.
func either(yes bool, ifYes, ifNo finding) finding {
	if yes {
		return ifYes
	}
	return ifNo
}

// Common reasons for an unanswered question.
const (
	noAnswer  = "the call was not made, or got no usable answer"
	noTokens  = "no list with tokens was returned"
	notListed = "the list does not contain the field"
)
