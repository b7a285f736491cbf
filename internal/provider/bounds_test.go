// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// configurable is one block of the provider: its schema and the call that validates its configuration.
type configurable struct {
	name     string
	block    *tfprotov6.SchemaBlock
	validate func(ctx context.Context, config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error)
}

// configurables returns all blocks of all kinds.
func configurables(t *testing.T) []configurable {
	t.Helper()
	server := providerserver.NewProtocol6(New("test")())()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	all := []configurable{{"provider", schemas.Provider.Block, func(ctx context.Context, config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
		resp, err := server.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: config})
		return resp.Diagnostics, err
	}}}
	add := func(kind, name string, s *tfprotov6.Schema, validate func(context.Context, *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error)) {
		all = append(all, configurable{kind + " " + name, s.Block, validate})
	}
	for name, s := range schemas.ResourceSchemas {
		add("resource", name, s, func(ctx context.Context, config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
			resp, err := server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: name, Config: config})
			return resp.Diagnostics, err
		})
	}
	for name, s := range schemas.DataSourceSchemas {
		add("data", name, s, func(ctx context.Context, config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
			resp, err := server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: config})
			return resp.Diagnostics, err
		})
	}
	for name, s := range schemas.EphemeralResourceSchemas {
		add("ephemeral", name, s, func(ctx context.Context, config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
			resp, err := server.ValidateEphemeralResourceConfig(ctx, &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: name, Config: config})
			return resp.Diagnostics, err
		})
	}
	lists, _ := server.(tfprotov6.ListResourceServer)
	for name, s := range schemas.ListResourceSchemas {
		add("list", name, s, func(ctx context.Context, config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
			resp, err := lists.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: name, Config: config})
			return resp.Diagnostics, err
		})
	}
	actions, _ := server.(tfprotov6.ActionServer)
	for name, s := range schemas.ActionSchemas {
		add("action", name, s.Schema, func(ctx context.Context, config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
			resp, err := actions.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: name, Config: config})
			return resp.Diagnostics, err
		})
	}
	return all
}

// refusal validates a configuration with one argument. It returns the error on the argument's path, or "" if the value is accepted.
func (c configurable) refusal(t *testing.T, attribute string, given any) string {
	t.Helper()
	values := map[string]tftypes.Value{}
	for _, a := range c.block.Attributes {
		values[a.Name] = tftypes.NewValue(a.ValueType(), nil)
		if a.Name == attribute {
			values[a.Name] = tftypes.NewValue(a.ValueType(), given)
		}
	}
	config, err := tfprotov6.NewDynamicValue(c.block.ValueType(), tftypes.NewValue(c.block.ValueType(), values))
	if err != nil {
		t.Fatal(err)
	}
	diagnostics, err := c.validate(t.Context(), &config)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError && d.Attribute.Equal(tftypes.NewAttributePath().WithAttributeName(attribute)) {
			said = append(said, d.Detail)
		}
	}
	return strings.Join(said, "\n")
}

var (
	wholeNumbers = regexp.MustCompile(`the value must be a whole number from (-?\d+) to (\d+)`)
	durations    = regexp.MustCompile(`the value must be a duration from (\S+) to (\S+),`)
)

// TestEveryNumberHasBothBounds covers all schemas. Validate refuses a number or a duration beyond either bound with a message that
// contains the accepted range, and accepts both bounds.
func TestEveryNumberHasBothBounds(t *testing.T) {
	numbers, periods := 0, 0
	for _, c := range configurables(t) {
		for _, a := range c.block.Attributes {
			if !a.Optional && !a.Required {
				continue
			}
			name := c.name + ": " + a.Name
			switch {
			case a.ValueType().Is(tftypes.Number):
				numbers++
				c.checkNumber(t, name, a.Name)
			case a.ValueType().Is(tftypes.String):
				if strings.Contains(c.refusal(t, a.Name, "90"), "duration") {
					periods++
					c.checkDuration(t, name, a.Name)
				}
			case strings.Contains(a.ValueType().String(), "Number"):
				t.Errorf("%s has numbers within %s: look at them, too", name, a.ValueType())
			}
		}
	}
	if numbers < 10 || periods != 2 {
		t.Errorf("%d numbers and %d durations were found", numbers, periods)
	}
}

func (c configurable) checkNumber(t *testing.T, name, attribute string) {
	t.Helper()
	var bounds [2]int64
	for _, given := range []int64{math.MinInt64, math.MaxInt64} {
		said := c.refusal(t, attribute, big.NewFloat(float64(given)/2))
		match := wholeNumbers.FindStringSubmatch(said)
		if match == nil {
			t.Errorf("%s: %d is not refused with what is accepted: %q", name, given, said)
			return
		}
		if _, err := fmt.Sscan(match[1]+" "+match[2], &bounds[0], &bounds[1]); err != nil {
			t.Fatal(err)
		}
	}
	for given, accepted := range map[int64]bool{bounds[0] - 1: false, bounds[0]: true, bounds[1]: true, bounds[1] + 1: false} {
		said := c.refusal(t, attribute, big.NewFloat(float64(given)))
		if refused := wholeNumbers.MatchString(said); refused == accepted {
			t.Errorf("%s: %d is refused %t, and the bounds are %v", name, given, refused, bounds)
		}
	}
}

func (c configurable) checkDuration(t *testing.T, name, attribute string) {
	t.Helper()
	match := durations.FindStringSubmatch(c.refusal(t, attribute, "90"))
	if match == nil {
		t.Errorf("%s: no bounds are told", name)
		return
	}
	for i, beyond := range []time.Duration{-1, 1} {
		bound, err := time.ParseDuration(match[i+1])
		if err != nil {
			t.Fatal(err)
		}
		if said := c.refusal(t, attribute, bound.String()); said != "" {
			t.Errorf("%s: the bound %s is refused: %s", name, bound, said)
		}
		if said := c.refusal(t, attribute, (bound + beyond).String()); !durations.MatchString(said) {
			t.Errorf("%s: %s beyond the bound %s is accepted", name, beyond, bound)
		}
	}
}
