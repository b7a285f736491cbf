// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin

import (
	"strings"
)

// quieten disables the loggers of the SDKs and of the provider at address, unless a variable in environ enables logs. Without a level,
// the loggers format every line down to TRACE, and Terraform discards the lines: a plan or an apply of 400 tokens then takes 1.7 to
// 1.8 times as long (make bench ARGS=-shortcuts, see DESIGN.md). TF_LOG_SDK alone would prevent the SDKs' lines
// from being written, but not from being formatted.
func quieten(address string, environ []string, setenv func(name, value string) error) {
	if logsAreWanted(environ) {
		return
	}
	for _, name := range []string{
		"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER_" + logName(address),
	} {
		_ = setenv(name, "OFF") // only malformed names cause an error
	}
}

// logsAreWanted reports whether a variable may enable the logs of this process. Terraform reads the level at which it shows a
// provider's lines from TF_LOG or TF_LOG_PROVIDER, and treats an unknown level as TRACE. The level at which lines are formatted is in
// TF_LOG_PROVIDER_<NAME>, in TF_LOG_SDK, and in variables that begin with TF_LOG_SDK. Every other variable with such a prefix counts,
// too, except those that only set a destination.
func logsAreWanted(environ []string) bool {
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		name = strings.ToUpper(name) // Windows ignores the case
		if value == "" || strings.EqualFold(value, "OFF") || strings.HasPrefix(name, "TF_LOG_PATH") {
			continue
		}
		if name == "TF_LOG" || strings.HasPrefix(name, "TF_LOG_") || strings.HasPrefix(name, "TF_ACC_LOG") {
			return true
		}
	}
	return false
}

// logName returns the provider's name in the SDK's variable for its log level.
func logName(address string) string {
	name := address[strings.LastIndex(address, "/")+1:]
	return strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}
