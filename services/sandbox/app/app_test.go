package app_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/leaktest"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/services/sandbox/app"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// sandbox is a running sandbox, with the datasets "1" (token right-1, app secret app-secret) and "2" (token right-2), or
// with none.
type sandbox struct {
	t   *testing.T
	url string
	log *logbook
}

// logbook keeps what several goroutines log.
type logbook struct {
	mu      sync.Mutex
	written bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written.String()
}

func start(t *testing.T, configured bool, change ...func(*config.Config)) *sandbox {
	t.Helper()
	cfg := config.Default()
	cfg.Sandbox.Listen = "127.0.0.1:0"
	if configured {
		dir := t.TempDir()
		file := func(name, text string) string {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		cfg.Datasets = map[string]config.Dataset{
			"one": {ID: "1", TokenFile: file("1", "right-1"), AppSecretFile: file("app", "app-secret")},
			"two": {ID: "2", TokenFile: file("2", "right-2")},
		}
	}
	for _, c := range change {
		c(cfg)
	}
	ctx, cancel := context.WithCancel(context.Background())
	addr, ended := make(chan string, 1), make(chan error, 1)
	s := &sandbox{t: t, log: &logbook{}}
	log := slog.New(slog.NewTextHandler(s.log, nil))
	go func() {
		ended <- app.Run(ctx, cfg, lifecycle.Deps{Log: log, Level: &slog.LevelVar{}, Started: func(_, a string) { addr <- a }})
	}()
	select {
	case a := <-addr:
		s.url = "http://" + a
	case err := <-ended:
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return s
}

var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}

type reply struct {
	status int
	header http.Header
	body   string
	err    error
}

func (s *sandbox) do(method, path string, header http.Header, body string) reply {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header = header.Clone()
	if req.Header == nil {
		req.Header = http.Header{}
	}
	req.Host = req.Header.Get("Host")
	res, err := client.Do(req)
	if err != nil {
		return reply{err: err}
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return reply{res.StatusCode, res.Header, string(text), err}
}

func (s *sandbox) post(dataset, token, body string) reply {
	s.t.Helper()
	return s.do(http.MethodPost, "/v25.0/"+dataset+"/events", http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}}, body)
}

func lead(id string) string {
	return fmt.Sprintf(`{"event_name":"Lead","event_id":%q,"event_time":%d,"action_source":"website","event_source_url":"https://example.com/","user_data":{"em":["%064x"],"client_user_agent":"x"}}`,
		id, time.Now().Unix(), 1)
}

func data(events ...string) string { return `{"data":[` + strings.Join(events, ",") + `]}` }

// code returns the error.code and error.error_subcode of a reply.
func code(t *testing.T, r reply) string {
	t.Helper()
	var body struct {
		Error struct {
			Code    int    `json:"code"`
			Subcode int    `json:"error_subcode"`
			Trace   string `json:"fbtrace_id"`
			Type    string `json:"type"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if err := json.Unmarshal([]byte(r.body), &body); err != nil || body.Error.Trace == "" || body.Error.Type == "" {
		t.Errorf("not Meta's error: %q %v", r.body, err)
	}
	return fmt.Sprintf("%d %d/%d", r.status, body.Error.Code, body.Error.Subcode)
}

func TestRefusesWhatMetaRefuses(t *testing.T) {
	s := start(t, true)
	old := strings.Replace(lead("old"), strconv.FormatInt(time.Now().Unix(), 10), strconv.FormatInt(time.Now().Add(-8*24*time.Hour).Unix(), 10), 1)
	for name, c := range map[string]struct{ dataset, token, body, want string }{
		"no token":          {"1", "", data(lead("a")), "401 190/0"},
		"wrong token":       {"1", "wrong", data(lead("a")), "401 190/0"},
		"another's token":   {"1", "right-2", data(lead("a")), "400 100/33"},
		"unknown dataset":   {"3", "right-1", data(lead("a")), "400 100/33"},
		"no data":           {"1", "right-1", `{}`, "400 100/0"},
		"empty data":        {"1", "right-1", data(), "400 100/0"},
		"data no array":     {"1", "right-1", `{"data":7}`, "400 100/0"},
		"no JSON":           {"1", "right-1", `{"data":[`, "400 100/0"},
		"too many":          {"1", "right-1", data(strings.Split(strings.Repeat(lead("a")+"|", 1000)+lead("b"), "|")...), "400 100/0"},
		"one too old":       {"1", "right-1", data(lead("a"), old), "400 100/2804003"},
		"one without value": {"1", "right-1", data(strings.Replace(lead("p"), "Lead", "Purchase", 1)), "400 100/2804009"},
		"one is a number":   {"1", "right-1", data(lead("a"), "7"), "400 100/2804019"},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.post(c.dataset, c.token, c.body)
			if got := code(t, r); got != c.want {
				t.Errorf("answer %s, want %s: %s", got, c.want, r.body)
			}
		})
	}
	if got := s.do(http.MethodGet, "/_sandbox/events", nil, "").body; got != "" {
		t.Errorf("a refused request left events: %s", got)
	}
	if r := s.do(http.MethodPost, "/nonsense", nil, ""); r.status != 400 || !strings.Contains(r.body, "2500") {
		t.Errorf("another path: %d %s", r.status, r.body)
	}
}

func TestTakesEveryEncoding(t *testing.T) {
	s := start(t, true)
	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	for k, v := range map[string]string{"access_token": "right-1", "data": "[" + lead("multipart") + "]", "test_event_code": "TEST1"} {
		if err := m.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	quoted, err := json.Marshal(lead("form-strings"))
	if err != nil {
		t.Fatal(err)
	}
	const urlencoded = "application/x-www-form-urlencoded"
	for name, c := range map[string]struct{ query, kind, body string }{
		"json":         {"?access_token=right-1", "application/json", data(lead("json"))},
		"json-nulls":   {"", "application/json", `{"access_token":"right-1","test_event_code":null,"id":"1","data":[` + lead("json-nulls") + `]}`},
		"form-strings": {"", urlencoded, url.Values{"access_token": {"right-1"}, "data": {"[" + string(quoted) + "]"}}.Encode()},
		"form-objects": {"", urlencoded, url.Values{"access_token": {"right-1"}, "data": {"[" + lead("form-objects") + "]"}}.Encode()},
		"multipart":    {"", m.FormDataContentType(), form.String()},
	} {
		r := s.do(http.MethodPost, "/v25.0/1/events"+c.query, http.Header{"Content-Type": {c.kind}}, c.body)
		if r.status != 200 || !strings.Contains(r.body, `"events_received":1`) || r.header.Get("X-App-Usage") == "" {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
		if got := s.do(http.MethodGet, "/_sandbox/events?event_id="+name+"&fields=event_id", nil, "").body; got != `{"event_id":"`+name+"\"}\n" {
			t.Errorf("%s: kept %q", name, got)
		}
	}
	if got := s.do(http.MethodGet, "/_sandbox/events?event_id=multipart", nil, "").body; !strings.Contains(got, `"test_event_code":"TEST1"`) {
		t.Errorf("test_event_code is lost: %s", got)
	}
}

func TestAppSecretProof(t *testing.T) {
	s := start(t, true)
	mac := hmac.New(sha256.New, []byte("app-secret"))
	mac.Write([]byte("right-1"))
	right := hex.EncodeToString(mac.Sum(nil))
	for proof, want := range map[string]int{right: 200, strings.Repeat("0", 64): 400} {
		if r := s.post("1", "right-1", `{"appsecret_proof":"`+proof+`","data":[`+lead("a")+`]}`); r.status != want {
			t.Errorf("proof %.8s: %d %s", proof, r.status, r.body)
		}
	}
}

func TestControls(t *testing.T) {
	s := start(t, false) // no datasets: any id and token is right
	if r := s.post("77", "anything", data(lead("a"), lead("b"), lead("a"))); r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	var stats struct {
		Total    map[string]any            `json:"total"`
		Datasets map[string]map[string]any `json:"datasets"`
	}
	if err := json.Unmarshal([]byte(s.do(http.MethodGet, "/_sandbox/stats", nil, "").body), &stats); err != nil {
		t.Fatal(err)
	}
	if stats.Total["events"] != 3.0 || stats.Datasets["77"]["duplicate_events"] != 1.0 || stats.Total["requests"] != 1.0 {
		t.Errorf("stats: %v", stats)
	}
	if got := s.do(http.MethodGet, "/_sandbox/events?limit=2", nil, "").body; strings.Count(got, "\n") != 2 {
		t.Errorf("limit=2: %s", got)
	}
	for _, bad := range []string{"?limit=x", "?limit=-1", "?fields=name"} {
		if r := s.do(http.MethodGet, "/_sandbox/events"+bad, nil, ""); r.status != 400 {
			t.Errorf("%s: %d", bad, r.status)
		}
	}
	if r := s.do(http.MethodPut, "/_sandbox/tokens", nil, `{"77":["new"]}`); r.status != 204 {
		t.Errorf("tokens: %d %s", r.status, r.body)
	}
	if got := code(t, s.post("77", "anything", data(lead("c")))); got != "401 190/0" {
		t.Errorf("the old token: %s", got)
	}
	if r := s.do(http.MethodDelete, "/_sandbox/events", nil, ""); r.status != 204 {
		t.Errorf("forget: %d", r.status)
	}
	if got := s.do(http.MethodGet, "/_sandbox/events", nil, "").body; got != "" {
		t.Errorf("after forget: %s", got)
	}
	if !strings.Contains(s.log.String(), "SANDBOX") || strings.Contains(s.log.String(), "anything") {
		t.Errorf("log: %s", s.log)
	}
}

func TestFaults(t *testing.T) {
	s := start(t, false)
	set := func(rules string) {
		t.Helper()
		if r := s.do(http.MethodPut, "/_sandbox/faults", nil, rules); r.status != 204 {
			t.Fatalf("rules: %d %s", r.status, r.body)
		}
	}
	set(`[{"event_id":"bad","error":{"code":100,"error_subcode":2804019,"is_transient":false}},{"times":1,"status":503},{"headers":{"X-App-Usage":"{\"call_count\":99}"},"delay":"1ms"}]`)
	if got := code(t, s.post("1", "t", data(lead("good"), lead("bad")))); got != "400 100/2804019" {
		t.Errorf("error rule: %s", got)
	}
	if r := s.post("1", "t", data(lead("good"))); r.status != 503 || r.body != "" {
		t.Errorf("status rule: %d %q", r.status, r.body)
	}
	if r := s.post("1", "t", data(lead("good"))); r.status != 200 || !strings.Contains(r.header.Get("X-App-Usage"), "99") {
		t.Errorf("header rule: %d %v", r.status, r.header)
	}
	set(`{"reset":true}`)
	if r := s.post("1", "t", data(lead("good"))); r.err == nil {
		t.Errorf("reset: %d %s", r.status, r.body)
	}
	set(`{"body":"<html>"}`)
	if r := s.post("1", "t", data(lead("good"))); r.status != 200 || r.body != "<html>" {
		t.Errorf("body: %d %s", r.status, r.body)
	}
	set(`{"hang":true}`)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/v25.0/1/events", strings.NewReader(data(lead("a"))))
	if err != nil {
		t.Fatal(err)
	}
	if res, err := client.Do(req); err == nil {
		t.Errorf("hang: %d", res.StatusCode)
	}
	if got := s.do(http.MethodGet, "/_sandbox/faults", nil, "").body; got != "[{\"hang\":true}]\n" {
		t.Errorf("list: %q", got)
	}
	if r := s.do(http.MethodDelete, "/_sandbox/faults", nil, ""); r.status != 204 {
		t.Errorf("clear: %d", r.status)
	}
	if r := s.do(http.MethodPut, "/_sandbox/faults", nil, `[{"statuss":500}]`); r.status != 400 || !strings.Contains(r.body, "statuss") {
		t.Errorf("mistyped rule: %d %s", r.status, r.body)
	}
}

// TestBrokenAnswers: the events are accepted, and the answer comes slowly, or half of it.
func TestBrokenAnswers(t *testing.T) {
	s := start(t, false)
	set := func(rules string) {
		t.Helper()
		if r := s.do(http.MethodPut, "/_sandbox/faults", nil, rules); r.status != 204 {
			t.Fatalf("rules: %d %s", r.status, r.body)
		}
	}
	set(`{"drip":"1ms"}`)
	began := time.Now()
	r := s.post("1", "t", data(lead("slow")))
	if r.status != 200 || !strings.Contains(r.body, `"events_received":1`) {
		t.Errorf("drip: %d %q %v", r.status, r.body, r.err)
	}
	if took := time.Since(began); took < time.Duration(len(r.body))*time.Millisecond {
		t.Errorf("%d bytes came within %s", len(r.body), took)
	}
	for _, rule := range []string{`{"cut":true}`, `{"cut":true,"drip":"1ms"}`} {
		set(rule)
		if r := s.post("1", "t", data(lead("half"))); r.status != 200 || r.err == nil || r.body == "" || json.Valid([]byte(r.body)) {
			t.Errorf("%s: %d %q %v", rule, r.status, r.body, r.err)
		}
	}
	set(`{"cut":true,"status":503,"body":"<html><body>busy</body></html>"}`)
	if r := s.post("1", "t", data(lead("none"))); r.status != 503 || r.err == nil || !strings.HasPrefix(r.body, "<html>") {
		t.Errorf("a rule's own answer: %d %q %v", r.status, r.body, r.err)
	}
	if got := s.do(http.MethodGet, "/_sandbox/events?fields=event_id", nil, "").body; strings.Count(got, "half") != 2 || strings.Contains(got, "none") {
		t.Errorf("accepted: %s", got)
	}
}
