package httpapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/signature"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// TestSignedWithoutKey: of every format that is signed, a request that names no key is refused where all sources have one, in that
// format's words, though it is signed with the secret of one of them; at that source's own route it is taken for its.
func TestSignedWithoutKey(t *testing.T) {
	for _, format := range all.Formats {
		if format.Signature == nil {
			continue
		}
		t.Run(format.Name, func(t *testing.T) {
			var sources []*source.Source
			for i := range 400 {
				own := []func(*source.Source){secret(fmt.Sprint("S", i))}
				if !format.Keyless {
					own = append(own, key(fmt.Sprint("shop-", i)))
				}
				sources = append(sources, newSource(fmt.Sprint("s-", i), format.Channels[0], format.Name, own...))
			}
			f := newFixture(t, nil, sources...)
			post := func(target string) int {
				r := &signature.Request{Method: http.MethodPost, URL: "http://example.com" + target, Header: http.Header{}, Body: []byte(`[{}]`), Now: arrival}
				format.Signature.Sign(r, "S7")
				var headers []string
				for name := range r.Header {
					headers = append(headers, name+": "+r.Header.Get(name))
				}
				return f.post(target, string(r.Body), headers...).Code
			}
			denied := func(reason string) float64 {
				return testutil.ToFloat64(f.denied.total.WithLabelValues(format.Name, reason))
			}
			route := format.Routes[0].Pattern
			if strings.Contains(route, "{") {
				t.Fatalf("%s: the test does not know its route", route)
			}
			code := post(route)
			reason := map[bool]string{true: "too_many_secrets", false: "no_such_key"}[format.Keyless]
			if want := format.Manners.Denied; len(want) == 0 || code != want[0] || denied(reason) != 1 {
				t.Errorf("%d, want %v; %v denied as %s", code, want, denied(reason), reason)
			}
			if code := post("/v1/sources/s-7"); denied("wrong_signature") != 0 || denied("no_such_key") > 1 || code >= 500 {
				t.Errorf("at its own route: %d", code)
			}
		})
	}
}
