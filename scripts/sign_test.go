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

// TestSign signs as the release does, with a key and a passphrase from the environment, and as a developer does, with a key of the
// keyring. All checksums are signed, and no other file. PATH has no program except gpg and the shell's usual ones, so this fails if the
// script runs another one.
func TestSign(t *testing.T) {
	if _, err := exec.LookPath("gpg"); err != nil {
		t.Skip("there is no gpg on PATH: the signature of a release is not tested")
	}
	k, unprotected := newSigner(t, "correct horse"), newSigner(t, "")
	for name, test := range map[string]struct {
		file string
		key  signer
		env  []string
		want string
	}{
		"signed":               {"a_SHA256SUMS", k, []string{"GPG_PRIVATE_KEY=" + k.secret, "GPG_PASSPHRASE=" + k.passphrase}, ""},
		"a key of the keyring": {"a_SHA256SUMS", unprotected, []string{"GNUPGHOME=" + unprotected.home, "GPG_FINGERPRINT=release@example.com"}, ""},
		"a wrong passphrase":   {"a_SHA256SUMS", k, []string{"GPG_PRIVATE_KEY=" + k.secret, "GPG_PASSPHRASE=another"}, "Bad passphrase"},
		"no key":               {"a_SHA256SUMS", k, nil, "the key to sign with"},
		"something else":       {"a_SHA256SUMS", k, []string{"GPG_PRIVATE_KEY=no key"}, "no valid OpenPGP data"},
		"nothing to be signed": {"a.zip", k, []string{"GPG_PRIVATE_KEY=" + k.secret, "GPG_PASSPHRASE=" + k.passphrase}, "no checksums"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, temporary := t.TempDir(), k.shortDir(t)
			for _, name := range []string{test.file, "b" + test.file, "c.cdx.json"} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte("0  a.zip\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			command := exec.CommandContext(t.Context(), "./sign", dir)
			command.Env = append([]string{"PATH=" + k.path, "TMPDIR=" + temporary, "HOME=" + dir}, test.env...)
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
			signatures, _ := filepath.Glob(dir + "/*.sig")
			if signed := len(signatures); signed != map[bool]int{true: 2}[test.want == ""] {
				t.Errorf("there are the signatures %v", signatures)
			}
			for _, signature := range signatures {
				if !strings.Contains(test.key.gpg(t, "--status-fd", "1", "--verify", signature, strings.TrimSuffix(signature, ".sig")), "[GNUPG:] VALIDSIG ") {
					t.Errorf("%s is not valid", signature)
				}
				if data, err := os.ReadFile(signature); err != nil || strings.HasPrefix(string(data), "-----BEGIN") {
					t.Errorf("%s is in ASCII, which registries refuse (%v)", signature, err)
				}
			}
		})
	}
}

// signer is a key, with or without a passphrase, and a PATH with the programs that a signature needs.
type signer struct{ home, path, secret, passphrase string }

func newSigner(t *testing.T, passphrase string) signer {
	t.Helper()
	k := signer{passphrase: passphrase, path: t.TempDir()}
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
	k.gpg(t, "--quick-generate-key", "release@example.com", "rsa3072", "sign", "1d")
	k.secret = k.gpg(t, "--armor", "--export-secret-keys")
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

func (k signer) gpg(t *testing.T, arguments ...string) string {
	t.Helper()
	options := []string{"--batch", "--pinentry-mode", "loopback", "--passphrase", k.passphrase}
	command := exec.CommandContext(t.Context(), "gpg", slices.Concat(options, arguments)...)
	command.Env = append(os.Environ(), "GNUPGHOME="+k.home)
	output, err := command.Output()
	if err != nil {
		t.Fatalf("gpg %v: %s", arguments, err)
	}
	return string(output)
}
