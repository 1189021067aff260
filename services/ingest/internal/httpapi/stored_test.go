package httpapi

import (
	"encoding/json"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/services/ingest/internal/network"
)

// TestEncodings: data comes in five encodings, and what is stored is the same.
func TestEncodings(t *testing.T) {
	two := strings.Replace(oneEvent, "l-1", "l-2", 1)
	form := func(data string, more ...string) string {
		v := url.Values{"data": {data}}
		for i := 0; i < len(more); i += 2 {
			v.Set(more[i], more[i+1])
		}
		return v.Encode()
	}
	quoted := func(s string) string { b, _ := json.Marshal(s); return string(b) }
	multi := func(fields ...string) string {
		var b strings.Builder
		for i := 0; i < len(fields); i += 2 {
			b.WriteString("--cut\r\nContent-Disposition: form-data; name=\"" + fields[i] + "\"\r\n\r\n" + fields[i+1] + "\r\n")
		}
		return b.String() + "--cut--\r\n"
	}
	const formType, multiType = "Content-Type: application/x-www-form-urlencoded", "Content-Type: multipart/form-data; boundary=cut"
	array := "[" + oneEvent + "," + two + "]"
	strs := "[" + quoted(oneEvent) + "," + quoted(two) + "]"
	const params = `{"test_event_code":"TEST1","partner_agent":"p1"}`
	tests := []struct{ name, query, body, contentType, context string }{
		{"JSON", "", `{"data":` + array + `,"test_event_code":"TEST1","partner_agent":"p1","access_token":"EAAtestToken"}`, "Content-Type: application/json", params},
		{"JSON with nulls and id", "", `{"data":` + array + `,"test_event_code":null,"namespace_id":null,"access_token":"EAAtestToken","id":"` + shop + `"}`, "Content-Type: application/json", ""},
		{"JSON as text", "", ` {"access_token":"EAAtestToken","data":` + array + `}`, "Content-Type: text/plain", ""},
		{"JSON as a form", "", `{"access_token":"EAAtestToken","data":` + array + `}`, formType, ""},
		{"JSON, data in a string", "", `{"access_token":"EAAtestToken","data":` + quoted(array) + `}`, "Content-Type: application/json", ""},
		{"form of strings", "", form(strs, "access_token", "EAAtestToken", "test_event_code", "TEST1", "partner_agent", "p1"), formType, `{"partner_agent":"p1","test_event_code":"TEST1"}`},
		{"form of objects", "", form(array, "access_token", "EAAtestToken", "appsecret_proof", "proof-canary-00ff"), formType, ""},
		{"form without a type", "", form(array, "access_token", "EAAtestToken"), "X-None: 1", ""},
		{"multipart", "", multi("access_token", "EAAtestToken", "data", array, "partner_agent", "p1"), multiType, `{"partner_agent":"p1"}`},
		{"multipart of strings", "", multi("data", strs, "access_token", "EAAtestToken"), multiType, ""},
		{"parameters in the query", "?access_token=EAAtestToken&test_event_code=TEST1&utm_x=1&appsecret_proof=proof-canary-00ff", `{"data":` + array + `}`, "Content-Type: application/json", `{"test_event_code":"TEST1"}`},
		{"body before query", "?access_token=EAAtestToken&test_event_code=TEST2", `{"data":` + array + `,"test_event_code":"TEST1"}`, "Content-Type: application/json", `{"test_event_code":"TEST1"}`},
	}
	f := newFixture(t, nil)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := f.post(graphPath+tt.query, tt.body, tt.contentType)
			if w.Code != 200 || !strings.HasPrefix(w.Body.String(), `{"events_received":2,`) {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			recs := f.kafka.taken()
			if len(recs) != 2 {
				t.Fatalf("%d records", len(recs))
			}
			for i, want := range []string{oneEvent, two} {
				var raw event.Raw
				if err := raw.Decode(recs[i].Value); err != nil {
					t.Fatal(err)
				}
				if string(raw.Item) != want || string(raw.Context) != tt.context || string(raw.ID) != []string{"l-1", "l-2"}[i] {
					t.Errorf("item %s\ncontext %s\nid %s", raw.Item, raw.Context, raw.ID)
				}
				for _, s := range []string{"EAAtestToken", "proof-canary-00ff", "access_token", "appsecret_proof"} {
					if contains(recs[i].Value, s) {
						t.Errorf("%s is stored: %s", s, recs[i].Value)
					}
				}
			}
		})
	}
}

// TestHopeless: an item that no mapper could read is stored only where the sender's answer has no place for rejections.
func TestHopeless(t *testing.T) {
	body := `{"data":[` + oneEvent + `,{"event_name":" "},{"event_name":"X","event_time":"soon"},{"event_name":7},{"event_name":"X","event_time":true},` +
		`{"event_name":"Y","event_time":"2026-11-23T09:30:00Z"},{"event_name":"Z","event_time":"1795426200"}]}`
	f := newFixture(t, nil)
	if w := f.post(graphPath, body, goodToken); w.Code != 200 || !strings.HasPrefix(w.Body.String(), `{"events_received":7,`) {
		t.Errorf("graph: %d %s", w.Code, w.Body)
	}
	if n := len(f.kafka.taken()); n != 7 {
		t.Errorf("graph stored %d", n)
	}
	w := f.post("/v1/website/events", body, goodToken)
	want := `{"accepted":3,"rejected":[{"index":1,"field":"event_name","reason":"missing_field"},{"index":2,"field":"event_time","reason":"invalid_field"},` +
		`{"index":3,"field":"event_name","reason":"invalid_field"},{"index":4,"field":"event_time","reason":"invalid_field"}],"event_ids":["l-1",`
	if w.Code != 202 || !strings.HasPrefix(w.Body.String(), want) {
		t.Errorf("own: %d %s", w.Code, w.Body)
	}
	if n, calls := len(f.kafka.taken()), f.kafka.calls; n != 3 || calls != 2 {
		t.Errorf("own stored %d in %d calls", n, calls)
	}
}

// TestLargeEvent: over max_event is rejected by index, or stored by a sender's shape; what fits into no record is refused.
func TestLargeEvent(t *testing.T) {
	f := newFixture(t, nil)
	large := func(size int) string {
		return `{"data":[` + oneEvent + `,{"event_name":"X","event_id":"x","custom_data":{"a":"` + strings.Repeat("x", size) + `"}}]}`
	}
	w := f.post("/v1/website/events", large(300<<10), goodToken)
	if w.Code != 202 || !strings.Contains(w.Body.String(), `"rejected":[{"index":1,"reason":"oversize"}]`) {
		t.Errorf("own: %d %s", w.Code, w.Body)
	}
	if w := f.post(graphPath, large(300<<10), goodToken); w.Code != 200 {
		t.Errorf("graph: %d %s", w.Code, w.Body)
	}
	if w := f.post(graphPath, large(950<<10), goodToken); w.Code != 413 {
		t.Errorf("graph, no record: %d %s", w.Code, w.Body)
	}
}

// TestLines: a broken line of a file is rejected alone, by its index.
func TestLines(t *testing.T) {
	f := newFixture(t, nil)
	w := f.post("/v1/sources/lines", "\ufeff"+oneEvent+"\r\n\n{broken\n[1]\n"+strings.Replace(oneEvent, "l-1", "l-2", 1), "Authorization: Bearer file-secret")
	want := `{"accepted":2,"rejected":[{"index":1,"reason":"undecodable","detail":"unexpected character at byte 1"},{"index":2,"reason":"undecodable","detail":"not an object"}],"event_ids":["l-1","l-2"]}` + "\n"
	if w.Code != 202 || w.Body.String() != want {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := f.post("/v1/sources/lines", strings.Repeat("x\n", maxLines+1), "Authorization: Bearer file-secret"); w.Code != 413 {
		t.Errorf("too many lines: %d", w.Code)
	}
}

const maxLines = 10_000

// TestFacts: what is kept of a request, and that no credential or foreign cookie is.
func TestFacts(t *testing.T) {
	r := httptest.NewRequest("POST", "/v25.0/1/events?a=1&access_token=s1&AccessKey=s2&appsecret_proof=s3&token=s4&%61ccess_token=s5&b=2&%zz=s6&source=x", nil)
	for _, h := range []string{
		"User-Agent: UA \"1\"", "Referer: https://shop.example.com/p?token=s7&x=1#f", "Authorization: Bearer s8", "Cookie: session=s9; _fbp=fb.1.1.2; _fbc=fb.1.1.c",
		"Cookie: x_fbp=s10; _fbi=2001:db8::1; _fbpx=s11", "X-Forwarded-For: 203.0.113.9", "X-Api-Key: s12", "Content-Type: text/plain",
	} {
		k, v, _ := strings.Cut(h, ": ")
		r.Header.Add(k, v)
	}
	if got, want := string(appendURL(nil, r.URL)), "/v25.0/1/events?a=1&b=2&source=x"; got != want {
		t.Errorf("url %s", got)
	}
	want := `{"user-agent":"UA \"1\"","referer":"https://shop.example.com/p?x=1#f","content-type":"text/plain","cookie":"_fbp=fb.1.1.2; _fbc=fb.1.1.c; _fbi=2001:db8::1"}`
	if got := string(appendHeaders(nil, r.Header)); got != want {
		t.Errorf("headers %s", got)
	}
}

// TestClientIP: X-Forwarded-For is believed only from trusted proxies, from the right.
func TestClientIP(t *testing.T) {
	proxies, err := network.ParseList([]string{"10.0.0.0/8", "2001:db8:ffff::/48", "192.0.2.7"})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"direct", "203.0.113.9:1234", nil, "203.0.113.9"},
		{"direct, spoofing", "203.0.113.9:1234", []string{"198.51.100.1"}, "203.0.113.9"},
		{"through one", "10.0.0.1:1", []string{"203.0.113.9"}, "203.0.113.9"},
		{"through one, spoofing", "10.0.0.1:1", []string{"1.1.1.1, 203.0.113.9"}, "203.0.113.9"},
		{"through two", "10.0.0.1:1", []string{"1.1.1.1,203.0.113.9, 192.0.2.7"}, "203.0.113.9"},
		{"several lines", "10.0.0.1:1", []string{"1.1.1.1", "203.0.113.9", "10.2.2.2"}, "203.0.113.9"},
		{"spoofed proxy to the left", "10.0.0.1:1", []string{"10.9.9.9, 203.0.113.9"}, "203.0.113.9"},
		{"IPv6", "[2001:db8:ffff::1]:1", []string{"2001:db8:85a3::8a2e:370:7334"}, "2001:db8:85a3::8a2e:370:7334"},
		{"IPv6 with a port", "10.0.0.1:1", []string{"[2001:db8:85a3::1]:443"}, "2001:db8:85a3::1"},
		{"IPv4 with a port", "10.0.0.1:1", []string{"203.0.113.9:55"}, "203.0.113.9"},
		{"mapped peer", "[::ffff:10.0.0.1]:1", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		{"zone", "10.0.0.1:1", []string{"fe80::1%eth0"}, "fe80::1"},
		{"garbage", "10.0.0.1:1", []string{"203.0.113.9, unknown"}, "invalid IP"},
		{"garbage to the left", "10.0.0.1:1", []string{"unknown, 203.0.113.9"}, "203.0.113.9"},
		{"empty", "10.0.0.1:1", []string{""}, "invalid IP"},
		{"only proxies", "10.0.0.1:1", []string{"10.0.0.2"}, "10.0.0.2"},
		{"no header", "10.0.0.1:1", nil, "10.0.0.1"},
	}
	for _, tt := range tests {
		r := httptest.NewRequest("POST", "/", nil)
		r.RemoteAddr = tt.peer
		r.Header["X-Forwarded-For"] = tt.forwarded
		r.Header.Set("X-Real-IP", "9.9.9.9")
		r.Header.Set("Forwarded", "for=9.9.9.9")
		if got := clientIP(r, proxies); got.String() != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	if clientIP(httptest.NewRequest("POST", "/", nil), nil) != netip.MustParseAddr("192.0.2.1") {
		t.Error("no proxies: not the peer")
	}
}
