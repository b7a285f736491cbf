// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// Address is the address of the resource that Token declares.
const Address = "commvault_access_token.test"

// Value checks an attribute of the token in the state.
func Value(attribute string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(Address, tfjsonpath.New(attribute), check)
}

// Text checks that an attribute of the token is a string.
func Text(attribute, text string) statecheck.StateCheck {
	return Value(attribute, knownvalue.StringExact(text))
}

// Null checks that an attribute of the token is null.
func Null(attribute string) statecheck.StateCheck { return Value(attribute, knownvalue.Null()) }

// Planned expects an action for the token in the plan of a step.
func Planned(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(Address, action)}}
}

// Held returns the token that the state has at an address, as it is on the server.
func (w *Env) Held(s *terraform.State, address string) (simulator.Token, map[string]string, error) {
	held, ok := s.RootModule().Resources[address]
	if !ok {
		return simulator.Token{}, nil, fmt.Errorf("the state has no %s", address)
	}
	attributes := held.Primary.Attributes
	id, err := strconv.ParseInt(attributes["id"], 10, 64)
	if err != nil {
		return simulator.Token{}, nil, fmt.Errorf("the id of %s is %q", address, attributes["id"])
	}
	token, ok := w.Token(id)
	if !ok {
		return simulator.Token{}, nil, fmt.Errorf("the server has no token %d, which the state holds", id)
	}
	return token, attributes, nil
}

// StateIsServers checks that the token in the state is the one on the server, with the same secrets.
func (w *Env) StateIsServers(s *terraform.State) error {
	_, err := w.StateOf(s, Address)
	return err
}

// StateOf is like Held, and also checks that the name and the secrets in the state are those on the server.
func (w *Env) StateOf(s *terraform.State, address string) (simulator.Token, error) {
	token, attributes, err := w.Held(s, address)
	if err != nil {
		return token, err
	}
	for attribute, want := range map[string]string{
		"name": token.Name, "access_token": token.AccessToken, "refresh_token": token.RefreshToken,
	} {
		if attributes[attribute] != want {
			return token, fmt.Errorf("%s in the state is not what the server has", attribute)
		}
	}
	return token, nil
}

// SecretWorks checks that the server accepts the access token in the state.
func (w *Env) SecretWorks(s *terraform.State) error {
	_, attributes, err := w.Held(s, Address)
	if err == nil && !w.Works(attributes["access_token"]) {
		err = fmt.Errorf("the access token in the state does not work")
	}
	return err
}

// NothingLeft checks after a destroy that the server has no token and has purged none.
func (w *Env) NothingLeft(*terraform.State) error {
	for _, token := range w.Tokens() {
		return fmt.Errorf("the token %d (%s) is left on the server", token.ID, token.Name)
	}
	if purged := w.Purged(); len(purged) > 0 {
		return fmt.Errorf("the server purged the chains of %v", purged)
	}
	return nil
}
