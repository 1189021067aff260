package capi

import (
	"encoding/json"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/identity"
)

// realistic is a website's Purchase with 12 identity fields and two articles.
func realistic(e *Event) {
	u := event(e, "website", "Purchase")
	e.ID, e.SourceURL = []byte("order-1234567"), []byte("https://shop.example.com/checkout/thank-you?order=1234567")
	e.Custom.Members = append(e.Custom.Members, member("order_id", `"1234567"`), member("content_type", `"product"`), member("num_items", "3"))
	e.Custom.Contents = append(e.Custom.Contents,
		Content{ID: []byte("SKU-1"), Quantity: []byte("1"), ItemPrice: []byte("39.90")},
		Content{ID: []byte("SKU-2"), Quantity: []byte("2"), ItemPrice: []byte("10.00")})
	for _, v := range []struct {
		key  identity.Key
		text string
	}{
		{identity.Em, "jane.doe@example.com"},
		{identity.Ph, "+14155550123"},
		{identity.Fn, "Jane"},
		{identity.Ln, "Doe"},
		{identity.Ct, "San Francisco"},
		{identity.St, "CA"},
		{identity.Zp, "94105"},
		{identity.Country, "us"},
		{identity.ExternalID, "u-7"},
		{identity.ClientIPAddress, "8.8.8.8"},
		{identity.ClientUserAgent, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15"},
		{identity.Fbp, "fb.1.1795426200000.1234567890"},
	} {
		u.Add(v.key, identity.Auto, []byte(v.text))
	}
}

// ready is a realistic event that has passed Validate.
func ready(t testing.TB) (*Event, *Hashed) {
	t.Helper()
	e, h := &Event{}, &Hashed{}
	realistic(e)
	h.Fill(&e.User, nil, nil)
	if end := Validate(e, h, testNow, nil); end != nil {
		t.Fatal(end)
	}
	return e, h
}

func TestHotPathAllocatesNothing(t *testing.T) {
	e, h := ready(t)
	dst, lower := AppendEvent(nil, e, h), []byte("usd")
	for name, run := range map[string]func(){
		"AppendEvent": func() { dst = AppendEvent(dst[:0], e, h) },
		"Fill":        func() { h.Fill(&e.User, nil, nil) },
		"Validate": func() {
			e.arena, e.Custom.Currency = e.arena[:0], lower
			_ = Validate(e, h, testNow, nil)
		},
		"Keep": func() { _ = e.Keep(lower) },
	} {
		e.arena = make([]byte, 0, 1<<16)
		if n := testing.AllocsPerRun(100, run); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

func BenchmarkAppendEvent(b *testing.B) {
	e, h := ready(b)
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		dst = AppendEvent(dst[:0], e, h)
	}
	b.SetBytes(int64(len(dst)))
}

func BenchmarkValidate(b *testing.B) {
	e, h := ready(b)
	lower := []byte("usd")
	b.ReportAllocs()
	for b.Loop() {
		e.arena, e.Custom.Currency = e.arena[:0], lower
		if end := Validate(e, h, testNow, nil); end != nil {
			b.Fatal(end)
		}
	}
}

// plainEvent is what one writes without this package: structs, maps and encoding/json.
type plainEvent struct {
	Name      string         `json:"event_name"`
	Time      int64          `json:"event_time"`
	ID        string         `json:"event_id,omitempty"`
	Source    string         `json:"action_source"`
	SourceURL string         `json:"event_source_url,omitempty"`
	User      map[string]any `json:"user_data"`
	Custom    plainCustom    `json:"custom_data"`
}

type plainCustom struct {
	Value    json.Number    `json:"value"`
	Currency string         `json:"currency"`
	OrderID  string         `json:"order_id"`
	Type     string         `json:"content_type"`
	Items    int            `json:"num_items"`
	Contents []plainContent `json:"contents"`
}

type plainContent struct {
	ID       string      `json:"id"`
	Quantity int         `json:"quantity"`
	Price    json.Number `json:"item_price"`
}

// BenchmarkReferenceEncodingJSON writes the same event by encoding/json, the struct filled beforehand: AppendEvent is to
// be several times as fast in the same run.
func BenchmarkReferenceEncodingJSON(b *testing.B) {
	e, h := ready(b)
	var p plainEvent
	if err := json.Unmarshal(AppendEvent(nil, e, h), &p); err != nil {
		b.Fatal(err)
	}
	if p.Custom.Items != 3 || len(p.User) != 12 || len(p.Custom.Contents) != 2 {
		b.Fatalf("another event: %+v", p)
	}
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		out, err := json.Marshal(&p)
		if err != nil {
			b.Fatal(err)
		}
		n = len(out)
	}
	b.SetBytes(int64(n))
}

func BenchmarkCheckWire(b *testing.B) {
	e, h := ready(b)
	one := AppendEvent(nil, e, h)
	b.SetBytes(int64(len(one)))
	b.ReportAllocs()
	for b.Loop() {
		if refused := CheckWire(one, testNow); refused != nil {
			b.Fatal(refused)
		}
	}
}
