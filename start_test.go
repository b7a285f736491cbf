// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/host"
)

// process is the built provider, started as by a CLI.
type process struct {
	t        *testing.T
	command  *exec.Cmd
	provider *host.Provider
	log      bytes.Buffer
}

// start starts the provider with these variables, in an environment without Terraform's variables.
func start(t *testing.T, binary string, env ...string) *process {
	t.Helper()
	p := &process{t: t, command: exec.CommandContext(t.Context(), binary)}
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "TF_") && !strings.HasPrefix(variable, "GO") {
			p.command.Env = append(p.command.Env, variable)
		}
	}
	p.command.Env = append(p.command.Env, env...)
	var err error
	if p.provider, err = host.Start(p.command, &p.log); err != nil {
		t.Fatal(err)
	}
	return p
}

// call sends an empty request.
func (p *process) call(name string) string {
	p.t.Helper()
	answer, err := p.provider.Call(p.t.Context(), name)
	if err != nil {
		p.t.Fatalf("%s failed: %s", name, err)
	}
	return answer
}

// end stops the provider and returns its log and its peak memory in bytes.
func (p *process) end() (log string, peak int64) {
	p.t.Helper()
	p.provider.Kill()
	usage, ok := p.command.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		p.t.Fatal("the system does not tell how much memory a process used")
	}
	peak = int64(usage.Maxrss) //nolint:unconvert // not int64 on every platform
	if runtime.GOOS != "darwin" {
		peak <<= 10
	}
	return p.log.String(), peak
}

// TestSchemaIsAnsweredQuickly compares the time from the start to the response to GetProviderSchema with that of the benchmark's floor,
// on the same machine at the same time. A plan starts the provider three times. A provider that formats logs or uses the network at its
// start takes several times as long.
func TestSchemaIsAnsweredQuickly(t *testing.T) {
	const most = 1.6
	provider, floor := acctest.Binary(t), filepath.Join(t.TempDir(), "floor")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", floor, "./internal/cmd/bench/floor")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the floor does not build: %s\n%s", err, output)
	}
	best := map[string]time.Duration{provider: time.Hour, floor: time.Hour}
	ratio := func() float64 { return float64(best[provider]) / float64(best[floor]) }
	for tries := 0; tries < 5 || tries < 60 && ratio() > most; tries++ { // other tests may use the machine
		for _, binary := range []string{provider, floor} {
			started := time.Now()
			p := start(t, binary)
			if !strings.Contains(p.call("GetProviderSchema"), "commvault_access_token") {
				t.Fatal("the schema lacks commvault_access_token")
			}
			best[binary] = min(best[binary], time.Since(started))
			p.end()
		}
	}
	t.Logf("GetProviderSchema was answered %s after the start, the floor's %s", best[provider].Round(time.Millisecond/10),
		best[floor].Round(time.Millisecond/10))
	if ratio() > most {
		t.Errorf("the start takes %.2f times as long as the floor's, more than %.2f", ratio(), most)
	}
}

// TestMemoryDoesNotGrowWithCalls verifies that the built provider releases the contexts of its calls, and that its garbage has a bound.
// The calls are those of a state with 2,000 tokens. If nothing is released, they take 140 MiB. The limit is higher than that of make
// bench, because other tests on the machine delay the garbage collector.
func TestMemoryDoesNotGrowWithCalls(t *testing.T) {
	const most = 96 << 20
	p := start(t, acctest.Binary(t))
	for range 2000 {
		for _, name := range []string{"ValidateResourceConfig", "UpgradeResourceState", "ReadResource", "PlanResourceChange"} {
			p.call(name) // without a resource: the response is an error
		}
	}
	_, peak := p.end()
	t.Logf("8,000 calls took %.1f MiB", float64(peak)/(1<<20))
	if peak > most {
		t.Errorf("8,000 calls took %d bytes of memory, more than %d", peak, most)
	}
}

// TestTheBuiltProviderLogsWhenAsked verifies that the built provider writes no lines of its own or of the SDKs if no variable enables
// logs, and all lines if any variable does.
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
