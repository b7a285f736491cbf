// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package scripts

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// instruction is an instruction of a Dockerfile.
type instruction struct{ name, text string }

func dockerfile(t *testing.T) []instruction {
	t.Helper()
	var all []instruction
	for _, match := range regexp.MustCompile(`(?m)^([A-Z]+) (.*)$`).FindAllStringSubmatch(read(t, "Dockerfile"), -1) {
		all = append(all, instruction{match[1], match[2]})
	}
	return all
}

// TestDockerfileBuildsAndServes does what docker would do: it copies the files that the Dockerfile copies, except those in
// .dockerignore, runs its commands without access to the network, and starts the program with the arguments of the image. The mounted
// directory then contains the server's address under the user's host name, and the authority that signed its certificate. The user of
// the image is not root.
func TestDockerfileBuildsAndServes(t *testing.T) {
	image, context := t.TempDir(), t.TempDir()
	below := strings.NewReplacer("-o /", "-o "+image+"/", "mkdir /", "mkdir "+image+"/")
	var entrypoint, stages []string
	user := "root"
	for _, i := range dockerfile(t) {
		words := strings.Fields(i.text)
		switch {
		case i.name == "FROM":
			stages = append(stages, i.text)
		case i.name == "COPY" && !strings.HasPrefix(i.text, "--from"):
			for _, source := range words[:len(words)-1] {
				copySources(t, source, filepath.Join(context, source))
			}
		case i.name == "COPY":
			if _, err := os.Stat(filepath.Join(image, words[len(words)-2])); err != nil {
				t.Errorf("COPY %s: %s", i.text, err)
			}
		case i.name == "RUN":
			command := exec.CommandContext(t.Context(), "sh", "-ec", below.Replace(i.text))
			command.Dir = context
			command.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "GOWORK=off", "GOMODCACHE="+t.TempDir())
			if output, err := command.CombinedOutput(); err != nil {
				t.Fatalf("RUN %s: %s\n%s", i.text, err, output)
			}
		case i.name == "USER":
			user = i.text
		case i.name == "ENTRYPOINT":
			if err := json.Unmarshal([]byte(i.text), &entrypoint); err != nil {
				t.Fatal(err)
			}
		}
	}
	language := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "go.mod"))[1]
	if want := []string{"golang:" + language + " AS build", "scratch"}; !slices.Equal(stages, want) {
		t.Errorf("the stages are from %q, want %q", stages, want)
	}
	if user != "65532:65532" {
		t.Errorf("it runs as %s", user)
	}

	directory := filepath.Join(image, "simulator")
	for i, argument := range entrypoint {
		if strings.HasPrefix(argument, "/") {
			entrypoint[i] = image + argument
		}
	}
	// The default port may be in use here, so any free port is used. The name is the user's.
	command := exec.CommandContext(t.Context(), entrypoint[0], append(entrypoint[1:], "-address", "0.0.0.0:0", "-name", "center")...)
	command.Env = []string{"TMPDIR=/nowhere"} // an image from scratch has no /tmp
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	exports := ""
	for patience := time.Now().Add(time.Minute); exports == ""; time.Sleep(10 * time.Millisecond) {
		text, err := os.ReadFile(filepath.Join(directory, "commvault.env"))
		if err == nil {
			exports = string(text)
		} else if time.Now().After(patience) {
			t.Fatalf("it does not serve: %v", err)
		}
	}
	host, err := url.Parse(regexp.MustCompile(`COMMVAULT_HOST=(.*)`).FindStringSubmatch(exports)[1])
	if err != nil || host.Hostname() != "center" {
		t.Errorf("the host is %v (%v)", host, err)
	}
	pem, err := os.ReadFile(filepath.Join(directory, "ca.pem"))
	roots := x509.NewCertPool()
	if err != nil || !roots.AppendCertsFromPEM(pem) {
		t.Errorf("ca.pem is %q (%v)", pem, err)
	}
	connection, err := tls.Dial("tcp", "127.0.0.1:"+host.Port(), &tls.Config{RootCAs: roots, ServerName: "center", MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Errorf("nobody can reach it by its name: %s", err)
	} else {
		_ = connection.Close()
	}
	if err := command.Process.Signal(syscall.SIGTERM); err != nil { // as docker stop does
		t.Error(err)
	}
	if err := command.Wait(); err != nil {
		t.Errorf("it ends with %s", err)
	}
}

// copySources copies a file or a directory of the repository as docker build would. It does not copy tests, which .dockerignore
// excludes.
func copySources(t *testing.T, from, to string) {
	t.Helper()
	ignored := read(t, ".dockerignore")
	if !strings.HasPrefix(strings.TrimPrefix(ignored, "# All that the Dockerfile copies.\n"), "*\n") || !strings.Contains(ignored, "\n!"+from+"\n") ||
		!strings.HasSuffix(ignored, "\n**/*_test.go\n") {
		t.Errorf(".dockerignore keeps %s from the build, or lets through more than that", from)
	}
	err := filepath.WalkDir(filepath.Join("..", from), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		name, err := filepath.Rel(filepath.Join("..", from), path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}
