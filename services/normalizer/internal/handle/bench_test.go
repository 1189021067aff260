package handle_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

func benchmark(b *testing.B, rec *stream.Record) {
	b.Helper()
	h, s := newHandler(b, at(payloadNow)), handle.NewScratch()
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if n%500 == 0 {
			s.Begin() // a chunk
		}
		if end := h.Handle(rec, s); end != nil {
			b.Fatal(end)
		}
	}
	perSecond(b)
}

func BenchmarkHandle(b *testing.B) { benchmark(b, purchaseRecord()) }

func BenchmarkFormats(b *testing.B) {
	b.Run("capi", func(b *testing.B) {
		benchmark(b, raw("capi", "capi", strings.Replace(purchase, `"user":`, `"user_data":`, 1)))
	})
	b.Run("collect", func(b *testing.B) { benchmark(b, purchaseRecord()) })
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
	}); got > 5 {
		t.Errorf("an event allocates %v times", got)
	}
}
