// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package release

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestASecondBuildIsTheSame builds the same sources in another directory and compares all published files.
func TestASecondBuildIsTheSame(t *testing.T) {
	first := built(t)
	second := release{filepath.Join(copySources(t), "dist"), first.version}
	makeSnapshot(t, second, "GPG_FINGERPRINT=")
	if got, want := second.files(t), first.published(); !slices.Equal(got, want) {
		t.Errorf("the second build has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, name := range first.published() {
		a, errA := os.ReadFile(filepath.Join(first.dir, name))
		b, errB := os.ReadFile(filepath.Join(second.dir, name))
		if errA != nil || errB != nil {
			t.Errorf("%s: %v, %v", name, errA, errB)
		} else if !bytes.Equal(a, b) {
			t.Errorf("%s is not the same in both builds", name)
		}
	}
}

// TestABuildWithoutACacheIsTheSame compiles everything again, including the modules and Go's own packages. One platform is enough.
func TestABuildWithoutACacheIsTheSame(t *testing.T) {
	first := built(t)
	second := release{filepath.Join(copySources(t), "dist"), first.version}
	makeSnapshot(t, second, "GORELEASER=bin/goreleaser build --clean --single-target", "GPG_FINGERPRINT=", "GOCACHE="+t.TempDir())

	platform := runtime.GOOS + "_" + runtime.GOARCH
	paths, err := filepath.Glob(filepath.Join(second.dir, "*_"+platform+"_*", "terraform-provider-commvault_v"+first.version))
	if err != nil || len(paths) != 1 {
		t.Fatalf("it built %s (%v), want one program", paths, err)
	}
	again, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again, first.binary(t, platform)) {
		t.Error("the program is not the same")
	}
}

// makeSnapshot builds a release from a copy, with variables for make or for the environment.
func makeSnapshot(t *testing.T, r release, variables ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "make", "-C", filepath.Dir(r.dir),
		// These are links to the tools of the first build. They look older than their pins, which were just copied.
		"-o", "bin/cyclonedx-gomod", "-o", "bin/goreleaser",
		"release-snapshot", "VERSION="+r.version)
	command.Args = append(command.Args, variables...)
	command.Env = withoutMake()
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("the second build failed: %s\n%s", err, output)
	}
}

// withoutMake returns the environment without the variables that make sets for a make that it starts.
func withoutMake() []string {
	return slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "MAKE") || strings.HasPrefix(variable, "MFLAGS")
	})
}

// copySources copies the repository, including uncommitted files and without build results.
func copySources(t *testing.T) string {
	t.Helper()
	from, to := "../..", filepath.Join(t.TempDir(), "elsewhere")
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch {
		case name == "bin" || name == "dist" || entry.Name() == ".terraform":
			return fs.SkipDir
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, name), 0o700)
		case !entry.Type().IsRegular():
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), data, info.Mode().Perm())
	})
	if err != nil {
		t.Fatal(err)
	}
	bin, err := filepath.Abs(filepath.Join(from, "bin"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(bin, filepath.Join(to, "bin")); err != nil {
		t.Fatal(err)
	}
	return to
}
