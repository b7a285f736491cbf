// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// savedState is one resource instance as commit 3819b98 saved it, with the tokens on its server at that time.
type savedState struct {
	Type       string
	Arguments  map[string]any
	Now        time.Time
	Tokens     []simulator.Token
	Attributes json.RawMessage
	Private    json.RawMessage
}

// restore creates the server and the instance.
func (s savedState) restore(t *testing.T) (*acctest.Env, *acctest.Instance, acctest.Arguments) {
	t.Helper()
	w := acctest.NewOverHTTP(t, simulator.Options{})
	service(w)
	w.Clock.Advance(s.Now.Sub(w.Clock.Now()))
	for _, token := range s.Tokens {
		if added := elsewhere(t, w, token); added.ID != token.ID {
			t.Fatalf("the token %d was given the id %d", token.ID, added.ID)
		}
	}
	arguments := acctest.Arguments{}
	for name, value := range s.Arguments {
		arguments[name] = argument(value)
	}
	instance := &acctest.Instance{T: t, Env: w, Provider: w.LoginArguments(), Type: s.Type}
	instance.Restore(t.Context(), w.Start(t.Context(), t, instance.Provider), s.Attributes, s.Private)
	return w, instance, arguments
}

// argument converts a JSON value for acctest.Arguments.
func argument(value any) any {
	switch value := value.(type) {
	case float64:
		return int64(value)
	case []any:
		list := []string{}
		for _, element := range value {
			list = append(list, fmt.Sprint(element))
		}
		return list
	case map[string]any:
		texts := map[string]string{}
		for key, element := range value {
			texts[key] = fmt.Sprint(element)
		}
		return texts
	default:
		return value
	}
}

// TestStatesOfAnOlderRelease verifies that each kind of state written by commit 3819b98 plans empty, with and without a refresh,
// records the maker of the token, and can be updated and destroyed.
func TestStatesOfAnOlderRelease(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/states-3819b98/*.json")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d states, error %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var saved savedState
			if err := json.Unmarshal(data, &saved); err != nil {
				t.Fatal(err)
			}
			w, instance, arguments := saved.restore(t)
			plan, said := instance.Plan(t.Context(), w.Start(t.Context(), t, instance.Provider), arguments)
			if said.Failed() || plan.Action != acctest.Noop {
				t.Fatalf("without a refresh the plan is to %s %v: %s", plan.Action, plan.Unknown, said.Errors())
			}
			run := instance.MustApply(t.Context(), acctest.Noop, arguments)
			if run.Warnings() != "" {
				t.Errorf("the plan warns: %s", run.Warnings())
			}
			if configured := arguments["user_id"] != nil; configured == strings.Contains(readable(t, instance.Private), `"maker":"admin"`) {
				t.Errorf("the private state after a refresh is %s", readable(t, instance.Private))
			}
			after := string(instance.Private)
			instance.MustApply(t.Context(), acctest.Noop, arguments)
			if string(instance.Private) != after {
				t.Errorf("a second refresh changed the private state to %s", readable(t, instance.Private))
			}
			run = instance.Apply(t.Context(), with(arguments, "allowed_ips", []string{"198.51.100.7"}))
			if run.Failed() || run.Action != acctest.Update {
				t.Errorf("a change is to %s: %s", run.Action, run.Errors())
			}
			instance.MustApply(t.Context(), acctest.Delete, nil)
			if left := w.Tokens(); len(left) > 0 || len(w.Purged()) > 0 {
				t.Errorf("%d tokens are left after the destroy", len(left))
			}
		})
	}
}

// readable returns a private state with decoded values.
func readable(t *testing.T, private []byte) string {
	t.Helper()
	values := map[string][]byte{}
	if err := json.Unmarshal(private, &values); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for key, value := range values {
		fmt.Fprintf(&text, "%s=%s ", key, value)
	}
	return text.String()
}
