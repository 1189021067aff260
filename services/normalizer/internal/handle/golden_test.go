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

// items splits a body as ingest does.
func items(t *testing.T, body []byte) (list []json.RawMessage, ids []string) {
	t.Helper()
	var b struct {
		Data, Events []json.RawMessage
	}
	if err := json.Unmarshal(body, &b); err != nil {
		t.Fatal(err)
	}
	if list = append(b.Data, b.Events...); list == nil {
		list = []json.RawMessage{body}
	}
	for _, item := range list {
		var e struct {
			ID string `json:"event_id"`
		}
		if err := json.Unmarshal(item, &e); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, e.ID)
	}
	return list, ids
}

func TestPayloads(t *testing.T) {
	for _, c := range []struct {
		name, source, format string
		request              func(*event.Raw)
	}{
		{"dropin-capig", "capi", "capi", nil},
		{"dropin-graph-node-sdk", "capi", "capi", func(r *event.Raw) {
			r.IP, r.Headers = []byte("198.51.100.7"), []byte(`{"user-agent":"fbbizsdk-nodejs-v24.0.0"}`)
		}},
		{"dropin-graph-postman", "capi", "capi", browserOf("198.51.100.7", "_fbp="+fbp)},
		{"mobile-capi-app", "app", "capi", nil},
		{"website-beacon", "collect", "collect", browserOf("203.0.113.24", "_fbp="+fbp+"; _fbc="+fbc)},
		{"website-openbridge", "openbridge", "meta.openbridge", browserOf("2001:db8:85a3::8a2e:370:7334", "")},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, ids := items(t, read(t, "payloads", c.name+".json"))
			var got []any
			for i, item := range list {
				rec := raw(c.source, c.format, string(item), func(r *event.Raw) {
					r.ID = []byte(ids[i])
					if c.request != nil {
						c.request(r)
					}
				})
				body, _ := signalOf(t, rec, payloadNow)
				got = append(got, decoded(t, body))
			}
			want := decoded(t, read(t, "payloads", c.name+".expected.json"))
			if diff := cmp.Diff(want, any(got)); diff != "" {
				t.Error(diff)
			}
		})
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
