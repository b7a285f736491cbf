// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package release

import (
	"archive/zip"
	"bytes"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestMirrors follows the guide on mirrors with the result of make release-snapshot. The guide's shell commands create a filesystem
// mirror and a network mirror, and lock the checksums of two platforms from each. Its configurations install the provider, which issues
// and revokes a token.
//
// It proves the statements of the guide:
//   - Without a registry, init knows the checksum of its own platform only.
//   - The two mirrors produce the same lock file, which is valid for both.
//   - init refuses an archive with different files. Without a lock file, it does so only for a network mirror that lists the checksum.
//   - An image needs no configuration.
//   - terraform providers mirror queries the registry, whatever mirrors are configured.
func TestMirrors(t *testing.T) {
	r := built(t)
	m := newMirrored(t, r)
	shell := m.guide(t, "shell")
	if len(shell) != 3 {
		t.Fatalf("the guide has %d blocks of shell, want those of a filesystem mirror, of a network mirror, and of a lock", len(shell))
	}
	m.shell(t, shell[0]+shell[1])
	files, network := m.configurations(t)

	// With init alone.
	m.cli(t, files, "init", "-no-color", "-input=false")
	if got := m.locked(t); len(got) != 1 || !strings.HasPrefix(got[0], "h1:") {
		t.Errorf("init has locked %q, want the checksum of this platform", got)
	}

	// With both mirrors, for both platforms.
	m.forget(t, true)
	m.shell(t, "cd module\n"+shell[2])
	fromFiles := m.locked(t)
	if len(fromFiles) != 2 {
		t.Errorf("the lock of two platforms has %q", fromFiles)
	}
	m.forget(t, true)
	lock := regexp.MustCompile(`(?s)\$ (terraform providers lock -net-mirror=.*)`).FindStringSubmatch(strings.Join(m.guide(t, "console"), "\n"))
	if lock == nil {
		t.Fatal("the guide does not lock from a network mirror")
	}
	m.shell(t, "cd module\n"+strings.ReplaceAll(lock[1], networkURL, m.server.URL+"/"))
	fromNetwork := m.locked(t)
	for _, hash := range fromFiles {
		if !slices.Contains(fromNetwork, hash) {
			t.Errorf("the network mirror locks %q, without %s", fromNetwork, hash)
		}
	}
	t.Logf("the filesystem mirror locks %q, the network mirror %q", fromFiles, fromNetwork)

	// With the lock file of the network mirror.
	for name, configuration := range map[string]string{"files": files, "network": network} {
		m.forget(t, false)
		m.asked = nil
		m.cli(t, configuration, "init", "-no-color", "-input=false", "-lockfile=readonly")
		if archive := "/" + r.name(runtime.GOOS+"_"+runtime.GOARCH+".zip"); strings.Contains(strings.Join(m.asked, " "), archive) != (name == "network") {
			t.Errorf("%s: the server is asked for %q", name, m.asked)
		}
		m.lives(t)
	}

	// Without a configuration, in an image.
	m.forget(t, false)
	share := t.TempDir() // in the place of /usr/local/share
	if err := os.CopyFS(filepath.Join(share, "terraform", "plugins"), os.DirFS(m.mirror)); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "linux" {
		m.cli(t, os.DevNull, "init", "-no-color", "-input=false", "-lockfile=readonly", "XDG_DATA_DIRS="+share)
	}

	// The command that does not work yet.
	output, err := m.run(files, "providers", "mirror", t.TempDir(), "HTTPS_PROXY=http://127.0.0.1:1", "https_proxy=http://127.0.0.1:1", "TF_REGISTRY_DISCOVERY_RETRY=0")
	if err == nil || !strings.Contains(output, providerHost()) {
		t.Errorf("providers mirror does not ask the registry: %v\n%s", err, output)
	}

	// A different archive with the same name.
	m.forget(t, false)
	m.tamper(t, r.name(runtime.GOOS+"_"+runtime.GOARCH+".zip"))
	for name, configuration := range map[string]string{"files": files, "network": network} {
		if output, err := m.run(configuration, "init", "-no-color", "-input=false", "-lockfile=readonly"); err == nil || !strings.Contains(output, "checksum") {
			t.Errorf("%s: init takes an archive with other files in it: %v\n%s", name, err, output)
		}
	}
	m.forget(t, true)
	if output, err := m.run(network, "init", "-no-color", "-input=false"); err == nil || !strings.Contains(output, "checksum") {
		t.Errorf("without a lock file, init takes another archive than the one that the network mirror lists: %v\n%s", err, output)
	}
	m.cli(t, files, "init", "-no-color", "-input=false") // without a checksum, the change is not detected
}

// networkURL is the URL in the guide.
const networkURL = "https://mirror.example.com/terraform/"

func providerHost() string {
	if host := os.Getenv("TF_ACC_PROVIDER_HOST"); host != "" {
		return host
	}
	return "registry.terraform.io"
}

// mirrored is the machine of a user who follows the guide: a home directory with the mirror, a directory with dist/, a module, and a
// server for the mirror.
type mirrored struct {
	release release
	testEnv *acctest.Env
	home    string
	mirror  string
	module  string
	server  *httptest.Server
	env     []string

	mu    sync.Mutex
	asked []string // requested paths
}

func newMirrored(t *testing.T, r release) *mirrored {
	t.Helper()
	m := &mirrored{release: r, testEnv: acctest.NewOnSystemClock(t, simulator.Options{}), home: t.TempDir()}
	m.mirror, m.module = filepath.Join(m.home, "mirror"), filepath.Join(m.home, "module")
	bin := filepath.Join(m.home, "bin")
	for _, dir := range []string{m.module, bin} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"dist": r.dir, "bin/terraform": os.Getenv("TF_ACC_TERRAFORM_PATH")} {
		if err := os.Symlink(target, filepath.Join(m.home, link)); err != nil {
			t.Fatal(err)
		}
	}
	write(t, m.module, "main.tf", fmt.Sprintf("terraform {\n  required_providers {\n    commvault = {\n      source  = %q\n      version = %q\n    }\n  }\n}\n",
		source(), r.version)+m.testEnv.Config(acctest.Token(`name = "mirrored"`)))
	served := http.FileServer(http.Dir(m.mirror))
	m.server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		m.mu.Lock()
		m.asked = append(m.asked, request.URL.Path)
		m.mu.Unlock()
		served.ServeHTTP(w, request)
	}))
	t.Cleanup(m.server.Close)
	write(t, m.home, "server.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: m.server.Certificate().Raw})))
	m.env = append(os.Environ(), "HOME="+m.home, "PATH="+bin+":"+os.Getenv("PATH"), "TF_IN_AUTOMATION=1", "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1",
		"SSL_CERT_FILE="+filepath.Join(m.home, "server.pem"))
	return m
}

// guide returns the guide's code blocks of a language.
func (m *mirrored) guide(t *testing.T, language string) []string {
	t.Helper()
	page, err := os.ReadFile("../../docs/guides/mirrors.md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, block := range regexp.MustCompile("(?sm)^```"+language+"\n(.*?)^```$").FindAllSubmatch(page, -1) {
		blocks = append(blocks, string(block[1]))
	}
	return blocks
}

// configurations returns the configurations of the guide, with the addresses of the local mirrors.
func (m *mirrored) configurations(t *testing.T) (files, network string) {
	t.Helper()
	here := strings.NewReplacer("/srv/mirror", m.mirror, networkURL, m.server.URL+"/")
	for _, block := range m.guide(t, "terraform") {
		for name, to := range map[string]*string{"filesystem_mirror": &files, "network_mirror": &network} {
			if strings.Contains(block, name) {
				write(t, m.home, name+".tfrc", here.Replace(block))
				*to = filepath.Join(m.home, name+".tfrc")
			}
		}
	}
	if files == "" || network == "" {
		t.Fatal("the guide lacks a configuration")
	}
	return files, network
}

// shell runs a script of the guide in the home directory.
func (m *mirrored) shell(t *testing.T, script string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "sh", "-euc", "mirror=$HOME/mirror\n"+script)
	command.Dir, command.Env = m.home, append(m.env, "TF_CLI_CONFIG_FILE="+os.DevNull)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %s\n%s", script, err, output)
	}
}

// run runs the CLI in the module. Arguments of the form NAME=VALUE are environment variables.
func (m *mirrored) run(configuration string, arguments ...string) (string, error) {
	command := exec.Command("terraform")
	command.Path = filepath.Join(m.home, "bin", "terraform")
	command.Dir, command.Env = m.module, append(m.env, "TF_CLI_CONFIG_FILE="+configuration)
	for _, argument := range arguments {
		if name, _, found := strings.Cut(argument, "="); found && !strings.HasPrefix(name, "-") {
			command.Env = append(command.Env, argument)
		} else {
			command.Args = append(command.Args, argument)
		}
	}
	output, err := command.CombinedOutput()
	return string(output), err
}

func (m *mirrored) cli(t *testing.T, configuration string, arguments ...string) string {
	t.Helper()
	output, err := m.run(configuration, arguments...)
	if err != nil {
		t.Fatalf("%v: %s\n%s", arguments, err, output)
	}
	return output
}

// lives issues a token with the installed provider, plans again, and revokes the token. Each request names the version of the release.
func (m *mirrored) lives(t *testing.T) {
	t.Helper()
	m.cli(t, os.DevNull, "apply", "-no-color", "-input=false", "-auto-approve")
	if tokens := m.testEnv.Tokens(); len(tokens) != 1 || tokens[0].Name != "mirrored" {
		t.Errorf("the server holds %d tokens after the apply, want the one", len(tokens))
	}
	if output := m.cli(t, os.DevNull, "plan", "-no-color", "-input=false"); !strings.Contains(output, "No changes.") {
		t.Errorf("a second plan is not empty:\n%s", output)
	}
	m.cli(t, os.DevNull, "destroy", "-no-color", "-input=false", "-auto-approve")
	if left := len(m.testEnv.Tokens()); left != 0 {
		t.Errorf("%d tokens are left after the destroy", left)
	}
	requests := m.testEnv.Journal()
	if len(requests) == 0 {
		t.Error("nothing was sent")
	}
	for _, request := range requests {
		if agent := request.Header.Get("User-Agent"); !strings.Contains(agent+" ", "terraform-provider-commvault/"+m.release.version+" ") {
			t.Errorf("%s %s is sent by %q, want version %s", request.Method, request.Path, agent, m.release.version)
		}
	}
}

// locked returns the checksums in the lock file, which must contain no other provider.
func (m *mirrored) locked(t *testing.T) []string {
	t.Helper()
	lock, err := os.ReadFile(filepath.Join(m.module, ".terraform.lock.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(lock, []byte(providerHost()+"/"+source())) {
		t.Errorf("the lock file is about something else:\n%s", lock)
	}
	return regexp.MustCompile(`(?:h1|zh):[^"]+`).FindAllString(string(lock), -1)
}

// forget removes the installed provider, and the lock file if lock is set.
func (m *mirrored) forget(t *testing.T, lock bool) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(m.module, ".terraform")); err != nil {
		t.Fatal(err)
	}
	if lock {
		if err := os.Remove(filepath.Join(m.module, ".terraform.lock.hcl")); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
}

// tamper adds a file to an archive of the mirror.
func (m *mirrored) tamper(t *testing.T, name string) {
	t.Helper()
	path := filepath.Join(m.mirror, providerHost(), source(), name)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	from, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var changed bytes.Buffer
	to := zip.NewWriter(&changed)
	for _, file := range from.File {
		if err := to.Copy(file); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := to.Create("more"); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, changed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
