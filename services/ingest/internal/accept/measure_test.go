package accept

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// TestMeasure: what is measured before records are made is no less than what they take, and little more.
func TestMeasure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := func(name string) []byte { return []byte(rapid.String().Draw(t, name)) }
		s := &source.Source{Account: auth.Account{Name: "page"}, Channel: "website", Format: "collect", Topic: "t"}
		f := &Facts{URL: text("url"), IP: text("ip"), Headers: []byte(`{"user-agent":"x"}`), Trust: event.Unproven, TraceParent: text("traceparent"), Arrival: time.Unix(1_700_000_000, 0)}
		b := &receive.Batch{SentAt: text("sent at"), Context: []byte(rapid.SampledFrom([]string{"", `{"a":1}`}).Draw(t, "context"))}
		for range rapid.IntRange(1, 5).Draw(t, "items") {
			b.Items = append(b.Items, receive.Item{ID: text("id"), Key: text("key"), Value: []byte(`{"a":1}`)})
		}
		var w Work
		measured := w.Measure(s, f, b)
		w.encode(s, f, b)
		if made := w.Bytes(); made > measured || measured > made+100*len(b.Items) {
			t.Fatalf("measured %d, made %d", measured, made)
		}
	})
}
