// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package host

import "fmt"

// Raw is a codec of gRPC that passes messages as the bytes that they are.
type Raw struct{}

// Name of the codec that it stands in for.
func (Raw) Name() string { return "proto" }

// Marshal takes bytes.
func (Raw) Marshal(message any) ([]byte, error) {
	data, ok := message.([]byte)
	if !ok {
		return nil, fmt.Errorf("%T is not bytes", message)
	}
	return data, nil
}

// Unmarshal takes a pointer to bytes.
func (Raw) Unmarshal(data []byte, message any) error {
	target, ok := message.(*[]byte)
	if !ok {
		return fmt.Errorf("%T is not a pointer to bytes", message)
	}
	*target = data
	return nil
}
