// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package host

import "fmt"

// Raw is a gRPC codec that passes messages unchanged, as bytes.
type Raw struct{}

// Name returns the name of the codec that Raw replaces.
func (Raw) Name() string { return "proto" }

// Marshal accepts bytes.
func (Raw) Marshal(message any) ([]byte, error) {
	data, ok := message.([]byte)
	if !ok {
		return nil, fmt.Errorf("%T is not bytes", message)
	}
	return data, nil
}

// Unmarshal accepts a pointer to bytes.
func (Raw) Unmarshal(data []byte, message any) error {
	target, ok := message.(*[]byte)
	if !ok {
		return fmt.Errorf("%T is not a pointer to bytes", message)
	}
	*target = data
	return nil
}
