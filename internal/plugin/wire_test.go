// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin_test

import (
	"context"
	"net"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/host"
)

const address = "registry.terraform.io/somebody/small"

// dial serves over gRPC, as for Terraform, and returns a function that reads the small resource.
func dial(t testing.TB, server tfprotov6.ProviderServer) (read func() error) {
	t.Helper()
	listener := bufconn.Listen(64 << 10)
	served := grpc.NewServer()
	register := tf6server.GRPCProviderPlugin{GRPCProvider: func() tfprotov6.ProviderServer { return server }, Name: address}
	if err := register.GRPCServer(nil, served); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- served.Serve(listener) }()
	conn, err := grpc.NewClient("passthrough:///small", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(host.Raw{})),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close()
		served.Stop()
		if err := <-ended; err != nil {
			t.Errorf("the server ended: %s", err)
		}
	})
	// In the protocol's ReadResource.Request, type_name is field 1 and current_state is field 2. In current_state, msgpack is field 1.
	state := field(1, "\x81\xa2id\xa11")
	request := []byte(field(1, "small_thing") + field(2, state))
	return func() error {
		var answer []byte
		return conn.Invoke(context.Background(), "/tfplugin6.Provider/ReadResource", request, &answer)
	}
}

// field encodes a field of bytes in a protocol buffers message.
func field(number int, value string) string {
	return string([]byte{byte(number<<3 | 2), byte(len(value))}) + value
}
