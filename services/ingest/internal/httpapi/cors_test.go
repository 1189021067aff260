package httpapi

import (
	"net/http"
	"testing"

	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// TestOrigins: which pages may post, and that no look-alike may.
func TestOrigins(t *testing.T) {
	f := newFixture(t, nil, newSource("pixel", "website", "meta.openbridge", origins("https://shop.example.com", "https://www.example.com"), key(shop)))
	body := `{"event_name":"PageView","event_id":"p-1","fb.pixel_id":"` + shop + `"}`
	tests := []struct {
		origin string
		status int
	}{
		{"https://shop.example.com", 200},
		{"https://www.example.com", 200},
		{"", 200},
		{"null", 403},
		{"http://shop.example.com", 403},
		{"https://shop.example.com:8443", 403},
		{"https://evil-shop.example.com", 403},
		{"https://shop.example.com.evil.example", 403},
		{"https://shop.example.co", 403},
		{"https://evil.example/https://shop.example.com", 403},
		{"https://shop.example.com/", 403},
	}
	for _, tt := range tests {
		t.Run(tt.origin, func(t *testing.T) {
			headers := []string{}
			if tt.origin != "" {
				headers = append(headers, "Origin: "+tt.origin)
			}
			w := f.post("/v1/website/openbridge/events", body, headers...)
			if w.Code != tt.status {
				t.Errorf("post: %d %s", w.Code, w.Body)
			}
			checkCORS(t, w.Header(), tt.origin, tt.status == 200 && tt.origin != "")
			w = f.do(http.MethodOptions, "/v1/website/openbridge/events", "", append(headers, "Access-Control-Request-Method: POST")...)
			want := http.StatusNoContent
			if tt.status == 403 {
				want = http.StatusForbidden
			}
			if w.Code != want {
				t.Errorf("preflight: %d", w.Code)
			}
			checkCORS(t, w.Header(), tt.origin, tt.status == 200 && tt.origin != "")
			if got := w.Header().Get("Access-Control-Allow-Headers"); want == http.StatusNoContent && got != "content-type, authorization, x-retry-count" {
				t.Errorf("allowed headers: %q", got)
			}
		})
	}
}

func checkCORS(t *testing.T, h http.Header, origin string, allowed bool) {
	t.Helper()
	if h.Get("Vary") != "Origin" {
		t.Errorf("Vary: %q", h.Get("Vary"))
	}
	got, credentials := h.Get("Access-Control-Allow-Origin"), h.Get("Access-Control-Allow-Credentials")
	if allowed && (got != origin || credentials != "true") || !allowed && (got != "" || credentials != "") {
		t.Errorf("allow-origin %q, credentials %q", got, credentials)
	}
}

// TestOriginOfAnotherSource: the route answers preflights for all its sources, each post is held to its own.
func TestOriginOfAnotherSource(t *testing.T) {
	f := newFixture(t, nil,
		newSource("one", "website", "meta.openbridge", origins("https://one.example"), key("11")),
		newSource("two", "website", "meta.openbridge", origins("https://two.example"), key("22")))
	if w := f.do(http.MethodOptions, "/v1/website/openbridge/events", "", "Origin: https://two.example"); w.Code != http.StatusNoContent {
		t.Errorf("preflight: %d", w.Code)
	}
	if w := f.do(http.MethodOptions, "/v1/sources/one", "", "Origin: https://two.example"); w.Code != http.StatusForbidden {
		t.Errorf("preflight of one: %d", w.Code)
	}
	w := f.post("/v1/website/openbridge/events", `{"event_name":"x","fb.pixel_id":"11"}`, "Origin: https://two.example")
	if w.Code != http.StatusForbidden || w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%d %s", w.Code, w.Header())
	}
}

// TestServerRoutesHaveNoCORS: pages may not post to the routes of servers.
func TestServerRoutesHaveNoCORS(t *testing.T) {
	f := newFixture(t, nil)
	for _, target := range []string{graphPath, "/capi/" + shop + "/events", "/v1/website/events", "/v1/sources/lines"} {
		w := f.do(http.MethodOptions, target, "", "Origin: https://shop.example.com")
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %d %s", target, w.Code, w.Header())
		}
	}
}

// TestCollectCallers: a right secret makes a server, an allowed page a browser, and only the first may speak for clients.
func TestCollectCallers(t *testing.T) {
	const page, other, right, wrong = "Origin: https://shop.example.com", "Origin: https://evil.example", "Authorization: Bearer s3", "Authorization: Bearer no"
	both := newSource("both", "website", "collect", secret("s3"), origins("https://shop.example.com"))
	pages := newSource("pages", "website", "collect", origins("https://shop.example.com"))
	server := newSource("server", "website", "collect", secret("s3"))
	open := newSource("open", "website", "collect", func(s *source.Source) { s.Open = true })
	tests := []struct {
		name    string
		source  *source.Source
		headers []string
		status  int
		server  bool
	}{
		{"both: secret", both, []string{right}, 202, true},
		{"both: secret from its page", both, []string{right, page}, 202, true},
		{"both: secret from another page", both, []string{right, other}, 403, false},
		{"both: page", both, []string{page}, 202, false},
		{"both: wrong secret", both, []string{wrong, page}, 401, false},
		{"both: neither", both, nil, 401, false},
		{"pages: page", pages, []string{page}, 202, false},
		{"pages: no origin", pages, nil, 202, false},
		{"pages: another", pages, []string{other}, 403, false},
		{"pages: a secret it has not", pages, []string{right, page}, 401, false},
		{"server: secret", server, []string{right}, 202, true},
		{"server: none", server, []string{page}, 401, false},
		{"open", open, nil, 202, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t, nil, tt.source)
			w := f.post("/v1/website/collect", `{"server":true,"trusted":true,"partner_agent":"p","events":[`+oneEvent+`]}`, tt.headers...)
			if w.Code != tt.status {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			for _, r := range f.kafka.taken() {
				want := `"context":{"trusted":true,"partner_agent":"p","server":true}`
				if has := contains(r.Value, want); has != tt.server {
					t.Errorf("server's context: %v\n%s", has, r.Value)
				}
				if !tt.server && contains(r.Value, `"context"`) {
					t.Errorf("a page's context is stored: %s", r.Value)
				}
			}
		})
	}
}
