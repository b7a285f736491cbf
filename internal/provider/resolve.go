// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
)

// Bounds of the arguments.
const (
	leastRequestTimeout = time.Millisecond // must be positive
	mostRequestTimeout  = time.Hour
	mostRetries         = 20 // with their waits, more retries would look like a hanging provider
	mostRetryWait       = 24 * time.Hour
)

// settings is a parsed configuration, completed from the environment.
type settings struct {
	// client is complete except for the user agent, the clock and the log.
	client commandcenter.Config
	// unknown names the arguments that prevent the creation of a client.
	unknown []string
}

// resolve completes the configuration from the environment and refuses invalid settings. It reads the file that ca_certificate may
// name. It sends nothing.
func resolve(ctx context.Context, m model, getenv func(string) string) (settings, diag.Diagnostics) {
	all := m.values().withEnvironment(getenv)
	r := reader{values: all, readFile: readFile}
	s := settings{client: r.client(ctx), unknown: all.unknown()}
	r.requireHost()
	r.refuseBothWays()
	r.requireOneWay()
	if r.diags.HasError() {
		return settings{}, r.diags
	}
	return s, r.diags
}

// check refuses errors that the configuration alone reveals. It ignores missing arguments, which the environment may supply, and files,
// which may not exist yet.
func check(ctx context.Context, m model) diag.Diagnostics {
	r := reader{values: m.values()}
	r.client(ctx)
	r.refuseBothWays()
	return r.diags
}

// reader converts values to settings and collects errors.
type reader struct {
	values   values
	readFile func(name string) ([]byte, error) // nil if files are ignored
	diags    diag.Diagnostics
}

// client parses every known value. A refused or omitted argument has its default.
func (r *reader) client(ctx context.Context) commandcenter.Config {
	cfg := commandcenter.Config{
		RequestTimeout: commandcenter.DefaultRequestTimeout,
		MaxRetries:     commandcenter.DefaultMaxRetries,
		MaxRetryWait:   commandcenter.DefaultMaxRetryWait,
	}
	r.read(argHost, "The host is not valid", func(text string) (err error) {
		cfg.Base, err = commandcenter.ParseHost(text)
		return err
	})
	cfg.Authtoken = commandcenter.Secret(r.text(ctx, argAuthtoken, "The authtoken is not valid", validate.NotBlankSecret()))
	cfg.Username = r.text(ctx, argUsername, "The username is not valid", validate.NotBlank())
	cfg.Password = commandcenter.Secret(r.text(ctx, argPassword, "The password is not valid", validate.NotBlankSecret()))
	r.read(argCACertificate, "The CA certificate is not valid", func(text string) (err error) {
		cfg.CACertificates, err = certificates(text, r.readFile)
		return err
	})
	r.read(argInsecureSkipVerify, "The value of insecure_skip_verify is not valid", func(text string) (err error) {
		if cfg.InsecureSkipVerify, err = strconv.ParseBool(text); err != nil {
			return fmt.Errorf("%q was given; the value must be true or false", text)
		}
		return nil
	})
	r.read(argRequestTimeout, "The request timeout is not valid", func(text string) (err error) {
		cfg.RequestTimeout, err = validate.ParseDuration(text, leastRequestTimeout, mostRequestTimeout)
		return err
	})
	r.read(argMaxRetries, "The number of retries is not valid", func(text string) (err error) {
		if cfg.MaxRetries, err = strconv.Atoi(text); err != nil || cfg.MaxRetries < 0 || cfg.MaxRetries > mostRetries {
			return fmt.Errorf("%q was given; the value must be a whole number from 0 to %d", text, mostRetries)
		}
		return nil
	})
	r.read(argMaxRetryWait, "The longest wait for a retry is not valid", func(text string) (err error) {
		cfg.MaxRetryWait, err = validate.ParseDuration(text, 0, mostRetryWait)
		return err
	})
	return cfg
}

// read passes a known value to take. An error of take becomes a diagnostic on the argument's path.
func (r *reader) read(a argument, summary string, take func(text string) error) {
	v := r.values[a]
	if !v.known() {
		return
	}
	if err := take(v.text); err != nil {
		r.diags.AddAttributeError(a.path(), summary, fmt.Sprintf("%s: %s.%s", a.name, err, v.origin()))
	}
}

// text returns a known value unchanged, after it has applied a rule that other schemas also use.
func (r *reader) text(ctx context.Context, a argument, summary string, rule validator.String) string {
	v := r.values[a]
	if !v.known() {
		return ""
	}
	var resp validator.StringResponse
	rule.ValidateString(ctx,
		validator.StringRequest{Path: a.path(), ConfigValue: types.StringValue(v.text)}, &resp)
	for _, d := range resp.Diagnostics {
		r.diags.AddAttributeError(a.path(), summary, d.Detail()+v.origin())
	}
	return v.text
}

// Parts of messages about the two ways to authenticate.
const (
	theWays   = "There are two ways to authenticate: authtoken, or username and password."
	firstWay  = "authtoken (COMMVAULT_AUTHTOKEN)"
	secondWay = "username and password (COMMVAULT_USERNAME and COMMVAULT_PASSWORD)"
)

func (r *reader) requireHost() {
	if r.values[argHost].set {
		return
	}
	r.diags.AddAttributeError(argHost.path(), "The host is missing",
		"The provider does not know which Command Center to use: host is not set in its configuration, and "+argHost.variable+
			" is not set in the environment. Set one of them to the server's name, to name:port, or to a URL "+
			"https://name[:port][/base/path].")
}

// refuseBothWays refuses a configuration with both ways to authenticate, because a choice could use the wrong account. An unknown
// argument may turn out to be null and is checked when it is known.
func (r *reader) refuseBothWays() {
	token := r.values[argAuthtoken]
	login := slices.DeleteFunc(r.login(), func(v value) bool { return !v.known() })
	if !token.known() || len(login) == 0 {
		return
	}
	labels := []string{token.label()}
	for _, v := range login {
		labels = append(labels, v.label())
	}
	where, remedy := "in the provider's configuration", "Remove one of them."
	if token.fromEnv {
		where = "in the environment"
		remedy = "Unset the variables of one of them, or set the way to use in the provider's configuration."
	}
	r.diags.AddAttributeError(argAuthtoken.path(), "Both ways to authenticate are set",
		fmt.Sprintf("%s are set %s. %s %s", enumerate(labels), where, theWays, remedy))
}

// requireOneWay requires one way to authenticate, and both halves of a login.
func (r *reader) requireOneWay() {
	login := r.login()
	switch {
	case r.values[argAuthtoken].set || len(login) == 2:
	case len(login) == 0:
		r.diags.AddAttributeError(argAuthtoken.path(), "The credentials are missing",
			"Neither the provider's configuration nor the environment sets a credential. Set either "+firstWay+", or "+secondWay+
				".")
	default:
		given, missing := login[0], argPassword
		if given.argument == argPassword {
			missing = argUsername
		}
		r.diags.AddAttributeError(missing.path(), "The "+missing.name+" is missing", fmt.Sprintf(
			"%s is set, but %s is not set in the provider's configuration, nor is %s in the environment. To log in, set one "+
				"of them too; to authenticate with %s instead, remove %s.",
			given.label(), missing.name, missing.variable, firstWay, given.label()))
	}
}

// login returns the halves of a login that are set.
func (r *reader) login() []value {
	var set []value
	for _, a := range []argument{argUsername, argPassword} {
		if v := r.values[a]; v.set {
			set = append(set, v)
		}
	}
	return set
}

// enumerate returns "a and b", or "a, b and c".
func enumerate(labels []string) string {
	last := len(labels) - 1
	return strings.Join(labels[:last], ", ") + " and " + labels[last]
}
