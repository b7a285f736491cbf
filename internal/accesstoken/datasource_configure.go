// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
)

// configuredData is what every data source is made of.
type configuredData struct {
	backend *Backend
}

// Configure takes the backend. It is nil while Terraform only validates.
func (d *configuredData) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	backend, diags := fromProvider(req.ProviderData)
	resp.Diagnostics.Append(diags...)
	d.backend = backend
}

// nearestShown is how many names an error proposes.
const nearestShown = 3

// nearest returns what comes nearest to a name that was not found, as many as an error proposes.
func nearest[T any](all []T, distance func(T) int) []T {
	sorted := slices.SortedStableFunc(slices.Values(all), func(a, b T) int { return distance(a) - distance(b) })
	return sorted[:min(nearestShown, len(sorted))]
}
