// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// Sent checks that the requests of an operation since the last ResetJournal had exactly these JSON bodies, in any order. Without
// bodies, it checks that there were no requests.
func (w *Env) Sent(op simulator.Operation, bodies ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got := w.Bodies(op)
		missing := slices.Clone(bodies)
		for _, body := range got {
			i := slices.IndexFunc(missing, func(want string) bool { return sameJSON(want, body) })
			if i < 0 {
				return fmt.Errorf("%s sent %s, want %s", op, got, bodies)
			}
			missing = slices.Delete(missing, i, i+1)
		}
		if len(missing) > 0 {
			return fmt.Errorf("%s sent %s, want %s", op, got, bodies)
		}
		return nil
	}
}

// SentTo reports whether an update of the token with this id had this JSON body, since the last ResetJournal.
func (w *Env) SentTo(id int64, body string) bool {
	return slices.ContainsFunc(w.Journal(), func(request simulator.Request) bool {
		return request.Operation == simulator.OpUpdate && request.TokenID == id && sameJSON(body, string(request.Body))
	})
}

// Wrote checks how many creates, updates and revocations were sent since the last ResetJournal.
func (w *Env) Wrote(creates, updates, revocations int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got := []int{w.Count(simulator.OpCreate), w.Count(simulator.OpUpdate), w.Count(simulator.OpRevoke)}
		if want := []int{creates, updates, revocations}; !slices.Equal(got, want) {
			return fmt.Errorf("%v creates, updates and revocations were sent, want %v", got, want)
		}
		return nil
	}
}

// NothingSent checks that no request arrived since the last ResetJournal.
func (w *Env) NothingSent(*terraform.State) error {
	for _, request := range w.Journal() {
		return fmt.Errorf("a request was sent, %s %s", request.Method, request.Path)
	}
	return nil
}

// sameJSON compares objects field by field and numbers by their digits. Invalid JSON counts as empty.
func sameJSON(a, b string) bool {
	read := func(text string) (value any) {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if decoder.Decode(&value) != nil || decoder.More() {
			return nil
		}
		return value
	}
	x, y := read(a), read(b)
	return x != nil && reflect.DeepEqual(x, y)
}
