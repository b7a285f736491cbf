// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Command benchplot draws figures as SVG. It is a module of its own, so that the provider needs no library for it.
//
//	benchplot DIRECTORY <figures.json
//
// The figures come as JSON, see Figure; each becomes a file in the directory.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Figure is one file, with its panels beside one another.
type Figure struct {
	File   string  `json:"file"`
	Panels []Panel `json:"panels"`
}

// Panel is a diagram of lines. Its x axis is logarithmic.
type Panel struct {
	Title  string `json:"title"`
	XLabel string `json:"xLabel"`
	YLabel string `json:"yLabel"`
	// LogY makes the y axis logarithmic, too. Otherwise it begins at 0.
	LogY bool `json:"logY"`
	// Limit is a horizontal line; 0 is none.
	Limit     float64  `json:"limit"`
	LimitName string   `json:"limitName"`
	Series    []Series `json:"series"`
}

// Series is a line.
type Series struct {
	Name   string  `json:"name"`
	Points []Point `json:"points"`
}

// Point of a line, with the least and the most of what was measured there.
type Point struct {
	X   float64 `json:"x"`
	Y   float64 `json:"y"`
	Min float64 `json:"min"`
	Max float64 `json:"max"`
}

func main() {
	if len(os.Args) != 2 {
		_, _ = fmt.Fprintln(os.Stderr, "usage: benchplot DIRECTORY <figures.json")
		os.Exit(2)
	}
	if err := run(os.Stdin, os.Args[1]); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "benchplot:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, dir string) error {
	var figures []Figure
	decoder := json.NewDecoder(in)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&figures); err != nil {
		return fmt.Errorf("the figures: %w", err)
	}
	for _, figure := range figures {
		data, err := figure.svg()
		if err != nil {
			return fmt.Errorf("%s: %w", figure.File, err)
		}
		// Whoever reads the repository looks at it.
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(figure.File)), data, 0o644); err != nil { //nolint:gosec // no secret in it
			return err
		}
	}
	return nil
}
