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

// files are what the program leaves for others while it serves.
type files struct {
	directory string // an absolute path, or empty until one is needed
	temporary bool
}

// openDirectory makes the directory, unless it is there, and removes what an earlier run has left in it: whoever waits for
// commvault.env must not find an old one. Without a path there is a temporary directory once it is needed.
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
		return nil, fmt.Errorf("%s has a %s that is not of a simulator: give -directory a directory of its own", absolute, caFile)
	}
	return f, errors.Join(os.MkdirAll(absolute, 0o755), f.remove()) //nolint:gosec // the files in it are for others to read
}

func (f *files) has(name string) bool {
	_, err := os.Stat(filepath.Join(f.directory, name))
	return err == nil
}

// writeCA writes ca.pem, and returns its path.
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

// writeExports writes commvault.env, complete from the moment that it is there, into a directory that the user has named.
func (f *files) writeExports(text string) error {
	if f.temporary {
		return nil
	}
	file := filepath.Join(f.directory, exportsFile)
	// The password of a simulator is public, and a container runs as another user than those who read the file.
	if err := os.WriteFile(file+".new", []byte(text), 0o644); err != nil { //nolint:gosec // see above
		return err
	}
	return os.Rename(file+".new", file)
}

// remove the files, and the directory if it is a temporary one.
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
