// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// argument is one row of the configuration table.
type argument struct {
	name     string // in a configuration
	variable string // in the environment
}

var (
	argHost               = argument{"host", "COMMVAULT_HOST"}
	argAuthtoken          = argument{"authtoken", "COMMVAULT_AUTHTOKEN"}
	argUsername           = argument{"username", "COMMVAULT_USERNAME"}
	argPassword           = argument{"password", "COMMVAULT_PASSWORD"}
	argCACertificate      = argument{"ca_certificate", "COMMVAULT_CA_CERTIFICATE"}
	argInsecureSkipVerify = argument{"insecure_skip_verify", "COMMVAULT_INSECURE_SKIP_VERIFY"}
	argRequestTimeout     = argument{"request_timeout", "COMMVAULT_REQUEST_TIMEOUT"}
	argMaxRetries         = argument{"max_retries", "COMMVAULT_MAX_RETRIES"}
	argMaxRetryWait       = argument{"max_retry_wait", "COMMVAULT_MAX_RETRY_WAIT"}
)

// arguments is the table, in the order in which messages list the arguments.
var arguments = []argument{
	argHost, argAuthtoken, argUsername, argPassword, argCACertificate, argInsecureSkipVerify, argRequestTimeout,
	argMaxRetries, argMaxRetryWait,
}

// path returns the attribute path of errors about the argument, including those about a value from the environment.
func (a argument) path() path.Path { return path.Root(a.name) }

// model is a provider block.
type model struct {
	Host               types.String `tfsdk:"host"`
	Authtoken          types.String `tfsdk:"authtoken"`
	Username           types.String `tfsdk:"username"`
	Password           types.String `tfsdk:"password"`
	CACertificate      types.String `tfsdk:"ca_certificate"`
	InsecureSkipVerify types.Bool   `tfsdk:"insecure_skip_verify"`
	RequestTimeout     types.String `tfsdk:"request_timeout"`
	// MaxRetries is a Number, so that this provider and not the framework refuses a fraction.
	MaxRetries   types.Number `tfsdk:"max_retries"`
	MaxRetryWait types.String `tfsdk:"max_retry_wait"`
}

// value is the value of an argument as text, whatever the argument's type. Environment variables contain only text, so one rule covers
// both sources.
type value struct {
	argument
	text    string
	set     bool
	unknown bool // set to the unknown value of another resource
	fromEnv bool
}

func (v value) known() bool { return v.set && !v.unknown }

// label returns the name of the argument or the variable that supplied the value.
func (v value) label() string {
	if v.fromEnv {
		return v.variable
	}
	return v.name
}

// origin ends a message about a refused value with the place where it can be changed.
func (v value) origin() string {
	switch {
	case v.fromEnv:
		return fmt.Sprintf(" The value comes from the environment variable %s.", v.variable)
	case v.text == "":
		return fmt.Sprintf(" To leave it to the environment variable %s, omit the argument or set it to null.", v.variable)
	}
	return ""
}

// values holds one value for each argument.
type values map[argument]value

// values returns the values in the configuration.
func (m model) values() values {
	return values{
		argHost:               configured(argHost, m.Host, m.Host.ValueString()),
		argAuthtoken:          configured(argAuthtoken, m.Authtoken, m.Authtoken.ValueString()),
		argUsername:           configured(argUsername, m.Username, m.Username.ValueString()),
		argPassword:           configured(argPassword, m.Password, m.Password.ValueString()),
		argCACertificate:      configured(argCACertificate, m.CACertificate, m.CACertificate.ValueString()),
		argInsecureSkipVerify: configured(argInsecureSkipVerify, m.InsecureSkipVerify, strconv.FormatBool(m.InsecureSkipVerify.ValueBool())),
		argRequestTimeout:     configured(argRequestTimeout, m.RequestTimeout, m.RequestTimeout.ValueString()),
		argMaxRetries:         configured(argMaxRetries, m.MaxRetries, number(m.MaxRetries)),
		argMaxRetryWait:       configured(argMaxRetryWait, m.MaxRetryWait, m.MaxRetryWait.ValueString()),
	}
}

func configured(a argument, v attr.Value, text string) value {
	return value{argument: a, text: text, set: !v.IsNull(), unknown: v.IsUnknown()}
}

func number(n types.Number) string {
	if n.IsNull() || n.IsUnknown() {
		return ""
	}
	return n.ValueBigFloat().Text('g', -1)
}

// withEnvironment adds the values of the environment to those of the configuration, argument by argument. An empty variable counts as
// unset. If the configuration sets one way to authenticate, the environment's other way is ignored.
func (vs values) withEnvironment(getenv func(string) string) values {
	var ignored []argument
	if vs[argAuthtoken].set {
		ignored = append(ignored, argUsername, argPassword)
	}
	if vs[argUsername].set || vs[argPassword].set {
		ignored = append(ignored, argAuthtoken)
	}
	all := values{}
	for _, a := range arguments {
		v := vs[a]
		if !v.set && !slices.Contains(ignored, a) {
			text := getenv(a.variable)
			v = value{argument: a, text: text, set: text != "", fromEnv: true}
		}
		all[a] = v
	}
	return all
}

// unknown returns the names of the arguments whose values come from other resources.
func (vs values) unknown() []string {
	var names []string
	for _, a := range arguments {
		if vs[a].unknown {
			names = append(names, a.name)
		}
	}
	return names
}
