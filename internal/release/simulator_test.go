// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package release

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// simulatorPlatforms are the platforms on which users test their modules.
var simulatorPlatforms = []string{"darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64", "windows_amd64", "windows_arm64"}

// TestSimulatorKnowsItsVersion starts the simulator of this platform.
func TestSimulatorKnowsItsVersion(t *testing.T) {
	r := built(t)
	file := filepath.Join(t.TempDir(), "commvault-simulator")
	if err := os.WriteFile(file, r.simulator(t, runtime.GOOS+"_"+runtime.GOARCH), 0o700); err != nil {
		t.Fatal(err)
	}
	if output, err := exec.CommandContext(t.Context(), file, "-version").Output(); err != nil || string(output) != "commvault-simulator "+r.version+"\n" {
		t.Errorf("it says that it is %q (%v)", output, err)
	}
}

// simulator returns the simulator from the archive of a platform.
func (r release) simulator(t *testing.T, platform string) []byte {
	t.Helper()
	unzipped, err := gzip.NewReader(bytes.NewReader(r.read(t, r.simulatorName(platform+".tar.gz"))))
	if err != nil {
		t.Fatal(err)
	}
	want := "commvault-simulator"
	if strings.HasPrefix(platform, "windows_") {
		want += ".exe"
	}
	var names []string
	var binary []byte
	archive := tar.NewReader(unzipped)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, header.Name)
		if header.Name != want {
			continue
		}
		if header.Mode != 0o755 {
			t.Errorf("the mode of %s is %o, so that nobody can run it", header.Name, header.Mode)
		}
		if binary, err = io.ReadAll(archive); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(names, []string{"LICENSE", want}) {
		t.Fatalf("the archive holds %s, want LICENSE and %s", names, want)
	}
	return binary
}
