package load

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// ingest answers like ingest; every third request is refused, or gets no answer.
type ingest struct {
	mu       sync.Mutex
	tries    map[string]int // by body
	requests int
}

func (i *ingest) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.requests++
	i.tries[r.URL.Path+string(body)]++
	switch i.requests % 3 {
	case 0:
		w.WriteHeader(http.StatusServiceUnavailable)
	case 1:
		panic(http.ErrAbortHandler)
	}
}

// TestLedger: every event that was made is acknowledged in the end, by the same bytes, but those of a sender that does not repeat.
func TestLedger(t *testing.T) {
	i := &ingest{tries: map[string]int{}}
	server := httptest.NewServer(i)
	defer server.Close()
	l := Start(Options{URL: server.URL, Rate: 3000, Seed: 1})
	for deadline := time.After(time.Minute); l.Ledger().Accepted() < 500; {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-deadline:
			t.Fatal("500 events are not acknowledged within a minute")
		}
	}
	l.Stop(t.Context())
	refused, unanswered, ends := 0, 0, map[fault.Fate]int{}
	seen := map[string]bool{}
	for _, e := range l.Ledger().Entries() {
		if seen[e.ID] {
			t.Errorf("%s is there twice", e.ID)
		}
		seen[e.ID] = true
		if e.Accepted.IsZero() && e.Sender != "collect" {
			t.Errorf("%s of %s was given up", e.ID, e.Sender)
		}
		if e.Sender == "collect" && e.Refused+e.Unanswered > 1 {
			t.Errorf("%s was repeated", e.ID)
		}
		refused, unanswered = refused+e.Refused, unanswered+e.Unanswered
		ends[e.End]++
	}
	if refused == 0 || unanswered == 0 || ends[fault.Delivered] == 0 || ends[fault.Dead] == 0 || ends[fault.Dropped] == 0 {
		t.Errorf("%d refused, %d unanswered, ends %v", refused, unanswered, ends)
	}
	if wrong := l.Ledger().Wrong(); wrong != nil {
		t.Error(wrong)
	}
	repeated := false
	for _, n := range i.tries {
		repeated = repeated || n > 1
	}
	if !repeated {
		t.Error("nothing was repeated with the same bytes")
	}
}

// TestWrongAnswer: an answer that no fault explains is told, and not repeated.
func TestWrongAnswer(t *testing.T) {
	var requests atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		http.Error(w, "no", http.StatusBadRequest)
	}))
	defer server.Close()
	l := Start(Options{URL: server.URL, Rate: 3000})
	for requests.Load() < 20 {
		<-time.After(10 * time.Millisecond)
	}
	l.Stop(t.Context())
	if n := len(l.Ledger().Wrong()); n != int(requests.Load()) || l.Ledger().Accepted() != 0 {
		t.Errorf("%d of %d answers are told, %d accepted", n, requests.Load(), l.Ledger().Accepted())
	}
}

// TestStopGivesUp: a load whose ingest never answers ends with its context.
func TestStopGivesUp(t *testing.T) {
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer server.Close()
	defer close(hang)
	l := Start(Options{URL: server.URL, Rate: 3000})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l.Stop(ctx)
	if l.Ledger().Accepted() != 0 {
		t.Error("something was acknowledged")
	}
}

// TestSigned: webhooks are signed, and the JSON of every request can be read.
func TestSigned(t *testing.T) {
	l := Start(Options{URL: "http://127.0.0.1:1", Rate: 0.001})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l.Stop(ctx)
	for _, s := range l.senders() {
		s.load, s.rng = l, newRand(1, 1)
		r := s.make(s, s.most)
		signed := &signature.Request{Header: r.header, Body: r.body, Now: time.Now()}
		switch s.name {
		case "shopify":
			if !(signature.Shopify{}).Holds(signed, secret) {
				t.Error("shopify is not signed")
			}
		case "woo":
			if !(signature.WooCommerce{}).Holds(signed, secret) {
				t.Error("woo is not signed")
			}
		}
		if len(r.events) != s.most {
			t.Errorf("%s: %d events, want %d", s.name, len(r.events), s.most)
		}
		for line := range strings.Lines(string(r.body)) {
			if !json.Valid([]byte(line)) {
				t.Errorf("%s: %s", s.name, line)
			}
		}
	}
}
