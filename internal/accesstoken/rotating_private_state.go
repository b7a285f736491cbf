// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// privateRotation is the key of what the slot remembers.
const privateRotation = "rotation"

// rotation is what the slot remembers in its private state. Instants are Unix seconds, 0 for none.
type rotation struct {
	keptOwner // of the current token

	// Refreshed is when a refresh, create or update last found that something had fallen due: the clock of the plan.
	Refreshed int64 `json:"refreshed"`
	// Issued is when the current token was created.
	Issued int64 `json:"issued,omitempty"`
	// OurExpiry is the expiry that came with the pair in the state, see ourExpiry.
	OurExpiry int64 `json:"our_expiry,omitempty"`
	// Paired is when the pair in the state was issued, see paired.
	Paired int64 `json:"paired,omitempty"`
	// Closed is set when a list that shows expiries shows that the refresh window has closed unused.
	Closed bool `json:"closed,omitempty"`
	// Gone is set when the list proved that the token is gone.
	Gone bool `json:"gone,omitempty"`
	// Spent is set when the pair may not be sent again: a renewal's outcome is unknown, or somebody else renewed.
	Spent bool `json:"spent,omitempty"`
	// Unreadable is set when what the slot had remembered could not be read.
	Unreadable bool `json:"unreadable,omitempty"`
	// Imported is set from an import until the token has been seen.
	Imported bool `json:"imported,omitempty"`
	// Moved is set until the first update after a move from commvault_access_token, which only records.
	Moved bool `json:"moved,omitempty"`
	// OtherType is set when a move recorded another type than the token has. Only older releases did that.
	OtherType bool `json:"other_type,omitempty"`
	// Foreign are the ids, separated by spaces, of previous tokens of another type than the slot's, whose type and api_endpoints
	// are none of its business.
	Foreign string `json:"foreign,omitempty"`

	// Replaced are the secrets of the current token that renewals replaced, while they may still be accepted.
	Replaced []replacedSecret `json:"replaced,omitempty"`
	// Previous is what is known about previous tokens. Those of older releases are missing.
	Previous []previousRecord `json:"previous,omitempty"`
}

// keptOwner is the user whose list a token is in.
type keptOwner struct {
	// Caller reports whether the token was made for whoever the credential belonged to.
	Caller bool `json:"caller,omitempty"`
	// Owner is the id that the create answered, or else the configured one; 0 if neither is known.
	Owner int64 `json:"owner,omitempty"`
	// Maker is the name of the user who made the token, "" if it could not be learned.
	Maker string `json:"maker,omitempty"`
}

// asOwner says in whose list the token is.
func (k keptOwner) asOwner() commandcenter.Owner {
	return commandcenter.Owner{ID: k.Owner, Caller: k.Caller || k.Owner == 0, Maker: k.Maker}
}

// replacedSecret recognizes an access token that is no longer in the state.
type replacedSecret struct {
	Fingerprint commandcenter.Fingerprint `json:"fingerprint"`
	// Expires is when the server stops accepting the secret at the latest, 0 if that is not known.
	Expires int64 `json:"expires,omitempty"`
}

// previousRecord is what the slot remembers about a previous token.
type previousRecord struct {
	keptOwner

	ID int64 `json:"id"`
	// Secrets are those that the token has had.
	Secrets []replacedSecret `json:"secrets,omitempty"`
	// AsIs is set when the slot leaves the scope of the token as it was when it came here.
	AsIs bool `json:"as_is,omitempty"`
	// Unscoped is set when a change of the slot's scope did not reach the token.
	Unscoped bool `json:"unscoped,omitempty"`
	// Pending is when a DELETE was answered 202.
	Pending int64 `json:"pending,omitempty"`
	// Gone is set when a list proved since that the token is gone.
	Gone bool `json:"gone,omitempty"`
}

// recallRotation reads what the slot remembers. It fails closed: what is missing, unreadable, or written by a later release
// makes the pair one that must not be sent.
func recallRotation(ctx context.Context, private privateReader) rotation {
	var kept rotation
	version := currentVersion
	data, diags := private.GetKey(ctx, privateRotation)
	readable := !diags.HasError() && len(data) > 0 && recall(ctx, private, privateVersion, &version) &&
		version <= currentVersion && recall(ctx, private, privateRotation, &kept)
	if !readable {
		return rotation{Unreadable: true}
	}
	return kept
}

// equal reports whether two memories are the same.
func (r rotation) equal(o rotation) bool { return reflect.DeepEqual(r, o) }

// noExpiryOfOurs was written by older releases for a token that was moved here without an expiry of its pair.
const noExpiryOfOurs = 1

// ourExpiry is the expiry that came with the pair in the state. False means that it is not known.
func (r rotation) ourExpiry() (time.Time, bool) {
	if r.OurExpiry <= noExpiryOfOurs {
		return time.Time{}, false
	}
	return time.Unix(r.OurExpiry, 0).UTC(), true
}

// paired is when the pair in the state was issued. Older releases did not record it: the version of the secret, which was made
// of it, is never earlier.
func (r rotation) paired(version types.Int64) (time.Time, bool) {
	second := r.Paired
	if second == 0 {
		second = version.ValueInt64()
	}
	return time.Unix(second, 0).UTC(), second != 0
}

// renewedSince reports whether a listed expiry proves that somebody else has renewed the token.
func (r rotation) renewedSince(listed time.Time) bool {
	ours, known := r.ourExpiry()
	return known && commandcenter.RenewedSince(ours, listed)
}

// isForeign reports whether the token is of another type than the slot's.
func (r rotation) isForeign(id types.String) bool {
	return slices.Contains(strings.Fields(r.Foreign), id.ValueString())
}

func (r rotation) issued() time.Time    { return time.Unix(r.Issued, 0).UTC() }
func (r rotation) refreshed() time.Time { return time.Unix(r.Refreshed, 0).UTC() }

// owner says in whose list the current token is.
func (m *rotatingModel) owner(kept rotation) commandcenter.Owner {
	owner := commandcenter.Owner{ID: kept.Owner, Caller: kept.Caller || m.UserID.IsNull(), Maker: kept.Maker}
	if owner.ID == 0 {
		owner.ID = m.UserID.ValueInt64()
	}
	return owner
}

// previousOwner says in whose list a previous token is: the current token's owner, unless another one is recorded.
func (m *rotatingModel) previousOwner(kept rotation, id int64) commandcenter.Owner {
	owner := m.owner(kept)
	if record := kept.record(id); record != nil {
		owner = record.asOwner()
	}
	return owner
}

// record is what is remembered about a previous token, nil for nothing.
func (r rotation) record(id int64) *previousRecord {
	for i := range r.Previous {
		if r.Previous[i].ID == id {
			return &r.Previous[i]
		}
	}
	return nil
}

// withRecord returns the memory with a record changed, or added, without touching that of r.
func (r rotation) withRecord(id int64, change func(*previousRecord)) rotation {
	r.Previous = slices.Clone(r.Previous)
	record := r.record(id)
	if record == nil {
		r.Previous = append(r.Previous, previousRecord{ID: id, keptOwner: r.keptOwner})
		record = &r.Previous[len(r.Previous)-1]
	}
	change(record)
	return r
}

// onlyRecordsOf drops the records of tokens that are not among the previous ones any more.
func (r rotation) onlyRecordsOf(previous []previousToken) rotation {
	r.Previous = slices.DeleteFunc(slices.Clone(r.Previous), func(record previousRecord) bool {
		return !slices.ContainsFunc(previous, func(p previousToken) bool { return p.tokenID() == record.ID })
	})
	if len(r.Previous) == 0 {
		r.Previous = nil
	}
	return r
}

// isPending reports whether the revocation of a previous token was asked for, and is not asked for again yet.
func (r rotation) isPending(id int64, now time.Time) bool {
	record := r.record(id)
	return record != nil && !record.Gone && isPending(record.Pending, now)
}

// replaced is the secrets that a token has had, with one that is replaced at now. Those that no server accepts any more are
// dropped.
func (b *Backend) replaced(before []replacedSecret, secret types.String, expires, now time.Time) []replacedSecret {
	list := slices.DeleteFunc(slices.Clone(before), func(s replacedSecret) bool { return s.Expires != 0 && s.Expires < now.Unix() })
	if secret.IsNull() {
		return list
	}
	fingerprint, err := commandcenter.NewFingerprint(commandcenter.Secret(secret.ValueString()), b.Random)
	if err != nil {
		return list // without randomness, no token could be named either
	}
	return append(list, replacedSecret{fingerprint, unixOrZero(expires)})
}

// isCredential reports whether the provider authenticates with one of the secrets.
func (b *Backend) isCredential(secrets []replacedSecret) bool {
	return b.Client != nil && slices.ContainsFunc(secrets, func(s replacedSecret) bool { return b.Client.HasCredential(s.Fingerprint) })
}

// isPreviousCredential reports whether the provider authenticates with a previous token.
func (b *Backend) isPreviousCredential(kept rotation, id int64) bool {
	record := kept.record(id)
	return record != nil && b.isCredential(record.Secrets)
}
