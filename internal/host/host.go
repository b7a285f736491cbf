// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package host starts a built provider in the way Terraform does, with Terraform's own library, and calls it with raw messages. It
// is used by tests and by the benchmark.
package host

import (
	"context"
	"errors"
	"io"
	"os/exec"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
)

// Provider is a running provider process.
type Provider struct {
	client *plugin.Client
	conn   *grpc.ClientConn
}

// handshake contains the values that Terraform and a provider exchange first. They are not secret.
var handshake = plugin.HandshakeConfig{
	ProtocolVersion:  6,
	MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
	MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
}

// largestMessage is the largest message that Terraform accepts.
const largestMessage = 64 << 20

// Start runs command and performs the handshake. The provider gets only the environment of command. Its log is written to log.
func Start(command *exec.Cmd, log io.Writer) (*Provider, error) {
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  handshake,
		Plugins:          plugin.PluginSet{"provider": connection{}},
		Cmd:              command,
		SkipHostEnv:      true,
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         true,
		Stderr:           log,
		Logger:           hclog.NewNullLogger(),
		GRPCDialOptions:  []grpc.DialOption{grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(largestMessage))},
	})
	protocol, err := client.Client()
	if err != nil {
		client.Kill()
		return nil, err
	}
	dispensed, err := protocol.Dispense("provider")
	if err != nil {
		client.Kill()
		return nil, err
	}
	return &Provider{client: client, conn: dispensed.(*grpc.ClientConn)}, nil //nolint:forcetypeassert // GRPCClient below returns it
}

// Call makes a call of protocol 6, such as "GetProviderSchema", with an empty request. It returns the encoded response.
func (p *Provider) Call(ctx context.Context, name string) (string, error) {
	var answer []byte
	err := p.conn.Invoke(ctx, "/tfplugin6.Provider/"+name, []byte{}, &answer, grpc.ForceCodec(Raw{}))
	return string(answer), err
}

// Kill ends the process and waits for it to exit.
func (p *Provider) Kill() { p.client.Kill() }

// connection is a plugin that only returns its connection.
type connection struct{ plugin.NetRPCUnsupportedPlugin }

// GRPCServer returns an error, because connection is a client.
func (connection) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error {
	return errors.New("this is the host's side")
}

// GRPCClient returns the connection itself.
func (connection) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return conn, nil
}
