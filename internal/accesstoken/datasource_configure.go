// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
)

// configuredData is the part that all data sources share.
type configuredData struct {
	backend *Backend
}

// Configure stores the backend, which is nil while Terraform only validates.
func (d *configuredData) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	backend, diags := fromProvider(req.ProviderData)
	resp.Diagnostics.Append(diags...)
	d.backend = backend
}

// nearestShown is the number of similar names that an error suggests.
const nearestShown = 3

// nearest returns the nearestShown elements with the smallest distance.
func nearest[T any](all []T, distance func(T) int) []T {
	sorted := slices.SortedStableFunc(slices.Values(all), func(a, b T) int { return distance(a) - distance(b) })
	return sorted[:min(nearestShown, len(sorted))]
}
