// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// Exit codes.
const (
	exitOK       = 0 // stopped by a signal, or only asked for help
	exitFailed   = 1 // it could not start
	exitBadFlags = 2
)

// run is the program. It serves until ctx ends, stops everything that it started, and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		return exitBadFlags // parse has printed the reason
	case set.version:
		_, _ = fmt.Fprintln(stdout, "commvault-simulator", version)
		return exitOK
	case set.listDialects:
		printDialects(stdout)
		return exitOK
	}
	err = serve(ctx, set, stdout, stderr)
	switch {
	case errors.Is(err, simulator.ErrPlainHTTP):
		_, _ = fmt.Fprintln(stderr, "simulator:", err)
		return exitBadFlags
	case err != nil:
		_, _ = fmt.Fprintln(stderr, "simulator:", err)
		return exitFailed
	}
	return exitOK
}

// serve serves until ctx ends. It returns an error only if it cannot start.
func serve(ctx context.Context, set settings, stdout, stderr io.Writer) (err error) {
	requests := requestLog{out: stderr}
	set.options.Log = requests.log
	files, err := openDirectory(set.directory)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, files.remove()) }()
	server := simulator.New(set.options)
	defer server.Close()
	if err := server.Listen(set.address, !set.plainHTTP); err != nil {
		return err
	}
	exports := []export{
		{"COMMVAULT_HOST", server.URL()},
		{"COMMVAULT_USERNAME", server.Username()},
		{"COMMVAULT_PASSWORD", server.Password()},
	}
	if !set.plainHTTP {
		file, err := files.writeCA(server.CACertificate())
		if err != nil {
			return err
		}
		exports = append(exports, export{"COMMVAULT_CA_CERTIFICATE", file})
	}
	var text strings.Builder
	for _, e := range exports {
		text.WriteString(e.String() + "\n")
	}
	if err := errors.Join(printAccounts(&text, server.Accounts()), files.writeExports(text.String())); err != nil {
		return err
	}
	if _, err := io.WriteString(stdout, text.String()); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// export is an environment variable, written as a shell command.
type export struct{ name, value string }

func (e export) String() string { return "export " + e.name + "=" + quoted(e.value) }

// quoted quotes a value for a POSIX shell if necessary.
func quoted(value string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:@%+,=", r)
	}
	if value != "" && strings.IndexFunc(value, func(r rune) bool { return !plain(r) }) < 0 {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}

// requestLog writes one line per request, without headers, queries and bodies. It is safe for concurrent use.
type requestLog struct {
	mu  sync.Mutex
	out io.Writer
}

func (l *requestLog) log(method, path string, status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if status == 0 {
		_, _ = fmt.Fprintln(l.out, method, path, "no answer")
		return
	}
	_, _ = fmt.Fprintln(l.out, method, path, status)
}
