// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

// Package release contains only tests. They check the result of make release-snapshot. make test-release builds it and passes its
// location and expected version.
package release

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
)

// platforms are those that HashiCorp recommends for a provider, and arm for FreeBSD.
var platforms = []string{
	"darwin_amd64", "darwin_arm64",
	"freebsd_386", "freebsd_amd64", "freebsd_arm", "freebsd_arm64",
	"linux_386", "linux_amd64", "linux_arm", "linux_arm64",
	"windows_386", "windows_amd64", "windows_arm64",
}

// release is a directory with all published files.
type release struct{ dir, version string }

func built(t *testing.T) release {
	t.Helper()
	r := release{os.Getenv("RELEASE_DIST"), os.Getenv("RELEASE_VERSION")}
	if r.dir == "" || r.version == "" {
		t.Skip("make test-release builds a release, and tells where it is")
	}
	return r
}

// name returns the name of a file of the release. The suffix is, for example, "SHA256SUMS".
func (r release) name(suffix string) string {
	return "terraform-provider-commvault_" + r.version + "_" + suffix
}

// simulatorName returns the name of a file of the simulator. Registries look for files that begin with terraform-provider-.
func (r release) simulatorName(suffix string) string {
	return "commvault-simulator_" + r.version + "_" + suffix
}

func (r release) read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(r.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// published returns the names of the files that registries and users download, without the signature.
func (r release) published() []string {
	names := []string{r.name("SHA256SUMS"), r.name("manifest.json")}
	for _, platform := range platforms {
		names = append(names, r.name(platform+".zip"), r.name(platform+".cdx.json"))
	}
	names = append(names, r.simulatorName("SHA256SUMS"))
	for _, platform := range simulatorPlatforms {
		names = append(names, r.simulatorName(platform+".tar.gz"), r.simulatorName(platform+".cdx.json"))
	}
	slices.Sort(names)
	return names
}

// files returns the names of the existing files, without GoReleaser's own notes and the binaries in the archives.
func (r release) files(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		if !entry.IsDir() && !slices.Contains([]string{"artifacts.json", "config.yaml", "metadata.json"}, entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	return names
}

func TestNames(t *testing.T) {
	r := built(t)
	if got, want := r.files(t), r.published(); !slices.Equal(got, want) {
		t.Errorf("the release has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestChecksums verifies that each SHA256SUMS contains the archives of its program, in the form that sha256sum --check reads, and nothing
// else: HashiCorp's registry refuses a release with the checksum of an unknown file. That of the provider contains the manifest, too.
func TestChecksums(t *testing.T) {
	r := built(t)
	names := map[string][]string{r.name("SHA256SUMS"): {r.name("manifest.json")}}
	for _, platform := range platforms {
		names[r.name("SHA256SUMS")] = append(names[r.name("SHA256SUMS")], r.name(platform+".zip"))
	}
	for _, platform := range simulatorPlatforms {
		names[r.simulatorName("SHA256SUMS")] = append(names[r.simulatorName("SHA256SUMS")], r.simulatorName(platform+".tar.gz"))
	}
	for sums, files := range names {
		var want []string
		for _, name := range files {
			want = append(want, hash(r.read(t, name))+"  "+name)
		}
		got := strings.Split(strings.TrimSuffix(string(r.read(t, sums)), "\n"), "\n")
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s contains\n%s\nwant\n%s", sums, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// TestManifest verifies that the release declares the provider's protocol version. Registries assume 5.0 by default.
func TestManifest(t *testing.T) {
	r := built(t)
	var manifest struct {
		Version  int `json:"version"`
		Metadata struct {
			ProtocolVersions []string `json:"protocol_versions"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(r.read(t, r.name("manifest.json")), &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest.Version != 1 || !slices.Equal(manifest.Metadata.ProtocolVersions, []string{"6.0"}) {
		t.Errorf("the manifest is %+v, want version 1 and protocol 6.0", manifest)
	}
}

// TestPrograms verifies the content of each archive: the licence, and a static program for its platform with the name that a CLI or a
// user starts. The program knows its version and contains nothing about the machine that built it. Its SBOM describes it, and contains
// its modules and Go itself.
func TestPrograms(t *testing.T) {
	r := built(t)
	for _, platform := range platforms {
		t.Run("provider_"+platform, func(t *testing.T) {
			r.checkProgram(t, platform, r.binary(t, platform), r.read(t, r.name(platform+".cdx.json")))
		})
	}
	for _, platform := range simulatorPlatforms {
		t.Run("simulator_"+platform, func(t *testing.T) {
			r.checkProgram(t, platform, r.simulator(t, platform), r.read(t, r.simulatorName(platform+".cdx.json")))
		})
	}
}

func (r release) checkProgram(t *testing.T, platform string, binary, described []byte) {
	t.Helper()
	info, err := buildinfo.Read(bytes.NewReader(binary))
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	goos, goarch, _ := strings.Cut(platform, "_")
	for key, want := range map[string]string{
		"GOOS": goos, "GOARCH": goarch, "CGO_ENABLED": "0", "-trimpath": "true", "GOARM": map[string]string{"arm": "6"}[goarch],
	} {
		if settings[key] != want {
			t.Errorf("it was built with %s=%q, want %q", key, settings[key], want)
		}
	}
	if !bytes.Contains(binary, []byte(r.version)) {
		t.Errorf("it does not hold its version, %s", r.version)
	}
	here, err := filepath.Abs("../..")
	if err != nil || bytes.Contains(binary, []byte(here)) {
		t.Errorf("it holds the path %s of the machine that built it (%v)", here, err)
	}

	type component struct{ PURL string }
	var sbom struct {
		BOMFormat string `json:"bomFormat"`
		Metadata  struct {
			Component  component
			Properties []struct{ Name, Value string }
		}
		Components []component
	}
	if err := json.Unmarshal(described, &sbom); err != nil {
		t.Fatal(err)
	}
	purl := func(module, version string) component {
		return component{fmt.Sprintf("pkg:golang/%s@%s?goarch=%s&goos=%s&type=module", module, version, goarch, goos)}
	}
	main := purl(info.Main.Path, "v"+r.version)
	if directory, isPart := strings.CutPrefix(info.Path, info.Main.Path+"/"); isPart {
		main.PURL += "#" + directory
	}
	if sbom.BOMFormat != "CycloneDX" || sbom.Metadata.Component != main {
		t.Errorf("its SBOM is a %s of %s", sbom.BOMFormat, sbom.Metadata.Component)
	}
	want := []component{purl("std", info.GoVersion)}
	for _, module := range info.Deps {
		want = append(want, purl(module.Path, module.Version))
	}
	byPURL := func(a, b component) int { return strings.Compare(a.PURL, b.PURL) }
	slices.SortFunc(want, byPURL)
	slices.SortFunc(sbom.Components, byPURL)
	if !slices.Equal(sbom.Components, want) {
		t.Errorf("its SBOM names %s, want %s", sbom.Components, want)
	}
	if !slices.Contains(sbom.Metadata.Properties, struct{ Name, Value string }{"cdx:gomod:binary:hash:SHA-256", hash(binary)}) {
		t.Errorf("its SBOM is about another binary: %v", sbom.Metadata.Properties)
	}
}

// binary returns the provider from the zip of a platform.
func (r release) binary(t *testing.T, platform string) []byte {
	t.Helper()
	data := r.read(t, r.name(platform+".zip"))
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	want := "terraform-provider-commvault_v" + r.version
	if strings.HasPrefix(platform, "windows_") {
		want += ".exe"
	}
	var names []string
	var binary []byte
	for _, file := range archive.File {
		names = append(names, file.Name)
		if file.Name != want {
			continue
		}
		if file.Mode() != 0o755 {
			t.Errorf("the mode of %s is %s, so that nobody can run it", file.Name, file.Mode())
		}
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if binary, err = io.ReadAll(content); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(names, []string{"LICENSE", want}) {
		t.Fatalf("the archive holds %s, want LICENSE and %s", names, want)
	}
	return binary
}

// source returns the provider's address without the host, which each CLI adds.
func source() string { return strings.TrimPrefix(provider.Address, "registry.terraform.io/") }

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
