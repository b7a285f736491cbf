// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package release

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"debug/buildinfo"
	"encoding/json"
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

// simulatorName returns the name of a file of the simulator. Registries look for files that begin with terraform-provider-.
func (r release) simulatorName(suffix string) string {
	return "commvault-simulator_" + r.version + "_" + suffix
}

func (r release) readSimulator(t *testing.T, suffix string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(r.dir, r.simulatorName(suffix)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestSimulatorChecksums verifies that the simulator's archives have their own checksum file, which sha256sum --check reads.
// TestChecksums verifies that the provider's checksum file does not contain them.
func TestSimulatorChecksums(t *testing.T) {
	r := built(t)
	var want []string
	for _, platform := range simulatorPlatforms {
		want = append(want, hash(r.readSimulator(t, platform+".tar.gz"))+"  "+r.simulatorName(platform+".tar.gz"))
	}
	got := strings.Split(strings.TrimSuffix(string(r.readSimulator(t, "SHA256SUMS")), "\n"), "\n")
	if !slices.Equal(got, want) {
		t.Errorf("the checksums are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestSimulatorArchives verifies the content of each archive: the licence, and a static program that knows its version. It also
// verifies the SBOM of the archive.
func TestSimulatorArchives(t *testing.T) {
	r := built(t)
	here, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, platform := range simulatorPlatforms {
		t.Run(platform, func(t *testing.T) {
			binary := r.simulator(t, platform)
			info, err := buildinfo.Read(bytes.NewReader(binary))
			if err != nil {
				t.Fatal(err)
			}
			goos, goarch, _ := strings.Cut(platform, "_")
			settings := map[string]string{}
			for _, setting := range info.Settings {
				settings[setting.Key] = setting.Value
			}
			if settings["GOOS"] != goos || settings["GOARCH"] != goarch || settings["CGO_ENABLED"] != "0" || settings["-trimpath"] != "true" {
				t.Errorf("it was built with %v", settings)
			}
			if bytes.Contains(binary, []byte(here)) {
				t.Errorf("it holds the path %s of the machine that built it", here)
			}
			if !bytes.Contains(r.readSimulator(t, platform+".cdx.json"), []byte(hash(binary))) || !json.Valid(r.readSimulator(t, platform+".cdx.json")) {
				t.Error("its SBOM is not about it")
			}
		})
	}
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
	unzipped, err := gzip.NewReader(bytes.NewReader(r.readSimulator(t, platform+".tar.gz")))
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
