// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
)

// office is where the jobs of pipelines work. A script that calls curl has begun a part of its work: until that part is over, its
// job calls Command Center once a second of the clock of the Env. Time passes only while every job works or has ended.
type office struct {
	t       *testing.T
	testEnv *acctest.Env
	client  *http.Client
	server  *httptest.Server
	jobs    map[string]*job // by their numbers
	events  chan *visit     // nil is the end of a job

	// calls counts those of the jobs, and refused those that were answered 401.
	calls, refused int
}

// visit is a part of the work of a job.
type visit struct {
	token string
	end   time.Time
	over  chan struct{}
}

func newOffice(t *testing.T, testEnv *acctest.Env) *office {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(testEnv.CACertificate()))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	o := &office{t: t, testEnv: testEnv, client: &http.Client{Transport: transport}, jobs: map[string]*job{}, events: make(chan *visit)}
	o.server = httptest.NewServer(http.HandlerFunc(o.serve))
	t.Cleanup(func() {
		o.server.Close()
		transport.CloseIdleConnections()
	})
	return o
}

// open lets jobs live, and returns their errors.
func (o *office) open(lives ...func() error) error {
	var mu sync.Mutex
	var failed error
	for _, life := range lives {
		go func() {
			err := life()
			mu.Lock()
			failed = errors.Join(failed, err)
			mu.Unlock()
			o.events <- nil
		}()
	}
	var working []*visit
	for busy := len(lives); busy+len(working) > 0; {
		for ; busy > 0; busy-- {
			if v := <-o.events; v != nil {
				working = append(working, v)
			}
		}
		if o.testEnv.Clock != nil {
			o.testEnv.Clock.Advance(time.Second)
		}
		working = slices.DeleteFunc(working, func(v *visit) bool {
			o.calls++
			if !o.testEnv.Works(v.token) {
				o.refused++
			}
			over := o.testEnv.Clock == nil || !o.testEnv.Clock.Now().Before(v.end)
			if over {
				busy++
				close(v.over)
			}
			return over
		})
	}
	return failed
}

// officeVariable gives the stand-in for curl the address of the office and the job that it works for.
const officeVariable = "TEST_OFFICE"

// curlCall is what the stand-in for curl is given.
type curlCall struct {
	Arguments, Environment []string
	Input                  string
}

// standInForCurl hands its call to the office, and exits as curl --fail does.
func standInForCurl() int {
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		return 26
	}
	call, err := json.Marshal(curlCall{Arguments: os.Args[1:], Environment: os.Environ(), Input: string(input)})
	if err != nil {
		return 2
	}
	response, err := http.Post(os.Getenv(officeVariable), "application/json", bytes.NewReader(call))
	if err != nil {
		return 7
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		fmt.Fprintln(os.Stderr, "curl: (22) The requested URL returned error:", response.StatusCode)
		return 22
	}
	if _, err := io.Copy(os.Stdout, response.Body); err != nil {
		return 23
	}
	return 0
}

// serve lets a job work for one part.
func (o *office) serve(rw http.ResponseWriter, r *http.Request) {
	var call curlCall
	j := o.jobs[strings.TrimPrefix(r.URL.Path, "/")]
	if err := json.NewDecoder(r.Body).Decode(&call); err != nil || j == nil {
		http.Error(rw, fmt.Sprint("no call of a job: ", err), http.StatusBadRequest)
		return
	}
	j.parts++
	if err := j.meets(j.parts); err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	token, err := j.check(call)
	if err != nil {
		o.t.Error(err)
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	v := &visit{token: token, over: make(chan struct{})}
	if o.testEnv.Clock != nil {
		v.end = o.testEnv.Clock.Now().Add(j.takes[(j.parts-1)%len(j.takes)])
	}
	o.events <- v
	<-v.over
	fmt.Fprintln(rw, "{}")
}

// check makes the call, and returns the token that it carries. The token must be hidden from the log, from other users of the
// machine, and from its list of processes.
func (j *job) check(call curlCall) (token string, err error) {
	token, found := strings.CutPrefix(call.Input, "Authtoken: ")
	options := []string{"--fail", "--silent", "--show-error", "--header", "@-"}
	if !found || len(call.Arguments) != len(options)+1 || !slices.Equal(call.Arguments[:len(options)], options) {
		return "", fmt.Errorf("curl is called with %q", call.Arguments)
	}
	if leaks := j.testEnv.Leaks(strings.Join(call.Arguments, " ")); len(leaks) > 0 {
		return "", fmt.Errorf("the arguments of curl show %v", leaks)
	}
	leaks := slices.DeleteFunc(j.testEnv.Leaks(strings.Join(call.Environment, "\n")), func(leak string) bool {
		return j.trusting && leak == "the password"
	})
	if len(leaks) > 0 {
		return "", fmt.Errorf("the environment of the work shows %v", leaks)
	}
	for _, file := range j.secretFiles() {
		info, err := os.Stat(filepath.Dir(file))
		if err != nil {
			return "", err
		}
		if info.Mode().Perm() != 0o700 {
			return "", fmt.Errorf("other users may read %s", file)
		}
	}
	if j.masks != "" && !slices.Contains(j.masked, token) {
		return "", fmt.Errorf("the token is not masked")
	}
	request, err := http.NewRequestWithContext(j.t.Context(), http.MethodGet, call.Arguments[len(options)], http.NoBody)
	if err != nil {
		return "", err
	}
	request.Header.Set("Authtoken", token)
	response, err := j.client.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: %s", request.URL, response.Status)
	}
	return token, nil
}
