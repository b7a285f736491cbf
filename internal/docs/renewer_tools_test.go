// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// realTools returns a PATH with the programs that the script needs. If curl is missing, a stand-in is built. If jq is missing, gojq is
// used.
func realTools(t *testing.T) string {
	t.Helper()
	path := os.Getenv("PATH")
	for name, from := range map[string]string{"jq": root + "/tools/shared", "curl": "testdata/curl"} {
		if _, err := exec.LookPath(name); err != nil {
			dir, err := builtTool(name, from)
			if err != nil {
				t.Fatal(err)
			}
			path = dir + ":" + path
		}
	}
	return path
}

// quick makes a renewer of a matrix use gojq, which starts in a tenth of jq's time. The other tests use what the machine has.
func (r *renewer) quick() *renewer {
	r.t.Helper()
	dir, err := builtTool("jq", root+"/tools/shared")
	if err != nil {
		r.t.Logf("the matrix takes the machine's jq: %s", err)
		return r
	}
	r.env = append(r.env, "PATH="+r.shims()+":"+dir+":"+realTools(r.t), "SHIM_PATH="+dir+":"+realTools(r.t))
	return r
}

var tools struct {
	sync.Mutex
	dirs map[string]string
}

// builtTool is the directory of a program that was built here.
func builtTool(name, from string) (string, error) {
	tools.Lock()
	defer tools.Unlock()
	if dir := tools.dirs[name]; dir != "" {
		return dir, nil
	}
	dir, err := os.MkdirTemp("", "renewer-"+name+"-")
	if err != nil {
		return "", err
	}
	cleanups = append(cleanups, func() { _ = os.RemoveAll(dir) })
	what := map[string]string{"jq": "github.com/itchyny/gojq/cmd/gojq", "curl": "."}[name]
	build := exec.CommandContext(context.Background(), "go", "build", "-o", filepath.Join(dir, name), what)
	build.Dir, build.Env = from, append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s does not build: %w\n%s", name, err, output)
	}
	if tools.dirs == nil {
		tools.dirs = map[string]string{}
	}
	tools.dirs[name] = dir
	return dir, nil
}

// renewerShim wraps each program. It records the arguments, returns the time of the Env, and kills the run before or after the call
// with a given number.
const renewerShim = `#!/bin/sh
name=${0##*/}
printf '%s\n' "$name $*" >>"$SHIM_LOG"
PATH=$SHIM_PATH
case $name in
  date) exec cat "$SHIM_NOW" ;;
  sleep) exit ;;
esac
[ -n "${KILL_BEFORE-}${KILL_AFTER-}" ] || exec "$name" "$@"
printf '%s\n' "$name" >>"$SHIM_COUNT"
number=0
while read -r _; do number=$((number + 1)); done <"$SHIM_COUNT"
[ "$number" != "${KILL_BEFORE-}" ] || kill -KILL 0
code=0
"$name" "$@" || code=$?
[ "$number" != "${KILL_AFTER-}" ] || kill -KILL 0
exit "$code"
`
