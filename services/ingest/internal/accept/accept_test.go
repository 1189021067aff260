package accept

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/leaktest"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// publisher does what a test says.
type publisher func(ctx context.Context, recs []stream.Record) error

func (p publisher) Publish(ctx context.Context, recs ...stream.Record) error { return p(ctx, recs) }

var (
	quiet   = slog.New(slog.DiscardHandler)
	arrival = time.Date(2026, 11, 25, 9, 30, 0, 123e6, time.UTC)
	website = &source.Source{Account: auth.Account{Name: "website"}, Channel: "website", Format: "collect", Topic: "p.events.website"}
)

// facts are those of a request.
func facts() *Facts {
	return &Facts{
		URL: []byte("/v1/website/collect?a=b"), Headers: []byte(`{"user-agent":"Mozilla"}`), IP: []byte("203.0.113.7"),
		TraceParent: []byte("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), Arrival: arrival,
	}
}

func value(id string) []byte { return fmt.Appendf(nil, `{"event_name":"Lead","of":%q}`, id) }

func items(ids ...string) *receive.Batch {
	b := &receive.Batch{SentAt: []byte("2026-11-25T09:29:59Z"), Context: []byte(`{"trusted":true}`)}
	for _, id := range ids {
		b.Items = append(b.Items, receive.Item{ID: []byte(id), Key: []byte("key of " + id), Value: value(id)})
	}
	return b
}

// TestRecords: every item with all facts of its request, in order, each a record of its own.
func TestRecords(t *testing.T) {
	var got []stream.Record
	a := New(publisher(func(_ context.Context, recs []stream.Record) error { got = recs; return nil }), time.Second, quiet)
	if err := a.Accept(t.Context(), website, facts(), items("a", `b"ü`, "c"), &Work{}); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 {
		t.Fatalf("%d records", len(got))
	}
	for i, id := range []string{"a", `b"ü`, "c"} {
		r := &got[i]
		var raw event.Raw
		if err := raw.Decode(r.Value); err != nil {
			t.Fatal(err)
		}
		have := []string{
			r.Topic, string(r.Key), string(raw.ID), string(raw.Key), string(raw.Channel), string(raw.Source), string(raw.Format), string(raw.Item),
			string(raw.URL), string(raw.Headers), string(raw.IP), string(raw.SentAt), string(raw.Context), string(raw.TraceParent), string(r.Header("traceparent")),
		}
		want := []string{
			"p.events.website", "key of " + id, id, "key of " + id, "website", "website", "collect", string(value(id)),
			"/v1/website/collect?a=b", `{"user-agent":"Mozilla"}`, "203.0.113.7", "2026-11-25T09:29:59Z", `{"trusted":true}`,
			"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Error(diff)
		}
		if !r.Time.Equal(arrival) || !raw.Time.Equal(arrival) {
			t.Errorf("%s: times %v %v", id, r.Time, raw.Time)
		}
		if cap(r.Value) != len(r.Value) {
			t.Errorf("%s: appending to its value would write into the next", id)
		}
	}
}

// TestWorkIsReused: after a success the next request's records are its own, whatever the last one left behind.
func TestWorkIsReused(t *testing.T) {
	var got []string
	a := New(publisher(func(_ context.Context, recs []stream.Record) error {
		got = got[:0]
		for i := range recs {
			var raw event.Raw
			if err := raw.Decode(recs[i].Value); err != nil {
				return err
			}
			got = append(got, string(raw.ID)+" "+string(raw.Context)+" "+string(raw.Item))
		}
		return nil
	}), time.Second, quiet)
	w := &Work{}
	long := items("first", "second", "third")
	long.Items[0].Value = []byte(`{"text":"` + strings.Repeat("x", 4<<10) + `"}`)
	if err := a.Accept(t.Context(), website, facts(), long, w); err != nil {
		t.Fatal(err)
	}
	room := w.Room()
	short := items("fourth")
	short.Context = nil
	if err := a.Accept(t.Context(), website, facts(), short, w); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{`fourth  {"event_name":"Lead","of":"fourth"}`}, got); diff != "" {
		t.Error(diff)
	}
	if room < 4<<10 || w.Room() != room {
		t.Errorf("%d bytes of room, then %d: it was made anew", room, w.Room())
	}
	if left := w.recs[:cap(w.recs)]; left[1].Value != nil || left[2].Key != nil {
		t.Error("it holds on to records of the last request")
	}
}

// TestErrors: what Kafka does not take is an error that says no value of the event.
func TestErrors(t *testing.T) {
	broken := errors.New("broken")
	a := New(publisher(func(context.Context, []stream.Record) error { return broken }), time.Second, quiet)
	err := a.Accept(t.Context(), website, facts(), items("CANARY"), &Work{})
	if !errors.Is(err, broken) || err.Error() != "publishing raw events: broken" {
		t.Errorf("%v", err)
	}
}

// TestDeadline: Kafka gets the deadline and no longer, whatever the client's context says.
func TestDeadline(t *testing.T) {
	for name, limit := range map[string]time.Duration{"none": 0, "shorter": time.Second, "longer": time.Minute} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if limit > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, limit)
					defer cancel()
				}
				a := New(publisher(func(ctx context.Context, _ []stream.Record) error { <-ctx.Done(); return ctx.Err() }), 5*time.Second, quiet)
				began := time.Now()
				err := a.Accept(ctx, website, facts(), items("a"), &Work{})
				if took := time.Since(began); took != 5*time.Second || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%v after %v", err, took)
				}
			})
		})
	}
}

type traceKey struct{}

// TestClientGone: a client that goes away, before or while its event is stored, has sent it; what its context carries
// goes along.
func TestClientGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, after := range []time.Duration{0, time.Second} {
			ctx, cancel := context.WithCancel(context.WithValue(t.Context(), traceKey{}, "trace"))
			defer cancel()
			if after == 0 {
				cancel()
			}
			a := New(publisher(func(ctx context.Context, _ []stream.Record) error {
				if ctx.Value(traceKey{}) != "trace" {
					t.Error("the trace is lost")
				}
				time.AfterFunc(after, cancel)
				select {
				case <-time.After(2 * time.Second):
					return nil
				case <-ctx.Done():
					return ctx.Err()
				}
			}), 5*time.Second, quiet)
			if err := a.Accept(ctx, website, facts(), items("a"), &Work{}); err != nil {
				t.Errorf("gone after %v: %v", after, err)
			}
		}
	})
}

// TestOutageIsLoggedOnce: one line when Kafka stops taking events, one when it takes them again, however many requests.
func TestOutageIsLoggedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		var broken error
		a := New(publisher(func(context.Context, []stream.Record) error { return broken }), time.Second, slog.New(slog.NewTextHandler(&out, nil)))
		many := func() {
			var done sync.WaitGroup
			for range 20 {
				done.Go(func() { _ = a.Accept(t.Context(), website, facts(), items("CANARY"), &Work{}) })
			}
			done.Wait()
		}
		if !a.LastGood().IsZero() || !a.LastBad().IsZero() {
			t.Error("something was tried")
		}
		for outage := range 3 {
			broken = nil
			many()
			if since := time.Since(a.LastGood()); since != 0 {
				t.Errorf("last good %v ago", since)
			}
			<-time.After(time.Minute)
			broken = errors.New("no leader")
			many()
			if bad, good := time.Since(a.LastBad()), time.Since(a.LastGood()); bad != 0 || good != time.Minute {
				t.Errorf("last bad %v ago, last good %v", bad, good)
			}
			if n := strings.Count(out.String(), "level=WARN"); n != outage+1 {
				t.Errorf("outage %d: warned %d times:\n%s", outage+1, n, &out)
			}
			if n := strings.Count(out.String(), "level=INFO"); n != outage {
				t.Errorf("outage %d: good news %d times:\n%s", outage+1, n, &out)
			}
		}
		if text := out.String(); !strings.Contains(text, "no leader") || strings.Contains(text, "CANARY") {
			t.Errorf("%s", text)
		}
	})
}
