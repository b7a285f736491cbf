// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin

import (
	"strings"
)

// quieten turns the loggers of the SDKs and of the provider at address off, unless a variable of environ asks for logs.
// Without a level they make every line down to TRACE, and Terraform throws them away: a plan or an apply of 400 tokens takes
// 1.5 times as long then, one of 1,600 1.7 to 1.9 times (make bench ARGS=-shortcuts, see DESIGN.md).
// TF_LOG_SDK alone would keep the SDKs' lines from being written, but not from being made.
func quieten(address string, environ []string, setenv func(name, value string) error) {
	if logsAreWanted(environ) {
		return
	}
	for _, name := range []string{
		"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER_" + logName(address),
	} {
		_ = setenv(name, "OFF") // fails for malformed names only
	}
}

// logsAreWanted tells whether somebody may want to see what this process logs. The level that Terraform shows a
// provider's lines at is in TF_LOG or TF_LOG_PROVIDER, and no level that it knows means TRACE; those that make lines are
// in TF_LOG_PROVIDER_<NAME>, TF_LOG_SDK and what begins so. Whatever else begins like them counts as well, but for what
// only says where to.
func logsAreWanted(environ []string) bool {
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		name = strings.ToUpper(name) // Windows takes either
		if value == "" || strings.EqualFold(value, "OFF") || strings.HasPrefix(name, "TF_LOG_PATH") {
			continue
		}
		if name == "TF_LOG" || strings.HasPrefix(name, "TF_LOG_") || strings.HasPrefix(name, "TF_ACC_LOG") {
			return true
		}
	}
	return false
}

// logName is how the SDK names a provider in the variable of its level.
func logName(address string) string {
	name := address[strings.LastIndex(address, "/")+1:]
	return strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}
