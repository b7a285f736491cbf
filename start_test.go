// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
)

// process is the built provider, started as a CLI starts it.
type process struct {
	t       *testing.T
	command *exec.Cmd
	conn    *grpc.ClientConn
	log     bytes.Buffer
}

// start the provider, with these variables besides what is not Terraform's.
func start(t *testing.T, binary string, env ...string) *process {
	t.Helper()
	p := &process{t: t, command: exec.CommandContext(t.Context(), binary)}
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "TF_") && !strings.HasPrefix(variable, "GO") {
			p.command.Env = append(p.command.Env, variable)
		}
	}
	// What a CLI sets so that the provider serves; it is no secret.
	p.command.Env = append(p.command.Env,
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2", "PLUGIN_PROTOCOL_VERSIONS=6")
	p.command.Env = append(p.command.Env, env...)
	p.command.Stderr = &p.log
	stdout, err := p.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	// The handshake of go-plugin: core version, protocol, network, address, kind.
	line, err := bufio.NewReader(stdout).ReadString('\n')
	fields := strings.Split(strings.TrimSpace(line), "|")
	if err != nil || len(fields) < 5 || fields[2] != "unix" {
		t.Fatalf("the provider said %q (%v), which is no handshake", line, err)
	}
	p.conn, err = grpc.NewClient("unix:"+fields[3], grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(raw{}), grpc.MaxCallRecvMsgSize(64<<20)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// call makes a call with an empty request.
func (p *process) call(name string) string {
	p.t.Helper()
	var answer []byte
	if err := p.conn.Invoke(p.t.Context(), "/tfplugin6.Provider/"+name, []byte{}, &answer); err != nil {
		p.t.Fatalf("%s failed: %s", name, err)
	}
	return string(answer)
}

// end the process. What it logged, and how many bytes of memory it had at its peak.
func (p *process) end() (log string, peak int64) {
	p.t.Helper()
	_ = p.conn.Close()
	_ = p.command.Process.Kill()
	_ = p.command.Wait() // killed: its error says nothing
	usage, ok := p.command.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		p.t.Fatal("the system does not tell how much memory a process used")
	}
	peak = int64(usage.Maxrss) //nolint:unconvert // not everywhere an int64
	if runtime.GOOS != "darwin" {
		peak <<= 10
	}
	return p.log.String(), peak
}

// TestSchemaIsAnsweredQuickly takes the time from the start until GetProviderSchema is answered: a plan starts the
// provider three times.
func TestSchemaIsAnsweredQuickly(t *testing.T) {
	const most = 30 * time.Millisecond
	binary := acctest.Binary(t)
	best := time.Hour
	for range 20 { // the best of some: the machine may be busy with other tests
		started := time.Now()
		p := start(t, binary)
		if !strings.Contains(p.call("GetProviderSchema"), "commvault_access_token") {
			t.Fatal("the schema lacks commvault_access_token")
		}
		best = min(best, time.Since(started))
		p.end()
	}
	t.Logf("GetProviderSchema was answered %s after the start", best.Round(time.Millisecond/10))
	if best > most {
		t.Errorf("GetProviderSchema was answered after %s, more than %s", best, most)
	}
}

// TestMemoryDoesNotGrowWithCalls guards that the built provider forgets what it was called for, and that what it may
// leave to the garbage collector has a bound: the calls are those of a state with 2,000 tokens. With what a call leaves
// behind if nothing is forgotten, they take 140 MiB. It is more than make bench allows, as a collector that has to share
// the machine with other tests comes late.
func TestMemoryDoesNotGrowWithCalls(t *testing.T) {
	const most = 96 << 20
	p := start(t, acctest.Binary(t))
	for range 2000 {
		for _, name := range []string{"ValidateResourceConfig", "UpgradeResourceState", "ReadResource", "PlanResourceChange"} {
			p.call(name) // of no resource: it is answered with an error
		}
	}
	_, peak := p.end()
	t.Logf("8,000 calls took %.1f MiB", float64(peak)/(1<<20))
	if peak > most {
		t.Errorf("8,000 calls took %d bytes of memory, more than %d", peak, most)
	}
}

// TestTheBuiltProviderLogsWhenAsked guards that the built provider writes no line of its own or of the SDKs when nothing
// asks for logs, and all lines when a variable does, whatever variable.
func TestTheBuiltProviderLogsWhenAsked(t *testing.T) {
	binary := acctest.Binary(t)
	for variable, want := range map[string]bool{
		"":                                 false,
		"TF_LOG=":                          false,
		"TF_LOG_PATH=all.log":              false,
		"TF_LOG=INFO":                      true,
		"TF_LOG_PROVIDER=WARN":             true,
		"TF_LOG_PROVIDER_COMMVAULT=DEBUG":  true,
		"TF_LOG_SDK_FRAMEWORK=TRACE":       true,
		"TF_LOG_SDK_PROTO_DATA_DIR=/there": true,
	} {
		p := start(t, binary, variable)
		p.call("GetProviderSchema")
		log, _ := p.end()
		if got := strings.Contains(log, `"@module":"sdk.`); got != want {
			t.Errorf("with %q, the provider logs: %t, want %t:\n%.1000s", variable, got, want, log)
		}
	}
}

// raw passes messages as the bytes that they are.
type raw struct{}

func (raw) Name() string { return "proto" }

func (raw) Marshal(message any) ([]byte, error) {
	data, ok := message.([]byte)
	if !ok {
		return nil, fmt.Errorf("%T is not bytes", message)
	}
	return data, nil
}

func (raw) Unmarshal(data []byte, message any) error {
	target, ok := message.(*[]byte)
	if !ok {
		return fmt.Errorf("%T is not a pointer to bytes", message)
	}
	*target = data
	return nil
}
