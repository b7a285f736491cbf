// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"encoding/hex"
	"io"
	"time"
)

// uniqueName is the prefix, the UTC second and four random hexadecimal digits: ci-20261123T142642Z-9f3a.
func uniqueName(prefix string, now time.Time, random io.Reader) (string, error) {
	digits := make([]byte, 2)
	if _, err := io.ReadFull(random, digits); err != nil {
		return "", err
	}
	return prefix + now.UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(digits), nil
}
