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

// privateRotation is the private state key of rotation.
const privateRotation = "rotation"

// rotation is the private state of a slot. Times are Unix seconds, 0 if unknown.
type rotation struct {
	storedOwner // the owner of the current token

	// Refreshed is the time at which a refresh, create or update last found due work. Plans use it as their clock.
	Refreshed int64 `json:"refreshed"`
	// Issued is the time at which the current token was created.
	Issued int64 `json:"issued,omitempty"`
	// OurExpiry is the expiry that came with the pair in the state, see ourExpiry.
	OurExpiry int64 `json:"our_expiry,omitempty"`
	// Paired is the time at which the pair in the state was issued, see paired.
	Paired int64 `json:"paired,omitempty"`
	// Closed is set if a list with expiries shows that the refresh window has closed without a renewal.
	WindowClosed bool `json:"closed,omitempty"`
	// Gone is set if a list proved that the token is gone.
	Gone bool `json:"gone,omitempty"`
	// Spent is set if the pair must not be sent again, because the outcome of a renewal is unknown or somebody else has renewed the
	// token.
	Spent bool `json:"spent,omitempty"`
	// Unreadable is set if the recorded private state could not be decoded.
	Unreadable bool `json:"unreadable,omitempty"`
	// Imported is set from an import until a list shows the token.
	Imported bool `json:"imported,omitempty"`
	// Moved is set from a move from commvault_access_token until the first update, which only records the arguments.
	Moved bool `json:"moved,omitempty"`
	// OtherType is set if a move recorded a type that differs from the token's. Only older releases did that.
	OtherType bool `json:"other_type,omitempty"`
	// Foreign contains the ids, separated by spaces, of previous tokens whose type differs from the slot's. The slot does not change
	// their type and api_endpoints.
	Foreign string `json:"foreign,omitempty"`

	// Replaced are the secrets of the current token that renewals have replaced and that the server may still accept.
	Replaced []replacedSecret `json:"replaced,omitempty"`
	// Previous are the records of the previous tokens. Tokens of older releases have no record.
	Previous []previousRecord `json:"previous,omitempty"`
}

// keptOwner identifies the user whose list contains a token.
type storedOwner struct {
	// Caller reports whether the token was created for the owner of the credential.
	Caller bool `json:"caller,omitempty"`
	// Owner is the id from the response to the create, or else the configured one. It is 0 if neither is known.
	Owner int64 `json:"owner,omitempty"`
	// Maker is the name of the user who created the token, or "" if it is unknown.
	Maker string `json:"maker,omitempty"`
}

// asOwner returns k in the form of the client.
func (k storedOwner) asOwner() commandcenter.Owner {
	return commandcenter.Owner{ID: k.Owner, Caller: k.Caller || k.Owner == 0, Maker: k.Maker}
}

// replacedSecret is the fingerprint of an access token that is no longer in the state.
type replacedSecret struct {
	Fingerprint commandcenter.Fingerprint `json:"fingerprint"`
	// Expires is the latest time at which the server accepts the secret, 0 if unknown.
	Expires int64 `json:"expires,omitempty"`
}

// previousRecord is what the slot records about a previous token.
type previousRecord struct {
	storedOwner

	ID int64 `json:"id"`
	// Secrets are the fingerprints of the token's secrets.
	Secrets []replacedSecret `json:"secrets,omitempty"`
	// AsIs is set if the slot does not change the scope of the token.
	AsIs bool `json:"as_is,omitempty"`
	// Unscoped is set if a change of the slot's scope did not reach the token.
	Unscoped bool `json:"unscoped,omitempty"`
	// Pending is the time at which a DELETE was answered 202.
	Pending int64 `json:"pending,omitempty"`
	// Gone is set if a later list proved that the token is gone.
	Gone bool `json:"gone,omitempty"`
}

// recallRotation reads the private state of the slot. It fails closed: if the data is missing, cannot be decoded or was written by a
// later release, the pair must not be sent.
func recallRotation(ctx context.Context, private privateReader) rotation {
	var stored rotation
	version := currentVersion
	data, diags := private.GetKey(ctx, privateRotation)
	readable := !diags.HasError() && len(data) > 0 && recall(ctx, private, privateVersion, &version) &&
		version <= currentVersion && recall(ctx, private, privateRotation, &stored)
	if !readable {
		return rotation{Unreadable: true}
	}
	return stored
}

// equal reports whether r and o are equal.
func (r rotation) equal(o rotation) bool { return reflect.DeepEqual(r, o) }

// noExpiryOfOurs was written by older releases for a token that was moved without the expiry of its pair.
const noExpiryOfOurs = 1

// ourExpiry returns the expiry that came with the pair in the state. It returns false if that expiry is unknown.
func (r rotation) ourExpiry() (time.Time, bool) {
	if r.OurExpiry <= noExpiryOfOurs {
		return time.Time{}, false
	}
	return time.Unix(r.OurExpiry, 0).UTC(), true
}

// paired returns the time at which the pair in the state was issued. Older releases did not record it. In that case it returns
// secret_version, which was derived from that time and is never earlier.
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

// isForeign reports whether the token's type differs from the slot's.
func (r rotation) isForeign(id types.String) bool {
	return slices.Contains(strings.Fields(r.Foreign), id.ValueString())
}

func (r rotation) issued() time.Time    { return time.Unix(r.Issued, 0).UTC() }
func (r rotation) refreshed() time.Time { return time.Unix(r.Refreshed, 0).UTC() }

// owner returns the owner whose list contains the current token.
func (m *rotatingModel) owner(stored rotation) commandcenter.Owner {
	owner := commandcenter.Owner{ID: stored.Owner, Caller: stored.Caller || m.UserID.IsNull(), Maker: stored.Maker}
	if owner.ID == 0 {
		owner.ID = m.UserID.ValueInt64()
	}
	return owner
}

// previousOwner returns the owner whose list contains a previous token. It is the current token's owner unless another one is recorded.
func (m *rotatingModel) previousOwner(stored rotation, id int64) commandcenter.Owner {
	owner := m.owner(stored)
	if record := stored.record(id); record != nil {
		owner = record.asOwner()
	}
	return owner
}

// record returns the record of a previous token, or nil if there is none.
func (r rotation) record(id int64) *previousRecord {
	for i := range r.Previous {
		if r.Previous[i].ID == id {
			return &r.Previous[i]
		}
	}
	return nil
}

// withRecord returns a copy of r with a changed or added record.
func (r rotation) withRecord(id int64, change func(*previousRecord)) rotation {
	r.Previous = slices.Clone(r.Previous)
	record := r.record(id)
	if record == nil {
		r.Previous = append(r.Previous, previousRecord{ID: id, storedOwner: r.storedOwner})
		record = &r.Previous[len(r.Previous)-1]
	}
	change(record)
	return r
}

// onlyRecordsOf returns r without the records of tokens that are not in previous.
func (r rotation) onlyRecordsOf(previous []previousToken) rotation {
	r.Previous = slices.DeleteFunc(slices.Clone(r.Previous), func(record previousRecord) bool {
		return !slices.ContainsFunc(previous, func(p previousToken) bool { return p.tokenID() == record.ID })
	})
	if len(r.Previous) == 0 {
		r.Previous = nil
	}
	return r
}

// isPending reports whether the revocation of a previous token was requested and should not be requested again yet.
func (r rotation) isPending(id int64, now time.Time) bool {
	record := r.record(id)
	return record != nil && !record.Gone && isPending(record.Pending, now)
}

// replaced returns the fingerprints of a token's replaced secrets, including secret, which is replaced at now. It drops secrets that
// have expired.
func (b *Backend) replaced(before []replacedSecret, secret types.String, expires, now time.Time) []replacedSecret {
	list := slices.DeleteFunc(slices.Clone(before), func(s replacedSecret) bool { return s.Expires != 0 && s.Expires < now.Unix() })
	if secret.IsNull() {
		return list
	}
	fingerprint, err := commandcenter.NewFingerprint(commandcenter.Secret(secret.ValueString()), b.Random)
	if err != nil {
		return list // without randomness no name can be generated either
	}
	return append(list, replacedSecret{fingerprint, unixOrZero(expires)})
}

// isCredential reports whether the provider authenticates with one of the secrets.
func (b *Backend) isCredential(secrets []replacedSecret) bool {
	return b.Client != nil && slices.ContainsFunc(secrets, func(s replacedSecret) bool { return b.Client.HasCredential(s.Fingerprint) })
}

// isPreviousCredential reports whether the provider authenticates with a previous token.
func (b *Backend) isPreviousCredential(stored rotation, id int64) bool {
	record := stored.record(id)
	return record != nil && b.isCredential(record.Secrets)
}
