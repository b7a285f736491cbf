// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package release

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestSignature builds a release for one platform with a temporary key. It verifies that this key signs the checksums of the provider
// and of the simulator, and no other file.
func TestSignature(t *testing.T) {
	built(t) // so that the tools and most compiled packages exist
	if _, err := exec.LookPath("gpg"); err != nil {
		t.Skip("there is no gpg on PATH: the signatures are not tested")
	}
	key := newKey(t)
	dir := copySources(t)
	onePlatform(t, dir)
	r := release{filepath.Join(dir, "dist"), os.Getenv("RELEASE_VERSION")}

	makeSnapshot(t, r, "GNUPGHOME="+key.home, "GPG_FINGERPRINT="+key.fingerprint)

	want := []string{
		r.simulatorName("SHA256SUMS"), r.simulatorName("SHA256SUMS.sig"),
		r.simulatorName("linux_amd64.cdx.json"), r.simulatorName("linux_amd64.tar.gz"),
		r.name("SHA256SUMS"), r.name("SHA256SUMS.sig"),
		r.name("linux_amd64.cdx.json"), r.name("linux_amd64.zip"), r.name("manifest.json"),
	}
	if got := r.files(t); !slices.Equal(got, want) {
		t.Errorf("it built %s, want %s", got, want)
	}
	key.verify(t, r, r.name("SHA256SUMS"))
	key.verify(t, r, r.simulatorName("SHA256SUMS"))
}

// onePlatform is enough for properties that do not depend on the platform.
func onePlatform(t *testing.T, dir string) {
	t.Helper()
	edit(t, filepath.Join(dir, ".goreleaser.yml"), func(text string) string {
		text = regexp.MustCompile(`goos: \[.*\]`).ReplaceAllString(text, "goos: [linux]")
		return regexp.MustCompile(`goarch: \[.*\]`).ReplaceAllString(text, "goarch: [amd64]")
	})
}

// key is a key for one build.
type key struct{ home, fingerprint string }

func newKey(t *testing.T) key {
	t.Helper()
	home, err := os.MkdirTemp("", "gpg") //nolint:usetesting // the path of an agent's socket must be short
	if err != nil {
		t.Fatal(err)
	}
	k := key{home: home}
	t.Cleanup(func() {
		_ = exec.Command("gpgconf", "--homedir", home, "--kill", "all").Run() // no agent may be running
		_ = os.RemoveAll(home)
	})
	k.gpg(t, "--batch", "--passphrase", "", "--quick-generate-key", "release@example.com", "rsa3072", "sign", "1d")
	for line := range strings.Lines(k.gpg(t, "--batch", "--with-colons", "--list-secret-keys")) {
		if fields := strings.Split(line, ":"); fields[0] == "fpr" && k.fingerprint == "" {
			k.fingerprint = fields[9]
		}
	}
	if k.fingerprint == "" {
		t.Fatal("the key has no fingerprint")
	}
	return k
}

// verify checks that this key signed the checksums, and that the signature is binary, as registries require.
func (k key) verify(t *testing.T, r release, name string) {
	t.Helper()
	sums := filepath.Join(r.dir, name)
	signature := sums + ".sig"
	said := k.gpg(t, "--batch", "--status-fd", "1", "--verify", signature, sums)
	if !strings.Contains(said, fmt.Sprintf("[GNUPG:] VALIDSIG %s ", k.fingerprint)) {
		t.Errorf("the checksums are not signed by %s:\n%s", k.fingerprint, said)
	}
	if data, err := os.ReadFile(signature); err != nil || bytes.HasPrefix(data, []byte("-----BEGIN")) {
		t.Errorf("the signature is in ASCII (%v)", err)
	}
}

func (k key) gpg(t *testing.T, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "gpg", arguments...)
	command.Env = append(os.Environ(), "GNUPGHOME="+k.home)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("gpg %v: %s\n%s", arguments, err, &stderr)
	}
	return string(output)
}
