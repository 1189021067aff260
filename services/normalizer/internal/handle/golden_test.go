package handle_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/handle"
)

const (
	agent  = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
	fbp    = "fb.1.1795000000000.1098115397"
	fbc    = "fb.1.1795000000000.IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB"
	fbclid = "IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB"
)

// browserOf sets the request of a visitor's browser.
func browserOf(ip, cookie string) func(*event.Raw) {
	return func(r *event.Raw) {
		h, _ := json.Marshal(map[string]string{"user-agent": agent, "cookie": cookie, "referer": "https://shop.example.com/"})
		r.IP, r.Headers = []byte(ip), h
	}
}

// signalOf handles a record that must become a signal.
func signalOf(t *testing.T, rec *stream.Record, now int64) ([]byte, event.Signal) {
	t.Helper()
	s := handle.NewScratch()
	s.Begin()
	if end := newHandler(t, at(now)).Handle(rec, s); end != nil {
		t.Fatalf("ended: %v", end)
	}
	var sig event.Signal
	if err := sig.Decode(&s.Signal); err != nil {
		t.Fatal(err)
	}
	return s.Signal.Value, sig
}

// mapFile takes a file through split and handler.
func mapFile(t *testing.T, source, mapping, file string, now int64) []any {
	t.Helper()
	m, err := mapfile.Parse(read(t, mapping))
	if err != nil {
		t.Fatal(err)
	}
	kind := mapfile.CSV
	if bytes.HasSuffix([]byte(file), []byte("xlsx")) {
		kind = mapfile.XLSX
	}
	h, s := newHandler(t, at(now)), handle.NewScratch()
	var got []any
	err = m.Split(bytes.NewReader(read(t, file)), kind, func(row mapfile.Row) bool {
		if row.Err != nil {
			t.Fatal(row.Err)
		}
		id, err := m.Identify(row.Item)
		if err != nil {
			t.Fatal(err)
		}
		rec := raw(source, string(kind), string(row.Item), func(r *event.Raw) {
			if id.EventID != "" {
				r.ID = []byte(id.EventID)
			}
		})
		s.Begin()
		if end := h.Handle(rec, s); end != nil {
			got = append(got, string(end.Reason))
			return true
		}
		v := decoded(t, s.Signal.Value)
		if e := v.(map[string]any); e["event_id"] == "ev-1" {
			delete(e, "event_id") // the file has none; ingest makes one
		}
		got = append(got, v)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestFiles(t *testing.T) {
	for _, c := range []struct{ source, mapping, file, want string }{
		{"file-index", "payloads/file-store-mapping-index.json", "payloads/file-store-meta-sample.csv", "payloads/file-store-meta-sample.expected.json"},
	} {
		got := mapFile(t, c.source, c.mapping, c.file, payloadNow)
		if diff := cmp.Diff(decoded(t, read(t, c.want)), any(got)); diff != "" {
			t.Errorf("%s: %s", c.file, diff)
		}
	}
}

// TestReceipts: lines of a receipt are one event; one without a customer has no identity.
func TestReceipts(t *testing.T) {
	got := mapFile(t, "file-named", "payloads/file-store-mapping-named.json", "payloads/file-store-raw.csv", payloadNow+3600)
	want := append(decoded(t, read(t, "payloads/file-store-raw.expected.json")).([]any), "no_identity")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestMetasSampleFiles: the spreadsheets hold what the texts hold, but Excel spoilt the address: the field goes, the row
// stays.
func TestMetasSampleFiles(t *testing.T) {
	store := mapFile(t, "omni-store", "omni/store-mapping.json", "omni/store-signals-07082024.csv", 1735689600)
	storeX := mapFile(t, "omni-store", "omni/store-mapping.json", "omni/store-signals-07252024.xlsx", 1735689600)
	web := mapFile(t, "omni-web", "omni/web-mapping.json", "omni/web-signals-07232024.csv", 1735689600)
	webX := mapFile(t, "omni-web", "omni/web-mapping.json", "omni/web-signals-07252024.xlsx", 1735689600)
	golden(t, "omni/signals.golden.json", map[string]any{
		"store-signals-07082024.csv": store, "store-signals-07252024.xlsx": storeX,
		"web-signals-07232024.csv": web, "web-signals-07252024.xlsx": webX,
	})
	user := func(list []any) map[string]any { return list[0].(map[string]any)["user_data"].(map[string]any) }
	if _, ok := user(webX)["client_ip_address"]; ok || user(web)["client_ip_address"] != "123.123.123.123" {
		t.Errorf("addresses: csv %v, xlsx %v", user(web)["client_ip_address"], user(webX)["client_ip_address"])
	}
}
