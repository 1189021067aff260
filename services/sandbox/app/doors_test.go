package app_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/config"
)

const operatorToken = "CANARY-0123456789abcdef"

// controls are all that the sandbox's own routes show and change.
var controls = []struct {
	method, path, body string
	status             int
}{
	{http.MethodGet, "/_sandbox/events", "", 200},
	{http.MethodGet, "/_sandbox/events?fields=event_id", "", 200},
	{http.MethodGet, "/_sandbox/stats", "", 200},
	{http.MethodGet, "/_sandbox/faults", "", 200},
	{http.MethodPut, "/_sandbox/faults", "[]", 204},
	{http.MethodDelete, "/_sandbox/faults", "", 204},
	{http.MethodPut, "/_sandbox/tokens", `{"1":["CANARY"]}`, 204},
	{http.MethodPut, "/_sandbox/leads", `{}`, 204},
	{http.MethodDelete, "/_sandbox/events", "", 204},
}

// TestPages (T19): of a page of another address, and of one whose own name leads here, nothing is shown and nothing changed; what
// forwarders post to is as open as Meta's.
func TestPages(t *testing.T) {
	s := start(t, false)
	for name, header := range map[string]http.Header{
		"fetch":        {"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}},
		"an image":     {"Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Mode": {"no-cors"}},
		"rebound":      {"Host": {"evil.example"}},
		"rebound, too": {"Host": {"evil.example"}, "Origin": {"http://evil.example"}, "Sec-Fetch-Site": {"same-origin"}},
	} {
		for _, c := range controls {
			if r := s.do(c.method, c.path, header, c.body); r.status != 403 || !strings.Contains(r.body, `"detail"`) {
				t.Errorf("%s: %s %s: %d %s", name, c.method, c.path, r.status, r.body)
			}
		}
	}
	if r := s.do(http.MethodPost, "/v25.0/1/events", http.Header{"Host": {"graph.example"}, "Content-Type": {"application/json"}}, `{"access_token":"t","data":[`+lead("a")+`]}`); r.status != 200 {
		t.Errorf("a forwarder: %d %s", r.status, r.body)
	}
	for _, c := range controls {
		if r := s.do(c.method, c.path, nil, c.body); r.status != c.status {
			t.Errorf("this user: %s %s: %d %s", c.method, c.path, r.status, r.body)
		}
	}
	log := s.log.String()
	for _, want := range []string{
		"method=PUT path=/_sandbox/faults remote=127.0.0.1:", "by=\"uid ", "rules=0", "tokens=1", "leads=0", "events_forgotten=1",
	} {
		if !strings.Contains(log, want) {
			t.Errorf("the log does not say %s: %s", want, log)
		}
	}
	if strings.Contains(log, "CANARY") || strings.Contains(log, "everybody who reaches") {
		t.Errorf("the log: %s", log)
	}
}

// TestOperatorsToken (T46): with a token's file, its token opens the sandbox's own routes from anywhere, and a wrong one nothing. A
// sandbox that is open to other machines without one says so.
func TestOperatorsToken(t *testing.T) {
	file := filepath.Join(t.TempDir(), "operator")
	if err := os.WriteFile(file, []byte(operatorToken), 0o600); err != nil {
		t.Fatal(err)
	}
	everywhere := func(cfg *config.Config) { cfg.Sandbox.Listen = ":0" }
	s := start(t, false, everywhere, func(cfg *config.Config) { cfg.Operators.TokenFiles = []string{file} })
	s.url = strings.Replace(s.url, "[::]", "127.0.0.1", 1)
	for _, c := range controls {
		if r := s.do(c.method, c.path, http.Header{"Authorization": {"Bearer " + operatorToken}}, c.body); r.status != c.status {
			t.Errorf("its token: %s %s: %d %s", c.method, c.path, r.status, r.body)
		}
		if r := s.do(c.method, c.path, http.Header{"Authorization": {"Bearer guessed-" + operatorToken}}, c.body); r.status != 401 || r.header.Get("WWW-Authenticate") == "" {
			t.Errorf("a wrong token: %s %s: %d %s", c.method, c.path, r.status, r.body)
		}
	}
	if log := s.log.String(); !strings.Contains(log, "by=operators.token_files.0") || strings.Contains(log, "CANARY") || strings.Contains(log, "everybody who reaches") {
		t.Errorf("the log: %s", log)
	}
	if open := start(t, false, everywhere); !strings.Contains(open.log.String(), "everybody who reaches this port may read") {
		t.Errorf("the log: %s", open.log)
	}
}
