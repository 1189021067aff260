package httpapi

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// TestForeignIDs: an unproven sender does not name its event as another format's template does: it gets a derived id, the same for
// a repeat. A sender that is proven may, and so may whoever speaks that format.
func TestForeignIDs(t *testing.T) {
	const from = "Origin: https://shop.example.com"
	f := newFixture(t, nil, append(standard(),
		newSource("image", "website", "meta.pixel", origins("https://shop.example.com"), key("77")),
		newSource("free", "crm", "stages", func(s *source.Source) { s.Open = true }))...)
	post := func(method, target, body string, headers ...string) event.Raw {
		t.Helper()
		w := f.do(method, target, body, headers...)
		recs := f.kafka.taken()
		if len(recs) != 1 {
			t.Fatalf("%s: %d %s", target, w.Code, w.Body)
		}
		var r event.Raw
		if err := r.Decode(recs[0].Value); err != nil {
			t.Fatal(err)
		}
		return r
	}
	collect := func(id string, headers ...string) event.Raw {
		return post(http.MethodPost, "/v1/website/collect", `{"event_name":"Purchase","event_id":"`+id+`"}`, headers...)
	}
	replaced := 0.0
	for _, format := range all.Formats {
		for _, beginning := range format.IDs {
			replaced++
			id := beginning + "1001"
			page, again, server := collect(id, from), collect(id, from), collect(id, "Authorization: Bearer collect-secret")
			if string(page.ID) == id || len(page.ID) != 32 || string(page.ID) != string(again.ID) || page.Trust != event.Unproven {
				t.Errorf("a page's %s: %s, again %s, %s", id, page.ID, again.ID, page.Trust)
			}
			if string(server.ID) != id || server.Trust != event.Proven {
				t.Errorf("a server's %s: %s, %s", id, server.ID, server.Trust)
			}
			image := post(http.MethodGet, "/tr/?id=77&ev=Purchase&eid="+id, "", from)
			if string(image.ID) == id || image.Trust != event.Unproven {
				t.Errorf("an image's %s: %s, %s", id, image.ID, image.Trust)
			}
		}
	}
	for source, want := range map[string]float64{"beacon": 2 * replaced, "image": replaced} {
		if n := testutil.ToFloat64(f.metrics.foreign[source]); n != want {
			t.Errorf("%v ids of %s are counted as replaced, want %v", n, source, want)
		}
	}
	for _, id := range []string{"order-1", "shopify", "Shopify-1", "myshopify-1"} {
		if r := collect(id, from); string(r.ID) != id {
			t.Errorf("%s became %s", id, r.ID)
		}
	}
	own := post(http.MethodPost, "/v1/crm/stages", `{"event_id":"crm-1-won","lead_id":"1234567890123456","stage":"won"}`)
	if string(own.ID) != "crm-1-won" || own.Trust != event.Unproven {
		t.Errorf("in its own format: %s, %s", own.ID, own.Trust)
	}
}

// TestTrustOfNextRequest: a pooled exchange remembers nothing of the request before.
func TestTrustOfNextRequest(t *testing.T) {
	f := newFixture(t, nil)
	for i, header := range []string{"Authorization: Bearer collect-secret", "Origin: https://shop.example.com", "Authorization: Bearer collect-secret"} {
		f.post("/v1/website/collect", fmt.Sprintf(`{"event_name":"Lead","event_id":"shopify-%d"}`, i), header)
		var r event.Raw
		if err := r.Decode(f.kafka.taken()[0].Value); err != nil {
			t.Fatal(err)
		}
		if want := []event.Trust{event.Proven, event.Unproven, event.Proven}[i]; r.Trust != want || (want == event.Proven) != (len(r.ID) < 32) {
			t.Errorf("request %d: %s, %s", i, r.Trust, r.ID)
		}
	}
}
