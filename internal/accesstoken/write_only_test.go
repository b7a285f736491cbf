// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	fwprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	acc "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// store is a provider of a secret store with one resource, whose secret is write-only.
type store struct {
	mu     sync.Mutex
	stored []string
}

func (*store) Metadata(_ context.Context, _ fwprovider.MetadataRequest, resp *fwprovider.MetadataResponse) {
	resp.TypeName = "store"
}
func (*store) Schema(context.Context, fwprovider.SchemaRequest, *fwprovider.SchemaResponse) {}
func (*store) Configure(context.Context, fwprovider.ConfigureRequest, *fwprovider.ConfigureResponse) {
}
func (*store) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (s *store) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return storedSecret{s} }}
}

type storedSecret struct{ store *store }

type storedModel struct {
	Secret  types.String `tfsdk:"secret_wo"`
	Version types.Int64  `tfsdk:"secret_wo_version"`
}

func (storedSecret) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "store_secret"
}

func (storedSecret) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"secret_wo":         schema.StringAttribute{Required: true, WriteOnly: true},
		"secret_wo_version": schema.Int64Attribute{Required: true},
	}}
}

func (r storedSecret) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var config, plan storedModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	r.keep(config.Secret.ValueString())
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

func (r storedSecret) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var secret types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("secret_wo"), &secret)...)
	r.keep(secret.ValueString())
	resp.State.Raw = req.Plan.Raw
}

func (storedSecret) Read(context.Context, resource.ReadRequest, *resource.ReadResponse)       {}
func (storedSecret) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

func (r storedSecret) keep(secret string) {
	r.store.mu.Lock()
	defer r.store.mu.Unlock()
	r.store.stored = append(r.store.stored, secret)
}

// TestAccIntoAWriteOnlyArgument verifies that the secret of a slot, by its secret_version, and the secret of an ephemeral token reach a
// secret store, and that the secret of the ephemeral token does not appear in the state.
func TestAccIntoAWriteOnlyArgument(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	secrets := &store{}
	factories := w.Providers()
	factories["store"] = providerserver.NewProtocol6WithError(secrets)
	config := func(days int) string {
		return w.Config(fmt.Sprintf(`
resource "commvault_rotating_access_token" "slot" {
  name_prefix   = "slot-"
  lifetime_days = %d
}

resource "store_secret" "slot" {
  secret_wo         = commvault_rotating_access_token.slot.access_token
  secret_wo_version = commvault_rotating_access_token.slot.secret_version
}

ephemeral "commvault_access_token" "run" {}

resource "store_secret" "run" {
  secret_wo         = ephemeral.commvault_access_token.run.access_token
  secret_wo_version = 1
}
`, days))
	}
	current := func(s *terraform.State) error {
		slot := s.RootModule().Resources["commvault_rotating_access_token.slot"].Primary.Attributes
		secrets.mu.Lock()
		defer secrets.mu.Unlock()
		ephemerals := 0
		found := false
		for _, secret := range secrets.stored {
			found = found || secret == slot["access_token"]
			if !strings.HasPrefix(secret, simulator.AccessPrefix) {
				return fmt.Errorf("the store was handed something else than a secret")
			}
			if !strings.Contains(s.String(), secret) {
				ephemerals++
			}
		}
		if !found || ephemerals == 0 {
			return fmt.Errorf("of %d secrets in the store none is the slot's, or none is in no state", len(secrets.stored))
		}
		return nil
	}
	acc.Test(t, acc.TestCase{
		TerraformVersionChecks:   acctest.Since("1.11", "1.11"),
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             w.NothingLeft,
		Steps: []acc.TestStep{
			{Config: config(90), Check: current},
			{PreConfig: func() { w.Clock.Advance(acctest.Day) }, Config: config(60), Check: current},
		},
	})
	if stored := len(secrets.stored); stored != 3 {
		t.Errorf("the store was written %d times, want 3: both secrets, and the slot's again after its rotation", stored)
	}
}
