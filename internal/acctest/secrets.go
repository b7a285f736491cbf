// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"bytes"
	"context"
	"encoding/base64"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
	"github.com/hashicorp/terraform-plugin-log/tfsdklogtest"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// Log collects what the provider logs at every level, and is safe for concurrent use.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer for the loggers.
func (l *Log) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(data)
}

// String returns the complete log.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Context makes the provider and the framework log to l, at TRACE.
func (l *Log) Context(ctx context.Context) context.Context {
	return tfsdklogtest.RootLogger(tflogtest.RootLogger(ctx, l), l)
}

// Leaks returns the kinds of secrets that a text contains.
func (w *Env) Leaks(text string) []string {
	secrets := map[string]string{
		"a session token":        simulator.SessionPrefix,
		"an access token":        simulator.AccessPrefix,
		"a refresh token":        simulator.RefreshPrefix,
		"the password":           w.Password(),
		"the password in base64": base64.StdEncoding.EncodeToString([]byte(w.Password())),
	}
	var leaks []string
	for name, secret := range secrets {
		if strings.Contains(text, secret) {
			leaks = append(leaks, name)
		}
	}
	return leaks
}
