package handle_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

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
	rec := purchaseRecord()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := reference(rec.Value); err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b)
}

// TestReference: for this event both make the same signal.
func TestReference(t *testing.T) {
	rec := purchaseRecord()
	got, _ := signalOf(t, rec, payloadNow)
	want, err := reference(rec.Value)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(decoded(t, want), decoded(t, got)); diff != "" {
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

type refEnvelope struct {
	ID   string `json:"id"`
	Time time.Time
	Data struct {
		Request struct {
			IP      string            `json:"ip"`
			Headers map[string]string `json:"headers"`
		} `json:"request"`
		Item struct {
			Name   string            `json:"event_name"`
			Time   int64             `json:"event_time"`
			URL    string            `json:"event_source_url"`
			User   map[string]string `json:"user"`
			Custom map[string]any    `json:"custom_data"`
		} `json:"item"`
	} `json:"data"`
}

var (
	refNonDigit = regexp.MustCompile(`\D`)
	refNonWord  = regexp.MustCompile(`[^a-z0-9]`)
	refEmail    = regexp.MustCompile(`^[^@\s]+@[a-z0-9-]+(\.[a-z0-9-]+)+$`)
)

// reference makes purchase's signal as one would write it first. It does less than Handle: no consent, no headers, hardly
// any validation, and phones by an expression instead of libphonenumber. The comparison is in its favour.
func reference(value []byte) ([]byte, error) {
	var e refEnvelope
	if err := json.Unmarshal(value, &e); err != nil {
		return nil, fmt.Errorf("reading the envelope: %w", err)
	}
	item, user := &e.Data.Item, map[string]any{}
	for k, v := range item.User {
		v = strings.ToLower(strings.TrimSpace(v))
		switch k {
		case "ph", "db":
			v = refNonDigit.ReplaceAllString(v, "")
		case "fn", "ln", "ct", "st", "zp":
			v = refNonWord.ReplaceAllString(v, "")
		case "ge":
			v = v[:1]
		case "em":
			if !refEmail.MatchString(v) {
				continue
			}
		}
		sum := sha256.Sum256([]byte(v))
		user[k] = []string{hex.EncodeToString(sum[:])}
	}
	user["client_ip_address"] = e.Data.Request.IP
	user["client_user_agent"] = e.Data.Request.Headers["user-agent"]
	for c := range strings.SplitSeq(e.Data.Request.Headers["cookie"], ";") {
		if name, v, ok := strings.Cut(strings.TrimSpace(c), "="); ok && (name == "_fbp" || name == "_fbc") {
			user[name[1:]] = v
		}
	}
	item.Custom["currency"] = strings.ToUpper(fmt.Sprint(item.Custom["currency"]))
	return json.Marshal(map[string]any{
		"event_name": item.Name, "event_time": item.Time, "event_id": e.ID, "action_source": "website",
		"event_source_url": item.URL, "user_data": user, "custom_data": item.Custom,
	})
}
