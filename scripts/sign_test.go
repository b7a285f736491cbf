// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSign signs as the release does, with a key and a passphrase from the environment. PATH has no program except gpg and the
// shell's usual ones, so this fails if the script runs another one.
func TestSign(t *testing.T) {
	if _, err := exec.LookPath("gpg"); err != nil {
		t.Skip("there is no gpg on PATH: the signature of a release is not tested")
	}
	k := newSigner(t)
	for name, test := range map[string]struct {
		file, key, passphrase string
		want                  string
	}{
		"signed":               {"a_SHA256SUMS", k.secret, k.passphrase, ""},
		"a wrong passphrase":   {"a_SHA256SUMS", k.secret, "another", "Bad passphrase"},
		"no key":               {"a_SHA256SUMS", "", "", "the key to sign with"},
		"something else":       {"a_SHA256SUMS", "no key", "", "no valid OpenPGP data"},
		"nothing to be signed": {"a.zip", k.secret, k.passphrase, "no checksums"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, temporary := t.TempDir(), k.shortDir(t)
			file := filepath.Join(dir, test.file)
			if err := os.WriteFile(file, []byte("0  a.zip\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			command := exec.CommandContext(t.Context(), "./sign", dir)
			command.Env = []string{"PATH=" + k.path, "TMPDIR=" + temporary, "HOME=" + dir, "GPG_PRIVATE_KEY=" + test.key, "GPG_PASSPHRASE=" + test.passphrase}
			output, err := command.CombinedOutput()
			if refused := err != nil; refused != (test.want != "") || !strings.Contains(string(output), test.want) {
				t.Errorf("it ends with %v and says %q, want %q", err, output, test.want)
			}
			if left, _ := os.ReadDir(temporary); len(left) > 0 {
				t.Errorf("it leaves %v behind", left)
			}
			if left, _ := filepath.Glob(dir + "/.gnupg/private-keys-v1.d/*"); len(left) > 0 {
				t.Errorf("it leaves %v in the user's keyring", left)
			}
			_, err = os.Stat(file + ".sig")
			if signed := err == nil; signed != (test.want == "") {
				t.Errorf("there is a signature: %t", signed)
			}
			if test.want == "" && !strings.Contains(k.gpg(t, "", "--status-fd", "1", "--verify", file+".sig", file), "[GNUPG:] VALIDSIG ") {
				t.Error("the signature is not valid")
			}
		})
	}
}

// signer is a key with a passphrase, and a PATH with the programs that a signature needs.
type signer struct{ home, path, secret, passphrase string }

func newSigner(t *testing.T) signer {
	t.Helper()
	k := signer{passphrase: "correct horse", path: t.TempDir()}
	k.home = k.shortDir(t)
	for _, program := range []string{"bash", "gpg", "gpgconf", "gpg-agent", "mktemp", "rm", "sed", "wc"} {
		at, err := exec.LookPath(program)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(at, filepath.Join(k.path, program)); err != nil {
			t.Fatal(err)
		}
	}
	k.gpg(t, k.passphrase, "--quick-generate-key", "release@example.com", "rsa3072", "sign", "1d")
	k.secret = k.gpg(t, k.passphrase, "--armor", "--export-secret-keys")
	return k
}

// shortDir returns a temporary directory with a short path, because an agent's socket needs one.
func (k signer) shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "gpg") //nolint:usetesting // see above
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = exec.Command("gpgconf", "--homedir", dir, "--kill", "all").Run() // no agent may be running
		_ = os.RemoveAll(dir)
	})
	return dir
}

func (k signer) gpg(t *testing.T, passphrase string, arguments ...string) string {
	t.Helper()
	options := []string{"--batch", "--pinentry-mode", "loopback", "--passphrase", passphrase}
	command := exec.CommandContext(t.Context(), "gpg", slices.Concat(options, arguments)...)
	command.Env = append(os.Environ(), "GNUPGHOME="+k.home)
	output, err := command.Output()
	if err != nil {
		t.Fatalf("gpg %v: %s", arguments, err)
	}
	return string(output)
}
