// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// steps are shown in this order. Each claim is checked on the server and not in the CLI's output.
var steps = []struct {
	title string
	run   func(context.Context, *demo) error
}{
	{"The configuration of a token", showConfig},
	{"Terraform finds the provider", initialize},
	{"The plan sends nothing", plan},
	{"The apply issues the token", apply},
	{"The secret is a sensitive output", showOutput},
	{"The secret gives access to Command Center", callWithToken},
	{"A second plan is empty", planAgain},
	{"A change is made in place: same token, same secret", changeInPlace},
	{"The destroy revokes the token", destroy},
	{"No token is left on the server", nothingLeft},
	{"A slot, on a server whose tokens expire after seconds", createSlot},
	{"Terraform renews its token: same token, new secret", renewSlot},
	{"Terraform rotates its token: a new token, and the old one in its overlap", rotateSlot},
	{"The destroy revokes both", destroySlot},
	{"A token for one run is revoked at its end", openForOneRun},
}

// shortLivedFrom is the first step on the server whose tokens have a lifetime of seconds.
const shortLivedFrom = 10

// Exit codes of plan -detailed-exitcode.
const (
	nothingToDo = 0
	changes     = 2
)

func showConfig(_ context.Context, d *demo) error {
	d.printf("%s", config(""))
	return nil
}

func initialize(ctx context.Context, d *demo) error { return d.cli.show(ctx, 0, "init") }

func plan(ctx context.Context, d *demo) error {
	if err := d.cli.show(ctx, changes, "plan", "-detailed-exitcode"); err != nil {
		return err
	}
	return d.expectTokens(0)
}

func apply(ctx context.Context, d *demo) error {
	if err := d.cli.show(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := d.expectTokens(1); err != nil {
		return err
	}
	d.issued = d.server.Tokens()[0]
	return nil
}

func showOutput(ctx context.Context, d *demo) error {
	if err := d.cli.show(ctx, 0, "output"); err != nil {
		return err
	}
	secret, err := d.cli.capture(ctx, "output", "-raw", "token")
	if err != nil {
		return err
	}
	if secret != d.issued.AccessToken {
		return errors.New("the output is not the secret that the server issued")
	}
	d.printf("%s\n", masked(secret))
	return nil
}

func callWithToken(ctx context.Context, d *demo) error {
	return d.call(ctx, d.issued.AccessToken, http.StatusOK)
}

func planAgain(ctx context.Context, d *demo) error {
	return d.cli.show(ctx, nothingToDo, "plan", "-detailed-exitcode")
}

func changeInPlace(ctx context.Context, d *demo) error {
	if err := d.write(config(change)); err != nil {
		return err
	}
	d.printf("  name_prefix = \"ci-\"%s\n\n", change)
	if err := d.cli.show(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := d.expectTokens(1); err != nil {
		return err
	}
	now := d.server.Tokens()[0]
	if slices.Equal(now.AllowedIPs, d.issued.AllowedIPs) {
		return errors.New("the server did not change the token")
	}
	if now.ID != d.issued.ID || now.AccessToken != d.issued.AccessToken {
		return errors.New("the token was replaced")
	}
	return nil
}

func destroy(ctx context.Context, d *demo) error {
	return d.cli.show(ctx, 0, "destroy", "-auto-approve")
}

func nothingLeft(ctx context.Context, d *demo) error {
	if err := d.expectTokens(0); err != nil {
		return err
	}
	d.printf("The server has no token.\n")
	return d.call(ctx, d.issued.AccessToken, http.StatusUnauthorized)
}

// expectTokens checks the number of tokens on the server.
func (d *demo) expectTokens(want int) error {
	if got := len(d.server.Tokens()); got != want {
		return fmt.Errorf("the server has %d tokens, want %d", got, want)
	}
	return nil
}

// call sends a request with the token, as a script would, and shows the status of the response.
func (d *demo) call(ctx context.Context, token string, want int) error {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(d.server.CACertificate()))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: 30 * time.Second}

	url := d.server.URL() + "/Client"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authtoken", token)
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	if err := response.Body.Close(); err != nil {
		return err
	}
	d.printf("GET %s\nAuthtoken: %s\n=> %s\n", url, masked(token), response.Status)
	if response.StatusCode != want {
		return fmt.Errorf("the server answered %s, want %d", response.Status, want)
	}
	return nil
}

// masked returns enough of a secret to distinguish it from another one.
func masked(secret string) string {
	const shown = 10
	if len(secret) < 3*shown {
		return "…"
	}
	return secret[:shown] + "…"
}
