// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package docs has no code: its tests read what users read, docs/, the other Markdown pages and examples/. Links have to
// lead somewhere, every HCL block has to be valid, and every example has to do what it is there for.
package docs

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// root of the repository, from here.
const root = "../.."

// page is a Markdown file.
type page struct {
	path    string // from the root, with slashes
	links   []link
	anchors map[string]bool
	blocks  []block
}

type link struct {
	line   int
	target string
}

// block is a fenced block of code.
type block struct {
	page     string
	line     int // of its first line of code
	language string
	text     string
}

func (b block) String() string { return fmt.Sprintf("%s:%d", b.page, b.line) }

var (
	frontMatter = regexp.MustCompile(`(?s)\A---\n.*?\n---\n`)
	htmlAnchor  = regexp.MustCompile(`<[^>]+\b(?:id|name)="([^"]+)"`)
	htmlLink    = regexp.MustCompile(`<[^>]+\b(?:href|src)="([^"]+)"`)
)

// readPages reads every Markdown file below a directory, save for what was built or belongs to git.
func readPages(root string) ([]page, error) {
	var pages []page
	err := eachFile(root, func(name string, source []byte) {
		pages = append(pages, readPage(name, source))
	}, ".md")
	return pages, err
}

// eachFile visits every file below a directory that has one of the extensions, save for what was built or belongs to git.
// Names are relative to the directory, with slashes.
func eachFile(root string, visit func(name string, source []byte), extensions ...string) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains([]string{".git", "bin", "dist", "node_modules", ".terraform"}, entry.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !slices.Contains(extensions, filepath.Ext(path)) {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		visit(filepath.ToSlash(name), source)
		return err
	})
}

func readPage(path string, source []byte) page {
	// As many lines as before, so that numbers stay right.
	source = frontMatter.ReplaceAllFunc(source, func(matter []byte) []byte {
		return bytes.Repeat([]byte("\n"), bytes.Count(matter, []byte("\n")))
	})
	p := page{path: path, anchors: map[string]bool{}}
	line := func(offset int) int { return 1 + bytes.Count(source[:offset], []byte("\n")) }
	html := func(segments []byte, offset int) {
		for _, match := range htmlAnchor.FindAllSubmatch(segments, -1) {
			p.anchors[string(match[1])] = true
		}
		for _, match := range htmlLink.FindAllSubmatch(segments, -1) {
			p.links = append(p.links, link{line(offset), string(match[1])})
		}
	}
	eachNode(parsed(source), func(node ast.Node) ast.WalkStatus {
		switch n := node.(type) {
		case *ast.Heading:
			p.anchors[p.slug(plainText(n, source))] = true
		case *ast.Link:
			p.links = append(p.links, link{line(offsetOf(n)), string(n.Destination)})
		case *ast.Image:
			p.links = append(p.links, link{line(offsetOf(n)), string(n.Destination)})
		case *ast.AutoLink:
			p.links = append(p.links, link{line(offsetOf(n)), string(n.URL(source))})
		case *ast.RawHTML:
			html(n.Segments.Value(source), offsetOf(n))
		case *ast.HTMLBlock:
			html(n.Lines().Value(source), offsetOf(n))
		case *ast.FencedCodeBlock:
			p.blocks = append(p.blocks, block{path, line(offsetOf(n)), string(n.Language(source)), string(n.Lines().Value(source))})
		}
		return ast.WalkContinue
	})
	return p
}

func parsed(source []byte) ast.Node {
	return goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
}

// eachNode visits a node and those below it, as far as the visits want.
func eachNode(node ast.Node, visit func(ast.Node) ast.WalkStatus) {
	_ = ast.Walk(node, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the function gives no error
		if !entering {
			return ast.WalkContinue, nil
		}
		return visit(n), nil
	})
}

// slug is the anchor that GitHub and the registries give to a heading; the second of the same name gets a number.
func (p *page) slug(heading string) string {
	slug := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
	numbered := slug
	for i := 1; p.anchors[numbered]; i++ {
		numbered = fmt.Sprintf("%s-%d", slug, i)
	}
	return numbered
}

// plainText of a node, without its markup.
func plainText(node ast.Node, source []byte) string {
	var plain strings.Builder
	eachNode(node, func(n ast.Node) ast.WalkStatus {
		if t, ok := n.(*ast.Text); ok {
			plain.Write(t.Segment.Value(source))
		}
		return ast.WalkContinue
	})
	return plain.String()
}

// offsetOf a node in the source: an inline one has no place of its own, but its text or its paragraph has.
func offsetOf(node ast.Node) int {
	if t, ok := node.FirstChild().(*ast.Text); ok {
		return t.Segment.Start
	}
	for ; node != nil; node = node.Parent() {
		if node.Type() != ast.TypeInline && node.Lines().Len() > 0 {
			return node.Lines().At(0).Start
		}
	}
	return 0
}
