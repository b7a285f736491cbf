// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"encoding/json"
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Move moves an instance of another type to this one, as a moved block does.
func (i *Instance) Move(ctx context.Context, p *Process, from *Instance) Diagnostics {
	i.T.Helper()
	source := p.schema.ResourceSchemas[from.Type]
	encoded, err := json.Marshal(jsonOf(i.T, *from.State))
	if err != nil {
		i.T.Fatal(err)
	}
	moved := must(p.server.MoveResourceState(ctx, &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: "registry.terraform.io/commvault-tokens/commvault", SourceTypeName: from.Type,
		SourceSchemaVersion: source.Version, SourceState: &tfprotov6.RawState{JSON: encoded}, SourcePrivate: from.Private,
		TargetTypeName: i.Type,
	}))(i.T)
	diagnostics := Diagnostics(moved.Diagnostics)
	if !diagnostics.Failed() {
		state := p.decode(p.schema.ResourceSchemas[i.Type].Block, moved.TargetState)
		i.State, i.Private, i.Identity = &state, moved.TargetPrivate, moved.TargetIdentity
	}
	return diagnostics
}

// jsonOf returns a value as it is encoded in a state file.
func jsonOf(t testing.TB, value tftypes.Value) any {
	t.Helper()
	if value.IsNull() {
		return nil
	}
	switch typ := value.Type(); {
	case typ.Is(tftypes.Object{}), typ.Is(tftypes.Map{}):
		object := map[string]any{}
		for name, member := range members(t, value) {
			object[name] = jsonOf(t, member)
		}
		return object
	case typ.Is(tftypes.Set{}), typ.Is(tftypes.List{}):
		var elements []tftypes.Value
		_ = value.As(&elements)
		list := make([]any, 0, len(elements))
		for _, element := range elements {
			list = append(list, jsonOf(t, element))
		}
		return list
	case typ.Is(tftypes.Number):
		var number *big.Float
		_ = value.As(&number)
		return json.Number(number.Text('f', -1))
	case typ.Is(tftypes.Bool):
		var is bool
		_ = value.As(&is)
		return is
	default:
		var text string
		_ = value.As(&text)
		return text
	}
}
