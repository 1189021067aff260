package app_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/config"
)

const lead1 = `{"1234567890123456":{"field_data":[{"name":"email","values":["jane.doe@example.com"]}]}}`

// lead asks the sandbox for a lead, with a token.
func (s *sandbox) lead(id, token string) reply {
	s.t.Helper()
	h := http.Header{}
	if token != "" {
		h.Set("Authorization", "Bearer "+token)
	}
	return s.do(http.MethodGet, "/v25.0/"+id, h, "")
}

// TestLeads: the sandbox answers the leads that were set, and no others, and only to a page's token.
func TestLeads(t *testing.T) {
	s := start(t, true, func(cfg *config.Config) {
		page := filepath.Join(t.TempDir(), "page")
		if err := os.WriteFile(page, []byte("page-token\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		cfg.Sources = map[string]config.Source{"leads": {TokenFile: page}, "website": {}}
	})
	if r := s.do(http.MethodPut, "/_sandbox/leads", nil, lead1); r.status != 204 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if r := s.lead("1234567890123456", "page-token"); r.status != 200 || !strings.Contains(r.body, `"id":"1234567890123456"`) || !strings.Contains(r.body, "jane.doe@example.com") {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := s.do(http.MethodGet, "/v25.0/1234567890123456?fields=field_data&access_token=page-token", nil, ""); r.status != 200 {
		t.Errorf("token in the query: %d %s", r.status, r.body)
	}
	for name, c := range map[string]struct{ id, token, want string }{
		"no token":        {"1234567890123456", "", "401 190/0"},
		"wrong token":     {"1234567890123456", "guessed", "401 190/0"},
		"dataset's token": {"1234567890123456", "right-1", "401 190/0"},
		"unknown lead":    {"1234567890123457", "page-token", "400 100/33"},
	} {
		if got := code(t, s.lead(c.id, c.token)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if r := s.do(http.MethodPut, "/_sandbox/tokens", nil, `{"pages":["new"]}`); r.status != 204 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if got := code(t, s.lead("1234567890123456", "page-token")); got != "401 190/0" {
		t.Errorf("the old token: %s", got)
	}
	if r := s.lead("1234567890123456", "new"); r.status != 200 {
		t.Errorf("the new token: %d", r.status)
	}
	if r := s.post("1", "right-1", data(lead("a"))); r.status != 200 {
		t.Errorf("the datasets' tokens are others: %d %s", r.status, r.body)
	}
	for _, bad := range []string{`[]`, `null`, `{"1":7}`, `{`} {
		if r := s.do(http.MethodPut, "/_sandbox/leads", nil, bad); r.status != 400 {
			t.Errorf("%s: %d", bad, r.status)
		}
	}
}

// TestLeadFaults: rules make lookups fail as they make posts fail; a rule for one lead does not touch others.
func TestLeadFaults(t *testing.T) {
	s := start(t, false)
	if r := s.do(http.MethodPut, "/_sandbox/leads", nil, lead1); r.status != 204 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	rules := `[{"dataset":"1234567890123456","times":1,"status":503},{"dataset":"9","status":500}]`
	if r := s.do(http.MethodPut, "/_sandbox/faults", nil, rules); r.status != 204 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if r := s.lead("1234567890123456", "any"); r.status != 503 {
		t.Errorf("first: %d", r.status)
	}
	if r := s.lead("1234567890123456", "any"); r.status != 200 {
		t.Errorf("then: %d %s", r.status, r.body)
	}
}
