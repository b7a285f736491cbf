// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package release

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestUploadsADraft runs make release against a GitHub that refuses a file at first. The run can be repeated and leaves one complete
// draft. No release becomes visible before release.yml attests its files.
func TestUploadsADraft(t *testing.T) {
	built(t) // so that the tools and most compiled packages exist
	const tag = "v9.9.9-rc.1"
	hub := &gitHub{t: t, refuse: "_SHA256SUMS"}
	server := httptest.NewServer(hub)
	t.Cleanup(server.Close)
	dir := tagged(t, tag, server.URL)

	if output, err := makeRelease(t, dir, tag); err == nil || !strings.Contains(output, "_SHA256SUMS") {
		t.Fatalf("a file was refused, and make release ended with %v\n%s", err, output)
	}
	if len(hub.releases) != 1 || !hub.releases[0].Draft {
		t.Errorf("a run that failed left %+v, want a draft", hub.releases)
	}
	hub.refuse = ""
	if output, err := makeRelease(t, dir, tag); err != nil {
		t.Fatalf("the second run failed: %s\n%s", err, output)
	}

	if len(hub.releases) != 1 {
		t.Fatalf("there are %+v, want one draft", hub.releases)
	}
	got, r := hub.releases[0], release{version: tag[1:]}
	if !got.Draft || !got.Prerelease || got.TagName != tag || strings.TrimSpace(got.Body) != "### Fixed\n\n- What was wrong." {
		t.Errorf("it is %+v, want a draft of a pre-release with its section of the changelog", got)
	}
	want := []string{
		r.simulatorName("SHA256SUMS"), r.simulatorName("linux_amd64.cdx.json"), r.simulatorName("linux_amd64.tar.gz"),
		r.name("SHA256SUMS"), r.name("linux_amd64.cdx.json"), r.name("linux_amd64.zip"), r.name("manifest.json"),
	}
	slices.Sort(got.files)
	if !slices.Equal(got.files, want) {
		t.Errorf("it has %s, want %s", got.files, want)
	}

	// SECURITY.md describes this comparison.
	r.dir = filepath.Join(dir, "dist")
	uploaded := r.read(t, r.name("SHA256SUMS"))
	makeSnapshot(t, r, "GPG_FINGERPRINT=")
	if again := r.read(t, r.name("SHA256SUMS")); string(again) != string(uploaded) {
		t.Errorf("make release-snapshot builds\n%s\nwant what was uploaded\n%s", again, uploaded)
	}
}

// TestLeavesAPublishedReleaseAlone verifies that a repeated old run cannot replace files that somebody has verified.
func TestLeavesAPublishedReleaseAlone(t *testing.T) {
	built(t)
	const tag = "v9.9.9-rc.1"
	name := release{version: tag[1:]}.name("SHA256SUMS")
	hub := &gitHub{t: t, releases: []*gitHubRelease{{ID: 7, Name: tag, TagName: tag, Body: "By hand.", files: []string{name}}}}
	server := httptest.NewServer(hub)
	t.Cleanup(server.Close)

	output, err := makeRelease(t, tagged(t, tag, server.URL), tag)
	if err == nil || !strings.Contains(output, "already_exists") {
		t.Errorf("make release ended with %v\n%s", err, output)
	}
	if len(hub.releases) != 1 || hub.releases[0].Draft || hub.releases[0].Body != "By hand." || hub.deleted > 0 {
		t.Errorf("%d were deleted, and it left %+v", hub.deleted, hub.releases)
	}
}

// tagged returns a new repository with these sources, for one platform, with a tag and a server in place of GitHub.
func tagged(t *testing.T, tag, url string) string {
	t.Helper()
	dir := copySources(t)
	if err := os.RemoveAll(filepath.Join(dir, ".git")); err != nil {
		t.Fatal(err)
	}
	onePlatform(t, dir)
	edit(t, filepath.Join(dir, ".goreleaser.yml"), func(text string) string {
		return text + fmt.Sprintf("\ngithub_urls:\n  api: %s/\n  upload: %s/\n", url, url)
	})
	edit(t, filepath.Join(dir, "CHANGELOG.md"), func(text string) string {
		return text + "\n## [" + tag[1:] + "] - 2027-01-02\n\n### Fixed\n\n- What was wrong.\n"
	})
	for _, arguments := range [][]string{
		{"init", "--quiet"},
		{"remote", "add", "origin", "https://github.com/commvault-tokens/terraform-provider-commvault"},
		{"add", "--all"},
		{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false", "commit", "--quiet", "--message", "Release"},
		{"-c", "tag.gpgsign=false", "tag", tag},
	} {
		command := exec.CommandContext(t.Context(), "git", arguments...)
		command.Dir = dir
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %s\n%s", arguments, err, output)
		}
	}
	return dir
}

// onePlatform is enough for properties that do not depend on the platform.
func onePlatform(t *testing.T, dir string) {
	t.Helper()
	edit(t, filepath.Join(dir, ".goreleaser.yml"), func(text string) string {
		text = regexp.MustCompile(`goos: \[.*\]`).ReplaceAllString(text, "goos: [linux]")
		return regexp.MustCompile(`goarch: \[.*\]`).ReplaceAllString(text, "goarch: [amd64]")
	})
}

func edit(t *testing.T, path string, change func(string) string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := change(string(data))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func makeRelease(t *testing.T, dir, tag string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "make", "-C", dir, "-o", "bin/cyclonedx-gomod", "-o", "bin/goreleaser", "release")
	command.Env = append(withoutMake(), "GITHUB_TOKEN=none", "GORELEASER_CURRENT_TAG="+tag)
	output, err := command.CombinedOutput()
	return string(output), err
}

// gitHub implements the part of the API that GoReleaser uses.
type gitHub struct {
	t        *testing.T
	refuse   string // the end of a file's name
	mutex    sync.Mutex
	releases []*gitHubRelease
	deleted  int
}

type gitHubRelease struct {
	ID         int    `json:"id"`
	Name       string `json:"name"`
	TagName    string `json:"tag_name"`
	Body       string `json:"body"`
	Draft      bool   `json:"draft"`
	Prerelease bool   `json:"prerelease"`
	files      []string
}

func (r *gitHubRelease) String() string { return fmt.Sprintf("%+v", *r) }

func (g *gitHub) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	answer := func(status int, body any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if err := json.NewEncoder(w).Encode(body); err != nil {
			g.t.Error(err)
		}
	}
	const releases = "/repos/commvault-tokens/terraform-provider-commvault/releases"
	_, path, inReleases := strings.Cut(request.URL.Path, releases) // behind api/v3 or api/uploads
	find := func(matches func(*gitHubRelease) bool) *gitHubRelease {
		if i := slices.IndexFunc(g.releases, matches); i >= 0 {
			return g.releases[i]
		}
		return nil
	}
	byID := find(func(r *gitHubRelease) bool { return strings.HasPrefix(path+"/", fmt.Sprintf("/%d/", r.ID)) })
	switch tag, byTag := strings.CutPrefix(path, "/tags/"); {
	case !inReleases:
		answer(http.StatusOK, map[string]any{"resources": map[string]any{"core": map[string]int{"limit": 5000, "remaining": 5000}}})
	case path == "" && request.Method == http.MethodGet:
		answer(http.StatusOK, g.releases)
	case path == "" && request.Method == http.MethodPost:
		created := &gitHubRelease{ID: 100 + len(g.releases) + g.deleted}
		if err := json.NewDecoder(request.Body).Decode(created); err != nil {
			g.t.Error(err)
		}
		g.releases = append(g.releases, created)
		answer(http.StatusCreated, created)
	case byTag: // a draft has no tag yet
		if found := find(func(r *gitHubRelease) bool { return r.TagName == tag && !r.Draft }); found != nil {
			answer(http.StatusOK, found)
		} else {
			answer(http.StatusNotFound, map[string]string{"message": "Not Found"})
		}
	case byID != nil && strings.HasSuffix(path, "/assets") && request.Method == http.MethodPost:
		_, _ = io.Copy(io.Discard, request.Body) // otherwise the client would see a broken connection
		name := request.URL.Query().Get("name")
		if slices.Contains(byID.files, name) || g.refuse != "" && strings.HasSuffix(name, g.refuse) {
			answer(http.StatusUnprocessableEntity, map[string]any{"message": "Validation Failed", "errors": []any{map[string]string{"code": "already_exists"}}})
			return
		}
		byID.files = append(byID.files, name)
		answer(http.StatusCreated, map[string]string{"name": name})
	case byID != nil && request.Method == http.MethodPatch:
		if err := json.NewDecoder(request.Body).Decode(byID); err != nil {
			g.t.Error(err)
		}
		answer(http.StatusOK, byID)
	case byID != nil && request.Method == http.MethodDelete:
		g.releases, g.deleted = slices.DeleteFunc(g.releases, func(r *gitHubRelease) bool { return r == byID }), g.deleted+1
		w.WriteHeader(http.StatusNoContent)
	default:
		g.t.Errorf("%s %s is not known", request.Method, request.URL)
		answer(http.StatusNotFound, map[string]string{"message": "Not Found"})
	}
}
