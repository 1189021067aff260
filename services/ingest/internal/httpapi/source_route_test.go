package httpapi

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// TestSourceRoute: GET, OPTIONS and origins at a source's own route are its format's.
func TestSourceRoute(t *testing.T) {
	const path, ours, evil = "/v1/sources/", "Origin: https://shop.example.com", "Origin: https://evil.example"
	f := newFixture(t, nil,
		newSource("beacon", "website", "collect", origins("https://shop.example.com")),
		newSource("pixel", "website", "meta.pixel", origins("https://shop.example.com"), key("77")),
		newSource("lines", "store", "ndjson", secret("S")),
		newSource("events", "platform", "cloudevents", secret("S"), func(s *source.Source) { s.Limit(10, 10) }),
		newSource("chat", "whatsapp", "whatsapp", secret("S"), func(s *source.Source) { s.Verify = auth.NewRing(config.StaticSecret("V")) }))
	const verify = "?hub.mode=subscribe&hub.challenge=4711&hub.verify_token="
	for _, c := range []struct {
		name, method, target, body string
		headers                    []string
		status                     int
		allow                      string   // the Allow header
		want                       []string // of the body
		stored                     int
	}{
		{"page", "POST", "beacon", `{"events":[` + oneEvent + `]}`, []string{ours}, 202, "", []string{`"accepted":1`}, 1},
		{"another page", "POST", "beacon", `{"events":[` + oneEvent + `]}`, []string{evil}, 403, "", []string{`"status":403`, "origin"}, 0},
		{"sandboxed frame", "POST", "beacon", `{"events":[` + oneEvent + `]}`, []string{"Origin: null"}, 403, "", []string{`"status":403`}, 0},
		{"preflight", "OPTIONS", "beacon", "", []string{ours}, 204, "", nil, 0},
		{"preflight of another page", "OPTIONS", "beacon", "", []string{evil}, 403, "", []string{`"status":403`}, 0},
		{"preflight of a server's format", "OPTIONS", "lines", "", []string{ours}, 405, "POST", nil, 0},
		{"preflight of nobody", "OPTIONS", "nobody", "", []string{ours}, 404, "", []string{"no such source"}, 0},
		{"a pixel's GET", "GET", "pixel?id=77&ev=PageView", "", []string{ours}, 200, "", []string{"GIF89a"}, 1},
		{"a pixel's GET from another page", "GET", "pixel?id=77&ev=PageView", "", []string{evil}, 403, "", nil, 0},
		{"GET of what is posted", "GET", "lines", "", []string{"Authorization: Bearer S"}, 405, "POST", []string{`"status":405`}, 0},
		{"GET of what pages post", "GET", "beacon", "", []string{ours}, 405, "POST, OPTIONS", []string{`"status":405`}, 0},
		{"GET of nobody", "GET", "nobody", "", nil, 404, "", []string{"no such source"}, 0},
		{"PUT", "PUT", "lines", "", nil, 405, "POST", []string{`"status":405`}, 0},
		{"HEAD makes no event", "HEAD", "pixel?id=77&ev=PageView", "", nil, 405, "GET, POST, OPTIONS", nil, 0},
		{"PUT where there is a verification", "PUT", "chat", "", nil, 405, "GET, POST", nil, 0},
		{"PUT where there is a handshake", "PUT", "events", "", nil, 405, "POST, OPTIONS", nil, 0},
		{"PUT of nobody", "PUT", "nobody", "", nil, 404, "", []string{"no such source"}, 0},
		{"handshake", "OPTIONS", "events", "", []string{"WebHook-Request-Origin: eventemitter.example.com"}, 200, "POST, OPTIONS", nil, 0},
		{"handshake of no origin", "OPTIONS", "events", "", nil, 400, "POST, OPTIONS", []string{"WebHook-Request-Origin"}, 0},
		{"verification", "GET", "chat" + verify + "V", "", nil, 200, "", []string{"4711"}, 0},
		{"verification by the signing secret", "GET", "chat" + verify + "S", "", nil, 403, "", nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := f.do(c.method, path+c.target, c.body, c.headers...)
			if w.Code != c.status || w.Header().Get("Allow") != c.allow {
				t.Fatalf("%d, Allow %q: %s", w.Code, w.Header().Get("Allow"), w.Body)
			}
			for _, part := range c.want {
				if !strings.Contains(w.Body.String(), part) {
					t.Errorf("no %s in %s", part, w.Body)
				}
			}
			if n := len(f.kafka.taken()); n != c.stored {
				t.Errorf("%d events stored", n)
			}
			echoed := w.Header().Get("Access-Control-Allow-Origin")
			if good := len(c.headers) == 1 && c.headers[0] == ours && c.status < 300; good != (echoed == "https://shop.example.com") || !good && echoed != "" && c.status != 405 {
				t.Errorf("allows the origin %q", echoed)
			}
		})
	}
	w := f.do(http.MethodOptions, path+"events", "", "WebHook-Request-Origin: e.example.com")
	if h := w.Header(); h.Get("WebHook-Allowed-Origin") != "e.example.com" || h.Get("WebHook-Allowed-Rate") != "600" {
		t.Errorf("handshake: %v", h)
	}
}

// TestNothingIsReusedAfterAnError: the producer may still hold what it did not take; later requests write elsewhere.
func TestNothingIsReusedAfterAnError(t *testing.T) {
	f := newFixture(t, nil)
	var held []stream.Record
	f.kafka.publish = func(_ context.Context, recs []stream.Record) error {
		held = append(held, recs...)
		return errors.New("no leader")
	}
	body := func(id string) string { return strings.ReplaceAll(oneBody, "l-1", id) }
	if w := f.post(graphPath, body("held-back"), goodToken); w.Code != http.StatusServiceUnavailable || len(held) != 1 {
		t.Fatalf("%d, %d records: %s", w.Code, len(held), w.Body)
	}
	value, id := bytes.Clone(held[0].Value), bytes.Clone(held[0].Key)
	f.kafka.publish = nil
	for range 50 {
		if w := f.post(graphPath, body("overwrite"), goodToken); w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if !bytes.Equal(held[0].Value, value) || !bytes.Equal(held[0].Key, id) {
		t.Errorf("another request wrote into it: %s %s", held[0].Key, held[0].Value)
	}
	if used := f.bodies.used; used != 0 {
		t.Errorf("%d bytes of the budget are not given back", used)
	}
}
