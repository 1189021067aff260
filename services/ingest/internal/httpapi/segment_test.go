package httpapi

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
)

var writeKeyHeader = "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("WK:"))

// TestSegmentPaths: every path of Segment's, RudderStack's and Jitsu's clients takes a call of its type or a batch.
func TestSegmentPaths(t *testing.T) {
	f := newFixture(t, nil, newSource("cdp", "cdp", "segment", key("WK"), secret("WK")))
	for path, kind := range map[string]string{
		"/v1/track": "track", "/v1/identify": "identify", "/v1/page": "page", "/v1/screen": "screen", "/v1/group": "group", "/v1/alias": "alias",
		"/v1/t": "track", "/v1/i": "identify", "/v1/p": "page", "/v1/s": "screen", "/v1/g": "group", "/v1/a": "alias",
		"/api/s/s2s/track": "track", "/api/s/s2s/page": "page", "/api/s/s2s/unknown": "", "/v1/sources/cdp": "",
	} {
		if w := f.post(path, `{"messageId":"m","userId":"u"}`, writeKeyHeader); w.Code != http.StatusOK || w.Body.String() != `{"success":true}` {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		recs := f.kafka.taken()
		if len(recs) != 1 || strings.Contains(string(recs[0].Value), `"context":{"type":"`+kind+`"}`) != (kind != "") {
			t.Errorf("%s: %d records, or another type", path, len(recs))
		}
	}
	for _, path := range []string{"/v1/batch", "/v1/import", "/v1/b", "/beacon/v1/batch", "/v1/sources/cdp", "/v1/track", "/api/s/s2s/batch"} {
		if w := f.post(path, `{"batch":[{"type":"track","event":"a","messageId":"1"},{"type":"page","messageId":"2"}]}`, writeKeyHeader); w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if recs := f.kafka.taken(); len(recs) != 2 {
			t.Errorf("%s: %d records", path, len(recs))
		}
	}
	if w := f.post("/v1/tracks", `{}`, writeKeyHeader); w.Code != http.StatusNotFound {
		t.Errorf("another path: %d", w.Code)
	}
}

// TestSegmentLimits: only bad JSON and what is too large is 400; an empty batch is none of both.
func TestSegmentLimits(t *testing.T) {
	f := newFixture(t, nil, newSource("cdp", "cdp", "segment", key("WK"), secret("WK")))
	call := func(size int) string {
		const around = `{"type":"track","userId":"u","event":""}`
		return strings.Replace(around, `"event":""`, `"event":"`+strings.Repeat("x", size-len(around))+`"`, 1)
	}
	batch := func(n, size int) string {
		return `{"batch":[` + strings.TrimSuffix(strings.Repeat(call(size)+",", n), ",") + `]}`
	}
	for name, c := range map[string]struct {
		body string
		code int
		recs int
	}{
		"a call of 32 KB":            {call(32 << 10), 200, 1},
		"a call of more":             {call(32<<10 + 1), 400, 0},
		"a call of more in a batch":  {batch(1, 32<<10+1), 400, 0},
		"2500 calls":                 {batch(2500, 50), 200, 2500},
		"2501 calls":                 {batch(2501, 50), 400, 0},
		"500 KB":                     {batch(1, 100) + strings.Repeat(" ", 500<<10-len(batch(1, 100))), 200, 1},
		"more than 500 KB":           {batch(20, 30<<10), 400, 0},
		"a context of more than 4 K": {`{"context":{"a":"` + strings.Repeat("x", 5000) + `"},"batch":[{}]}`, 400, 0},
		"no JSON":                    {`{"batch":[`, 400, 0},
		"no object":                  {`[{"type":"track"}]`, 400, 0},
		"nothing":                    {``, 400, 0},
		"no array":                   {`{"batch":{}}`, 400, 0},
		"an empty batch":             {`{"batch":[]}`, 200, 0},
		"no calls at all":            {`{"batch":[7,null,"x"]}`, 200, 3},
	} {
		path := "/v1/track"
		if strings.Contains(c.body, `"batch"`) {
			path = "/v1/batch"
		}
		w := f.post(path, c.body, writeKeyHeader)
		if recs := f.kafka.taken(); w.Code != c.code || len(recs) != c.recs {
			t.Errorf("%s: %d with %d records, want %d with %d", name, w.Code, len(recs), c.code, c.recs)
		}
	}
}

// TestSegmentZipped: RudderStack's Node client says that its gzip JSON is a form.
func TestSegmentZipped(t *testing.T) {
	f := newFixture(t, nil, newSource("cdp", "cdp", "segment", key("WK"), secret("WK")))
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write([]byte(`{"batch":[{"type":"track","event":"a","messageId":"1","userId":"u"}]}`))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	w := f.post("/v1/batch", zipped.String(), writeKeyHeader, "Content-Type: application/x-www-form-urlencoded", "Content-Encoding: gzip")
	if recs := f.kafka.taken(); w.Code != http.StatusOK || len(recs) != 1 {
		t.Errorf("%d with %d records: %s", w.Code, len(recs), w.Body)
	}
}

// TestSegmentPages: a write key that pages show is enough where the source has no secrets, from its origins only.
func TestSegmentPages(t *testing.T) {
	const ours, other = "Origin: https://shop.example.com", "Origin: https://elsewhere.example.net"
	wrong := "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("OTHER:"))
	f := newFixture(t, nil,
		newSource("pages", "cdp", "segment", key("WK"), origins("https://shop.example.com")),
		newSource("both", "cdp", "segment", key("WB"), secret("WB"), origins("https://shop.example.com")),
		newSource("jitsu", "cdp", "segment", key("WJ"), secret("s3cret"), origins("https://shop.example.com")))
	for name, c := range map[string]struct {
		headers []string
		code    int
	}{
		"our page":                 {[]string{writeKeyHeader, ours}, 200},
		"another page":             {[]string{writeKeyHeader, other}, 403},
		"no page":                  {[]string{writeKeyHeader}, 200},
		"another key":              {[]string{wrong, ours}, 401},
		"no key":                   {[]string{ours}, 401},
		"a secret and our page":    {[]string{"X-Write-Key: WB", ours}, 200},
		"a secret, another page":   {[]string{"X-Write-Key: WB", other}, 403},
		"a key without its secret": {[]string{"X-Write-Key: WJ", ours}, 401},
		"a key and its secret":     {[]string{"X-Write-Key: WJ:s3cret", ours}, 200},
		"a key, another secret":    {[]string{"X-Write-Key: WJ:other", ours}, 401},
	} {
		if w := f.post("/v1/track", `{"messageId":"m","userId":"u"}`, c.headers...); w.Code != c.code {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	w := f.do(http.MethodOptions, "/v1/t", "", ours, "Access-Control-Request-Headers: authorization,content-type")
	if w.Code != http.StatusNoContent || w.Header().Get("Access-Control-Allow-Origin") != "https://shop.example.com" ||
		w.Header().Get("Access-Control-Allow-Headers") != "content-type, authorization, x-retry-count" {
		t.Errorf("preflight: %d %v", w.Code, w.Header())
	}
	if w := f.do(http.MethodOptions, "/v1/t", "", other); w.Code != http.StatusForbidden {
		t.Errorf("another page's preflight: %d", w.Code)
	}
}
