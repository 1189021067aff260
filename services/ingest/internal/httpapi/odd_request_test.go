package httpapi

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/recorded"
)

// TestOddMethods: a method that no sender uses is 405, and Allow names the ones that are taken. So is HEAD: an uptime check
// must make no event.
func TestOddMethods(t *testing.T) {
	for _, method := range []string{http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace} {
		eachChanged(t, func(_ recorded.Case, r *recorded.Request) bool {
			r.Method = method
			return true
		}, func(t *testing.T, _ recorded.Case, _, got effect) {
			if got.status != http.StatusMethodNotAllowed || got.stored > 0 || !strings.Contains(got.allow, http.MethodPost) {
				t.Errorf("%s: %d, Allow %q", method, got.status, got.allow)
			}
		})
	}
}

// TestContentTypes: the first byte of a body says what it is. Content-Type counts only for CloudEvents, for rows, and for a
// form with parts.
func TestContentTypes(t *testing.T) {
	for _, content := range []string{"", "text/plain", "text/plain; charset=utf-16", "application/octet-stream", "application/x-www-form-urlencoded", "a garbage/;;;", strings.Repeat("x", 10_000), "\xff"} {
		eachChanged(t, func(c recorded.Case, r *recorded.Request) bool {
			was := r.Header.Get("Content-Type")
			if r.Header.Get("Ce-Type") != "" || strings.HasPrefix(was, "multipart/") || strings.HasPrefix(was, "application/x-ndjson") || strings.HasPrefix(was, "application/cloudevents") {
				return false
			}
			r.Header.Set("Content-Type", content)
			return true
		}, func(t *testing.T, c recorded.Case, before, got effect) {
			if got.status != before.status || got.stored != before.stored {
				t.Errorf("%q: %d, %d stored: %s", content, got.status, got.stored, got.body)
			}
		})
	}
}

// TestContentEncodings: every format takes gzip; any other encoding is refused, and so is broken gzip.
func TestContentEncodings(t *testing.T) {
	bomb := zip(t, make([]byte, 9<<20))
	for name, c := range map[string]struct {
		encoding string
		body     func(plain []byte) []byte
		same     bool
		status   int // 0: unreadable
	}{
		"gzip":          {"gzip", func(b []byte) []byte { return zip(t, b) }, true, 0},
		"GZIP":          {"GZIP", func(b []byte) []byte { return zip(t, b) }, true, 0},
		"identity":      {"identity", slices.Clone[[]byte], true, 0},
		"cut":           {"gzip", func(b []byte) []byte { z := zip(t, b); return z[:len(z)-9] }, false, 0},
		"none":          {"gzip", slices.Clone[[]byte], false, 0},
		"rest":          {"gzip", func(b []byte) []byte { return append(zip(t, b), "rest"...) }, false, 0},
		"another":       {"br", slices.Clone[[]byte], false, http.StatusUnsupportedMediaType},
		"twice":         {"gzip, gzip", func(b []byte) []byte { return zip(t, zip(t, b)) }, false, http.StatusUnsupportedMediaType},
		"beyond limits": {"gzip", func([]byte) []byte { return bomb }, false, http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			eachTampered(t, func(_ recorded.Case, r *recorded.Request) bool {
				if r.Header.Get("Content-Encoding") != "" {
					return false
				}
				r.Header.Set("Content-Encoding", c.encoding)
				r.Body = c.body(r.Body) // signed as it was: a proxy packs what the sender signed
				return true
			}, func(t *testing.T, rec recorded.Case, before, got effect) {
				want := []int{c.status}
				switch {
				case c.same:
					want = []int{before.status}
				case c.status == 0:
					want = mannersOf(t, rec.Format).Unreadable
				case rec.Format == "segment" && c.status == http.StatusRequestEntityTooLarge:
					want = []int{http.StatusBadRequest} // 413 is not in its words
				}
				if !slices.Contains(want, got.status) || c.same != (got.stored == before.stored) {
					t.Errorf("%d, %d stored: %s", got.status, got.stored, got.body)
				}
			})
		})
	}
}

// TestOddHeaders: headers that are no text, too long, or of another meaning cost a request nothing but their own value.
func TestOddHeaders(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	for name, values := range map[string][]string{
		"User-Agent":      {"\xff\x00", long, ""},
		"Referer":         {"\xff", "://%zz?#%", long, "https://shop.example.com/?access_token=s#token=s"},
		"Cookie":          {"\xff=\xff; _fbp", "_fbp=" + long, strings.Repeat("_fbp=a;", 2000)},
		"X-Forwarded-For": {"\xff", "nowhere, 10.0.0.1", strings.Repeat("1.2.3.4,", 1000), "::1%eth0"},
		"Traceparent":     {"\xff", long, "00-00000000000000000000000000000000-0000000000000000-01"},
		"Tracestate":      {"\xff", long},
		"Idempotency-Key": {"\xff", long, " "},
		"Accept":          {"image/webp;q=x"},
		"Expect":          {"something"},
	} {
		for _, value := range values {
			eachChanged(t, func(_ recorded.Case, r *recorded.Request) bool {
				r.Header.Set(name, value)
				return true
			}, func(t *testing.T, c recorded.Case, before, got effect) {
				if got.status != before.status || got.stored != before.stored {
					t.Errorf("%s %.20q: %d, %d stored: %s", name, value, got.status, got.stored, got.body)
				}
			})
		}
	}
}
