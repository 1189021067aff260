package handle_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/recorded"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/handle"
)

// purchase is a website's purchase from a browser, its customer in clear.
const purchase = `{"event_name":"Purchase","event_id":"ev-1","event_time":1795426200,` +
	`"event_source_url":"https://shop.example.com/checkout/done?order=10001",` +
	`"user":{"em":" Jane.Doe@Example.com","ph":"+1 (415) 555-0123","fn":"Jane","ln":"O'Doe","ge":"Female","db":"1990-07-04",` +
	`"ct":"San Francisco","st":"CA","zp":"94103","country":"US","external_id":"Cust-77"},` +
	`"custom_data":{"value":142.52,"currency":"usd","order_id":"10001","contents":[` +
	`{"id":"SKU-1","quantity":1,"item_price":39.9},{"id":"SKU-2","quantity":2,"item_price":10},` +
	`{"id":"SKU-3","quantity":1,"item_price":82.62}]}}`

func purchaseRecord() *stream.Record {
	return raw("collect", "collect", purchase, browserOf("203.0.113.24", "_fbp="+fbp+"; _fbc="+fbc))
}

// perSecond reports events on one core; run with -cpu 1.
func perSecond(b *testing.B) { b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s") }

// benchmark handles records again and again, in chunks.
func benchmark(b *testing.B, h *handle.Handler, recs []stream.Record) {
	b.Helper()
	s := handle.NewScratch()
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if n%500 == 0 {
			s.Begin()
		}
		if end := h.Handle(&recs[n%len(recs)], s); end != nil {
			b.Fatal(end)
		}
	}
	perSecond(b)
}

// BenchmarkHandle is the speed target's event.
func BenchmarkHandle(b *testing.B) {
	benchmark(b, newHandler(b, at(payloadNow)), []stream.Record{*purchaseRecord()})
}

// BenchmarkFormats takes of each format the recorded events that become signals.
func BenchmarkFormats(b *testing.B) {
	cases, err := recorded.Cases()
	if err != nil {
		b.Fatal(err)
	}
	h, s := recordedHandler(b), handle.NewScratch()
	var formats []string
	good := map[string][]stream.Record{}
	for _, c := range cases {
		if stored, err := c.Read("raw.json"); stored == nil || err != nil {
			continue // its test says so
		}
		for _, rec := range recordsOf(b, c) {
			if s.Begin(); h.Handle(&rec, s) != nil {
				continue
			}
			if len(good[c.Format]) == 0 {
				formats = append(formats, c.Format)
			}
			good[c.Format] = append(good[c.Format], rec)
		}
	}
	for _, format := range formats {
		b.Run(format, func(b *testing.B) { benchmark(b, h, good[format]) })
	}
}

func BenchmarkReference(b *testing.B) {
	rec, now := purchaseRecord(), at(payloadNow)()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := reference(rec, now); err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b)
}

// TestReference: for this event both make the same record.
func TestReference(t *testing.T) {
	rec := purchaseRecord()
	h, s := newHandler(t, at(payloadNow)), handle.NewScratch()
	if end := h.Handle(rec, s); end != nil {
		t.Fatal(end)
	}
	want, err := reference(rec, at(payloadNow)())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(decoded(t, want.Value), decoded(t, s.Signal.Value)); diff != "" {
		t.Error(diff)
	}
	want.Value = s.Signal.Value // equal but for the order of members
	if diff := cmp.Diff(want, &s.Signal); diff != "" {
		t.Error(diff)
	}
}

func TestHandleAllocates(t *testing.T) {
	h, s, rec := newHandler(t, at(payloadNow)), handle.NewScratch(), purchaseRecord()
	if got := testing.AllocsPerRun(200, func() {
		s.Begin()
		if end := h.Handle(rec, s); end != nil {
			t.Fatal(end)
		}
	}); got > 0 { // the target is five
		t.Errorf("an event allocates %v times", got)
	}
}
