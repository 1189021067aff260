package httpapi

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// keeps is a spool that counts.
type keeps struct{ records int }

func (k *keeps) Put(_ context.Context, recs ...stream.Record) error {
	k.records += len(recs)
	return nil
}

// TestWhatComesOnceIsSpooled: without Kafka the events of senders that never repeat are answered as ever, at their own routes and at
// the sources'; others are asked to repeat.
func TestWhatComesOnceIsSpooled(t *testing.T) {
	f := newFixture(t, nil,
		newSource("pixel", "website", "meta.pixel", key(shop), origins("https://shop.example.com")),
		newSource("beacon", "website", "collect", secret("collect-secret"), origins("https://shop.example.com")),
		newSource("backend", "website", "capi", secret("EAAtestToken")),
		newSource("cdp", "cdp", "segment", secret("write-key"), key("write-key")),
	)
	f.kafka.publish = func(context.Context, []stream.Record) error { return errors.New("kafka is away") }
	kept := &keeps{}
	f.accept.SpoolTo(kept, func() time.Time { return time.Time{} }, func() error { return nil })
	track := `{"writeKey":"write-key","batch":[{"type":"track","event":"Order Completed","userId":"u1","messageId":"m1"}]}`
	for _, c := range []struct {
		method, target, body string
		status, spooled      int
	}{
		{http.MethodGet, "/tr/?id=" + shop + "&ev=Lead", "", http.StatusOK, 1},
		{http.MethodPost, "/v1/website/collect", `{"event_name":"Lead","event_id":"1"}`, http.StatusAccepted, 1},
		{http.MethodPost, "/v1/sources/beacon", `{"event_name":"Lead","event_id":"2"}`, http.StatusAccepted, 1},
		{http.MethodPost, "/beacon/v1/batch", track, http.StatusOK, 1},
		{http.MethodPost, "/v1/batch", track, http.StatusServiceUnavailable, 0},
		{http.MethodPost, "/v1/sources/cdp", track, http.StatusServiceUnavailable, 0},
		{http.MethodPost, "/v25.0/" + shop + "/events", `{"data":[{"event_name":"Lead"}],"access_token":"EAAtestToken"}`, http.StatusServiceUnavailable, 0},
	} {
		kept.records = 0
		w := f.do(c.method, c.target, c.body, "Origin: https://shop.example.com", "Content-Type: application/json")
		if w.Code != c.status || kept.records != c.spooled {
			t.Errorf("%s: %d %s, %d spooled; want %d, %d", c.target, w.Code, w.Body, kept.records, c.status, c.spooled)
		}
	}
}
