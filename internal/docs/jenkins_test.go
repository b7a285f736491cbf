// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// groovyBlock is a block of a declarative Jenkinsfile: what stands before its braces, what its lines say, and the blocks in it.
type groovyBlock struct {
	head   string
	lines  []string
	blocks []*groovyBlock
}

// jenkinsSections are the blocks that the parser knows; any other one is an error.
var jenkinsSections = regexp.MustCompile(`^(?:pipeline|agent|options|triggers|environment|stages|stage\('[^']+'\)|steps|post|always|withCredentials\(\[usernamePassword\(.*\)\]\))$`)

// parseJenkinsfile reads the part of Groovy that a declarative pipeline of plain steps needs: blocks, lines, comments, and strings in
// single quotes, in which Groovy replaces nothing.
func parseJenkinsfile(text string) (*groovyBlock, error) {
	file := &groovyBlock{}
	open := []*groovyBlock{file}
	said := ""
	flush := func() {
		block := open[len(open)-1]
		if said = strings.TrimSpace(said); said != "" {
			block.lines = append(block.lines, said)
		}
		said = ""
	}
	for text != "" {
		switch {
		case strings.HasPrefix(text, "//"):
			_, text, _ = strings.Cut(text, "\n")
			flush()
		case strings.HasPrefix(text, `"`):
			return nil, errors.New("Groovy replaces variables in double quotes")
		case strings.HasPrefix(text, "'"):
			quote := "'"
			if strings.HasPrefix(text, "'''") {
				quote = "'''"
			}
			inner, rest, found := strings.Cut(text[len(quote):], quote)
			if !found || strings.Contains(inner, `\`) {
				return nil, fmt.Errorf("a string has no end, or an escape: %s", inner)
			}
			said, text = said+quote+inner+quote, rest
		case text[0] == '{':
			block := &groovyBlock{head: strings.TrimSpace(said)}
			if !jenkinsSections.MatchString(block.head) {
				return nil, fmt.Errorf("%q is no section", block.head)
			}
			parent := open[len(open)-1]
			parent.blocks = append(parent.blocks, block)
			open, said, text = append(open, block), "", text[1:]
		case text[0] == '}':
			flush()
			if len(open) == 1 {
				return nil, errors.New("a brace closes nothing")
			}
			open, text = open[:len(open)-1], text[1:]
		case text[0] == '\n':
			flush()
			text = text[1:]
		default:
			said, text = said+text[:1], text[1:]
		}
	}
	if flush(); len(open) > 1 || len(file.lines) > 0 {
		return nil, fmt.Errorf("%q has no end, or these lines belong to no section: %q", open[len(open)-1].head, file.lines)
	}
	return file, nil
}

// jenkinsScript is a step sh, with the variables that withCredentials gives it.
type jenkinsScript struct {
	text           string
	user, password string
	anyway         bool
}

var (
	shStep      = regexp.MustCompile(`(?s)^sh '''(.*)'''$`)
	environment = regexp.MustCompile(`^(\w+) += '([^']*)'$`)
	bound       = regexp.MustCompile(`usernameVariable: '(\w+)', passwordVariable: '(\w+)'`)
)

// scripts collects the steps of a block in their order.
func (b *groovyBlock) scripts(within jenkinsScript) (all []jenkinsScript) {
	within.anyway = within.anyway || b.head == "always"
	if match := bound.FindStringSubmatch(b.head); match != nil {
		within.user, within.password = match[1], match[2]
	}
	for _, line := range b.lines {
		if match := shStep.FindStringSubmatch(line); match != nil {
			script := within
			script.text = match[1]
			all = append(all, script)
		}
	}
	for _, inner := range b.blocks {
		all = append(all, inner.scripts(within)...)
	}
	return all
}

func readJenkinsfile(t *testing.T) (scripts []jenkinsScript, variables map[string]string) {
	t.Helper()
	data, err := os.ReadFile(examples + "/pipelines/jenkins/Jenkinsfile")
	if err != nil {
		t.Fatal(err)
	}
	file, err := parseJenkinsfile(string(data))
	if err != nil || len(file.blocks) != 1 {
		t.Fatalf("the Jenkinsfile has %d blocks: %v", len(file.blocks), err)
	}
	variables = map[string]string{}
	for _, section := range file.blocks[0].blocks {
		for _, line := range section.lines {
			if match := environment.FindStringSubmatch(line); section.head == "environment" && match != nil {
				variables[match[1]] = match[2]
			}
		}
	}
	return file.blocks[0].scripts(jenkinsScript{}), variables
}

// TestJenkinsfileIsSafe guards what its README promises. The tests that run the scripts see what they print.
func TestJenkinsfileIsSafe(t *testing.T) {
	scripts, variables := readJenkinsfile(t)
	if len(scripts) != 5 || variables["COMMVAULT_HOST"] == "" {
		t.Errorf("there are %d scripts and the variables %v", len(scripts), variables)
	}
	for _, script := range scripts {
		if !strings.HasPrefix(strings.TrimSpace(script.text), "set +x\n") {
			t.Errorf("Jenkins prints the values of what follows: %s", script.text)
		}
		if strings.Contains(script.text, "curl") && script.password != "" {
			t.Errorf("the work has the password: %s", script.text)
		}
	}
}

// TestBrokenJenkinsfile guards the parser.
func TestBrokenJenkinsfile(t *testing.T) {
	for text, want := range map[string]string{
		"pipeline {\n agent { label 'a' } // {\n}\n": "",
		"pipeline {":              `"pipeline" has no end`,
		"pipeline { }\n}":         "a brace closes nothing",
		"pipeline {\n sh \"a\" }": "double quotes",
		"pipeline {\n sh 'a }":    "a string has no end",
		"pipeline { script { } }": `"script" is no section`,
		"sh 'a'":                  "belong to no section",
	} {
		_, err := parseJenkinsfile(text)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: the error is %v, want %q", text, err, want)
		}
	}
}

// jenkins is the Jenkinsfile as an agent runs it: a shell prints each command before it runs it.
func jenkins(t *testing.T) pipeline {
	t.Helper()
	written, variables := readJenkinsfile(t)
	return pipeline{name: "jenkins", steps: func(j *job, parts int) (steps []step) {
		for _, script := range lengthened(written, parts) {
			env := map[string]string{"WORKSPACE_TMP": j.temp + "/workspace@tmp", "BUILD_NUMBER": j.number}
			for name, value := range variables {
				env[name] = value
			}
			env["COMMVAULT_HOST"] = j.testEnv.URL() // in place of the pattern's
			if script.password != "" {
				env[script.user], env[script.password] = j.testEnv.Username(), j.testEnv.Password()
			}
			steps = append(steps, step{shell: []string{"sh", "-xe"}, script: script.text, env: env, anyway: script.anyway})
		}
		return steps
	}}
}

// TestAccJenkinsfile proves that the build as it is written gets a token, works with it, and revokes it.
func TestAccJenkinsfile(t *testing.T) {
	t.Parallel()
	jenkins(t).runsOnce(t)
}

// TestAccJenkinsfileForHours proves that no call of a long build meets a dead token, and that no build ends another build's token.
func TestAccJenkinsfileForHours(t *testing.T) {
	t.Parallel()
	jenkins(t).worksForHours(t)
}

// TestAccJenkinsfileFails proves that a build that fails leaves no token.
//
// Claim: "always { withCredentials"
func TestAccJenkinsfileFails(t *testing.T) {
	t.Parallel()
	jenkins(t).endsItsToken(t)
}
