// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// UpgradeCurrent returns the state of a commvault_access_token as it is stored, if it has today's schema. Terraform decodes it. For
// anything else it returns nil: another version, attributes that are missing or unknown, or a value of another kind, as in a state that
// somebody edited. The framework would decode and encode the state with the same result. TestUpgradeCurrentIsTheFrameworks compares the
// two.
func UpgradeCurrent(req *tfprotov6.UpgradeResourceStateRequest) *tfprotov6.UpgradeResourceStateResponse {
	if req.TypeName != tokenTypeName || req.Version != 0 || req.RawState == nil || !conforms(req.RawState.JSON, tokenCodec().object) {
		return nil
	}
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &tfprotov6.DynamicValue{JSON: req.RawState.JSON}}
}

// conforms reports whether a JSON object has exactly the attributes of a type, each null or of its kind. It knows sets and maps of text,
// and no other collections.
func conforms(data []byte, object tftypes.Object) bool {
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) != nil || len(members) != len(object.AttributeTypes) {
		return false
	}
	for name, typ := range object.AttributeTypes {
		raw := members[name]
		if len(raw) == 0 || string(raw) != "null" && !isOfKind(raw, typ) {
			return false
		}
	}
	return true
}

func isOfKind(raw json.RawMessage, typ tftypes.Type) bool {
	var into any
	switch {
	case typ.Is(tftypes.String):
		return raw[0] == '"'
	case typ.Is(tftypes.Number):
		return raw[0] == '-' || '0' <= raw[0] && raw[0] <= '9'
	case typ.Is(tftypes.Bool):
		return raw[0] == 't' || raw[0] == 'f'
	case typ.Is(tftypes.Set{ElementType: tftypes.String}):
		into = &[]string{}
	case typ.Is(tftypes.Map{ElementType: tftypes.String}):
		into = &map[string]string{}
	default:
		return false
	}
	return json.Unmarshal(raw, into) == nil
}
