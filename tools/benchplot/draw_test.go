// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func points(factor float64) []Point {
	return []Point{
		{X: 100, Y: factor, Min: factor * 0.9, Max: factor * 1.1},
		{X: 1600, Y: 3 * factor, Min: 3 * factor, Max: 4 * factor},
	}
}

func TestFiguresAreDrawn(t *testing.T) {
	figures := []Figure{
		{File: "one.svg", Panels: []Panel{{
			Title: "One panel", XLabel: "tokens", YLabel: "MiB", Limit: 64, LimitName: "the limit",
			Series: []Series{{Name: "provider", Points: points(1)}},
		}}},
		{File: "../three.svg", Panels: []Panel{
			{Title: "apply", LogY: true, Series: []Series{{Name: "first", Points: points(1)}, {Name: "second", Points: points(2)}}},
			{Title: "plan", Series: []Series{{Name: "first", Points: points(1)}}},
			{Title: "destroy", Series: []Series{{Name: "first", Points: points(1)}}},
		}},
	}
	data, err := json.Marshal(figures)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := run(strings.NewReader(string(data)), dir); err != nil {
		t.Fatal(err)
	}
	for file, words := range map[string][]string{
		"one.svg":   {"One panel", "tokens", "MiB", "the limit", "provider", ">100<", ">1600<"},
		"three.svg": {"apply", "plan", "destroy", "first", "second"},
	} {
		svg, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		if root := wellFormed(t, svg); root != "svg" {
			t.Errorf("%s is a %q", file, root)
		}
		for _, word := range words {
			if !strings.Contains(string(svg), word) {
				t.Errorf("%s lacks %q", file, word)
			}
		}
	}
}

// wellFormed returns the name of the root.
func wellFormed(t *testing.T, data []byte) (root string) {
	t.Helper()
	for decoder := xml.NewDecoder(strings.NewReader(string(data))); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return root
		}
		if err != nil {
			t.Fatal(err)
		}
		if element, ok := token.(xml.StartElement); ok && root == "" {
			root = element.Name.Local
		}
	}
}

func TestWhatCannotBeDrawnIsSaid(t *testing.T) {
	for name, test := range map[string]struct{ in, want string }{
		"no JSON":          {"tokens", "the figures"},
		"an unknown field": {`[{"file":"a.svg","colour":"red"}]`, "colour"},
		"no panels":        {`[{"file":"a.svg"}]`, "without panels"},
		"no points":        {`[{"file":"a.svg","panels":[{"series":[{"name":"first"}]}]}]`, "a.svg"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := run(strings.NewReader(test.in), t.TempDir()); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want %q in it", err, test.want)
			}
		})
	}
}
