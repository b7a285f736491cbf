// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// cluster is as much of the API of Kubernetes as the Role of the example lets the renewer use: get and update of one Secret.
type cluster struct {
	*httptest.Server
	mu      sync.Mutex
	secret  kubernetesSecret
	version int
	// before is called with each update, which takes effect afterwards. An answer other than 0 is given in place of that.
	before func() (status int)
	// loseAnswers is the number of updates that take effect, and whose answer is lost.
	loseAnswers int
}

type kubernetesSecret struct {
	APIVersion string            `json:"apiVersion"`
	Kind       string            `json:"kind"`
	Metadata   kubernetesMeta    `json:"metadata"`
	Type       string            `json:"type"`
	Data       map[string][]byte `json:"data,omitempty"`
}

type kubernetesMeta struct {
	Name            string            `json:"name"`
	Namespace       string            `json:"namespace"`
	ResourceVersion string            `json:"resourceVersion"`
	Labels          map[string]string `json:"labels,omitempty"`
	Annotations     map[string]string `json:"annotations,omitempty"`
}

const serviceAccountToken = "a-service-account-token"

func newCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{secret: kubernetesSecret{
		APIVersion: "v1", Kind: "Secret", Type: "Opaque",
		Metadata: kubernetesMeta{Name: "commvault-token", Namespace: "backup-reports", Labels: map[string]string{"team": "backup"}},
	}}
	c.bump()
	c.Server = httptest.NewTLSServer(http.HandlerFunc(c.serve))
	t.Cleanup(c.Close)
	return c
}

// bump gives the Secret a new resourceVersion, as every write does.
func (c *cluster) bump() {
	c.version++
	c.secret.Metadata.ResourceVersion = strconv.Itoa(c.version)
}

func (c *cluster) serve(rw http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	status := http.StatusOK
	switch {
	case r.Header.Get("Authorization") != "Bearer "+serviceAccountToken:
		status = http.StatusUnauthorized
	case r.URL.Path != "/api/v1/namespaces/backup-reports/secrets/commvault-token":
		status = http.StatusForbidden
	case r.Method == http.MethodPut:
		status = c.update(r)
	case r.Method != http.MethodGet:
		status = http.StatusForbidden
	}
	if r.Method == http.MethodPut && status == http.StatusOK && c.loseAnswers > 0 {
		c.loseAnswers--
		panic(http.ErrAbortHandler)
	}
	rw.WriteHeader(status)
	if status == http.StatusOK {
		_ = json.NewEncoder(rw).Encode(c.secret) // the client may be gone
	}
}

func (c *cluster) update(r *http.Request) int {
	if c.before != nil {
		if status := c.before(); status != 0 {
			return status
		}
	}
	var wanted kubernetesSecret
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&wanted); err != nil || r.Header.Get("Content-Type") != "application/json" {
		return http.StatusBadRequest
	}
	if wanted.Metadata.ResourceVersion != c.secret.Metadata.ResourceVersion {
		return http.StatusConflict
	}
	c.secret = wanted
	c.bump()
	return http.StatusOK
}

// value of a key of the Secret.
func (c *cluster) value(key string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return string(c.secret.Data[key])
}

// newPodRenewer makes a renewer as the CronJob starts it.
func newPodRenewer(t *testing.T, testEnv *acctest.Env, c *cluster) *renewer {
	t.Helper()
	r := newRenewer(t, testEnv)
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate().Raw})
	for name, text := range map[string]string{"token": serviceAccountToken, "namespace": "backup-reports", "ca.crt": string(authority)} {
		write(t, r.aside, "account/"+name, text)
	}
	r.env = append(r.env, "RENEWER_STORE=kubernetes", "RENEWER_SECRET=commvault-token", "KUBERNETES_API="+c.URL,
		"RENEWER_ACCOUNT="+filepath.Join(r.aside, "account"))
	r.delivered = func() string { return c.value("access_token") }
	return r
}

// nextPod starts with an empty volume, on another node.
func (r *renewer) nextPod() *renewer {
	next := *r
	next.dir = r.t.TempDir()
	next.env = append(append([]string{}, r.env...), "RENEWER_DIR="+next.dir, "HOSTNAME=pod-"+filepath.Base(next.dir))
	return &next
}

// TestRenewerInKubernetes follows the schedule of the CronJob, with each run in a new pod. It proves that the Secret always holds a
// token that works, and that a consumer that mounts it, and gets a change within 90 seconds, is refused only between a renewal and its
// delivery, and there only where a renewal ends the old access token.
func TestRenewerInKubernetes(t *testing.T) {
	skipUnlessComplete(t)
	t.Parallel()
	eachAnswerToRenewals(t, func(t *testing.T, testEnv *acctest.Env, oldLives bool) {
		c := newCluster(t)
		r := newPodRenewer(t, testEnv, c)
		life := &recipe{workspace: &workspace{t: t, testEnv: testEnv}, every: 5 * time.Minute, token: func() string { return r.delivered() }}
		life.renewerLife("renewer/kubernetes", 65*time.Minute, 90*time.Second, func(int) {
			r = r.nextPod()
			r.must(renewerDone)
			r.supplied()
		}, oldLives)
		if c.secret.Metadata.Labels["team"] != "backup" || len(c.secret.Metadata.Annotations) > 0 {
			t.Errorf("the Secret has become %+v", c.secret.Metadata)
		}
	})
}

// TestRenewerTwoPods proves that of pods that run at once, whatever their CronJob forbids, one sends the pair: the others meet its
// mark, or the API server's refusal of an outdated write.
func TestRenewerTwoPods(t *testing.T) {
	skipUnlessComplete(t)
	t.Parallel()
	testEnv := acctest.New(t, simulator.Options{})
	r := newPodRenewer(t, testEnv, newCluster(t))
	done := 0
	for round := range 3 {
		var waits []func() outcome
		for range 3 {
			waits = append(waits, r.nextPod().start(nil))
		}
		for _, wait := range waits {
			switch o := wait(); o.code {
			case renewerDone:
				done++
			case renewerUnsent:
			default:
				t.Errorf("it exits with %d: %s", o.code, o.said)
			}
		}
		if sent := testEnv.Count(simulator.OpRenew); sent != round+1 {
			t.Errorf("%d renewals were sent in %d rounds", sent, round+1)
		}
		r.supplied()
		testEnv.Clock.Advance(20 * time.Minute)
	}
	r.unpurged()
	acctest.Proves(t, "9 renewers in pods, three at a time, %d of which end well: %d pairs, each sent once", done, testEnv.Count(simulator.OpRenew))
}

// TestRenewerMeetsAMark proves that a pod that starts while another one waits for its answer leaves it alone, and that after twice the
// timeout it reports that the outcome is unknown.
func TestRenewerMeetsAMark(t *testing.T) {
	t.Parallel()
	testEnv := acctest.New(t, simulator.Options{})
	r := newPodRenewer(t, testEnv, newCluster(t))
	var met, later outcome
	testEnv.OnRequest(simulator.OpRenew, func(*http.Request) {
		met = r.nextPod().run()
		testEnv.Clock.Advance(121 * time.Second)
		later = r.nextPod().run()
	})
	r.must(renewerDone)
	r.supplied()
	if met.code != renewerUnsent || later.code != renewerLost {
		t.Errorf("the others exit with %d and %d: %s", met.code, later.code, later.said)
	}
	if sent := testEnv.Count(simulator.OpRenew); sent != 1 {
		t.Errorf("%d renewals were sent", sent)
	}
}

// TestRenewerOvertaken proves that a pod whose write fails, while another one stores a newer pair, does not write its own over it, and
// does not send it.
func TestRenewerOvertaken(t *testing.T) {
	t.Parallel()
	testEnv := acctest.New(t, simulator.Options{})
	c := newCluster(t)
	r := newPodRenewer(t, testEnv, c)
	overtaken := false
	c.before = func() int {
		if overtaken {
			return 0
		}
		overtaken = true
		renewed, err := testEnv.RenewToken(r.token.ID)
		if err != nil {
			t.Error(err)
		}
		pair := fmt.Sprintf(`{"access_token":%q,"refresh_token":%q,"secret_version":%d,"received_at":%d,"life":1800}`,
			renewed.AccessToken, renewed.RefreshToken, r.version, testEnv.Clock.Now().Unix())
		c.secret.Data = map[string][]byte{"access_token": []byte(renewed.AccessToken), "pair.json": []byte(pair)}
		c.bump()
		return http.StatusServiceUnavailable
	}
	r.must(renewerUnsent)
	r.supplied()
	r.must(renewerDone)
	r.supplied()
	if sent := testEnv.Count(simulator.OpRenew); sent != 0 {
		t.Errorf("%d renewals were sent, and %v purged", sent, testEnv.Purged())
	}
}

// TestRenewerKilledInKubernetes kills the container everywhere. The next one starts in the same pod, or in another one after the
// node is lost. It proves that no pair is sent twice.
func TestRenewerKilledInKubernetes(t *testing.T) {
	skipUnlessComplete(t)
	t.Parallel()
	testEnv := acctest.New(t, simulator.Options{Lifetimes: simulator.Lifetimes{Access: acctest.Day}})
	begin := func() *renewer { return newPodRenewer(t, testEnv, newCluster(t)).quick().shim(renewerTools...) }
	killEverywhere(t, "in Kubernetes", testEnv, begin, func(number int, r *renewer) {
		if number%2 == 0 {
			*r = *r.nextPod()
			testEnv.Clock.Advance(3 * time.Minute) // until then, it reports that another renewer is running
		}
	})
}

// TestRenewerWithoutAPI proves that a store that fails loses no pair: before the renewal nothing is sent, and after it the new
// pair is stored once the API server answers.
func TestRenewerWithoutAPI(t *testing.T) {
	skipUnlessComplete(t)
	t.Parallel()
	testEnv := acctest.New(t, simulator.Options{})
	c := newCluster(t)
	r := newPodRenewer(t, testEnv, c)
	r.must(renewerDone)
	testEnv.Clock.Advance(20 * time.Minute)

	c.before = func() int { return http.StatusForbidden }
	r.must(renewerUnsent)
	if sent := testEnv.Count(simulator.OpRenew); sent != 1 {
		t.Fatalf("%d renewals were sent, want none without the mark", sent)
	}

	writes := 0
	c.before = func() int { // the mark, and then nothing until the renewer gives up
		if writes++; writes > 1 {
			return http.StatusServiceUnavailable
		}
		return 0
	}
	r.must(renewerLater)
	c.before = nil
	r.must(renewerDone)
	r.supplied()

	testEnv.Clock.Advance(20 * time.Minute)
	c.loseAnswers = 2 // those to the mark and to the new pair
	r.must(renewerDone)
	r.supplied()

	testEnv.Clock.Advance(20 * time.Minute)
	somebodyElse := false
	c.before = func() int { // adds a label between the renewer's read and its write of the new pair
		if testEnv.Count(simulator.OpRenew) == 4 && !somebodyElse {
			somebodyElse = true
			c.secret.Metadata.Labels["else"] = "x"
			c.bump()
		}
		return 0
	}
	r.must(renewerDone)
	r.supplied()
	if sent := testEnv.Count(simulator.OpRenew); sent != 4 || c.secret.Metadata.Labels["else"] != "x" {
		t.Errorf("%d renewals were sent, and the labels are %v", sent, c.secret.Metadata.Labels)
	}
	r.unpurged()
}

// TestRenewerKeepsOutOfLogs proves that nothing of the Secret is in clear text where everybody who may describe it looks.
func TestRenewerKeepsOutOfLogs(t *testing.T) {
	skipUnlessComplete(t)
	t.Parallel()
	testEnv := acctest.New(t, simulator.Options{})
	c := newCluster(t)
	r := newPodRenewer(t, testEnv, c).shim(renewerTools...)
	var annotations []string
	c.before = func() int {
		text, err := json.Marshal(c.secret.Metadata)
		if err != nil {
			t.Error(err)
		}
		annotations = append(annotations, string(text))
		return 0
	}
	r.must(renewerDone)
	for _, text := range annotations {
		if leaks := testEnv.Leaks(text); len(leaks) > 0 {
			t.Errorf("the metadata of the Secret shows %v: %s", leaks, text)
		}
	}
	if len(annotations) < 3 {
		t.Errorf("the Secret was written %d times", len(annotations))
	}
}
