// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"
	"reflect"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// codec converts between the objects of a resource and its model M. It does what Get and Set of the framework do, which compile a
// regular expression for each field and copy the schema several times in each call. DESIGN.md#shortcuts has the measured gain, and
// TestCodecIsTheFrameworks compares the two.
//
// A codec does not validate values. Terraform validates a configuration before each plan, also during an apply.
type codec[M any] struct {
	object tftypes.Object
	fields []codecField
}

// codecField is a field of a model. Its index leads through embedded structs.
type codecField struct {
	name  string
	index []int
	typ   attr.Type
}

// newCodec returns a codec, which is built at its first use.
func newCodec[M any](r resource.Resource) func() codec[M] {
	return sync.OnceValue(func() codec[M] {
		var resp resource.SchemaResponse
		r.Schema(context.Background(), resource.SchemaRequest{}, &resp)
		c := codec[M]{object: tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}}
		for _, field := range reflect.VisibleFields(reflect.TypeFor[M]()) {
			if name := field.Tag.Get("tfsdk"); name != "" {
				typ := resp.Schema.Attributes[name].GetType()
				c.fields = append(c.fields, codecField{name, field.Index, typ})
				c.object.AttributeTypes[name] = typ.TerraformType(context.Background())
			}
		}
		return c
	})
}

// decode fills the model from an object. It returns an error if the object is null.
func (c codec[M]) decode(ctx context.Context, object tftypes.Value, model *M) error {
	var values map[string]tftypes.Value
	if err := object.As(&values); err != nil {
		return err
	}
	if len(values) != len(c.fields) {
		return fmt.Errorf("%d attributes for %d fields", len(values), len(c.fields))
	}
	target := reflect.ValueOf(model).Elem()
	for _, field := range c.fields {
		value, err := field.typ.ValueFromTerraform(ctx, values[field.name])
		if err != nil {
			return err
		}
		target.FieldByIndex(field.index).Set(reflect.ValueOf(value))
	}
	return nil
}

// encode returns the object of a model.
func (c codec[M]) encode(ctx context.Context, model *M) (tftypes.Value, error) {
	source := reflect.ValueOf(model).Elem()
	values := make(map[string]tftypes.Value, len(c.fields))
	for _, field := range c.fields {
		value, ok := source.FieldByIndex(field.index).Interface().(attr.Value)
		if !ok || !value.Type(ctx).Equal(field.typ) {
			return tftypes.Value{}, fmt.Errorf("%s is not of its type", field.name)
		}
		var err error
		if values[field.name], err = value.ToTerraformValue(ctx); err != nil {
			return tftypes.Value{}, err
		}
	}
	return tftypes.NewValue(c.object, values), nil
}
