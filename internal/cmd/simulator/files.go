// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	caFile      = "ca.pem"
	exportsFile = "commvault.env"
)

// files are the files that the program provides while it serves.
type files struct {
	directory string // an absolute path, or empty until one is needed
	temporary bool
}

// openDirectory creates the directory if it does not exist, and removes the files of an earlier run, because a program that waits for
// commvault.env must not read an old one. If path is empty, a temporary directory is created when it is needed.
func openDirectory(path string) (*files, error) {
	if path == "" {
		return &files{temporary: true}, nil
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	f := &files{directory: absolute}
	if f.has(caFile) && !f.has(exportsFile) {
		return nil, fmt.Errorf("%s contains a %s that no simulator wrote: use an empty directory for -directory", absolute, caFile)
	}
	return f, errors.Join(os.MkdirAll(absolute, 0o755), f.remove()) //nolint:gosec // the files in it are for others to read
}

func (f *files) has(name string) bool {
	_, err := os.Stat(filepath.Join(f.directory, name))
	return err == nil
}

// writeCA writes ca.pem and returns its path.
func (f *files) writeCA(pem string) (string, error) {
	if f.directory == "" {
		directory, err := os.MkdirTemp("", "commvault-simulator-")
		if err != nil {
			return "", err
		}
		f.directory = directory
	}
	file := filepath.Join(f.directory, caFile)
	return file, os.WriteFile(file, []byte(pem), 0o644) //nolint:gosec // a certificate is public
}

// writeExports writes commvault.env to a directory that the user has chosen. The file is complete as soon as it exists.
func (f *files) writeExports(text string) error {
	if f.temporary {
		return nil
	}
	file := filepath.Join(f.directory, exportsFile)
	// The password of a simulator is public, and a container runs as a different user than the readers of the file.
	if err := os.WriteFile(file+".new", []byte(text), 0o644); err != nil { //nolint:gosec // see above
		return err
	}
	return os.Rename(file+".new", file)
}

// remove removes the files, and the directory if it is temporary.
func (f *files) remove() error {
	if f.temporary {
		return os.RemoveAll(f.directory) // of "" removes nothing
	}
	var problems []error
	for _, name := range []string{exportsFile, exportsFile + ".new", caFile} {
		if err := os.Remove(filepath.Join(f.directory, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}
