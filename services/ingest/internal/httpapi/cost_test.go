package httpapi

import (
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// TestUnsignedBodiesAreCheap: what is read before a signature is checked costs a few times its own size, however it is made.
func TestUnsignedBodiesAreCheap(t *testing.T) {
	many := func(n int, of string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = strings.ReplaceAll(of, "%", strconv.Itoa(i))
		}
		return strings.Join(parts, ",")
	}
	const message = `{"from":"%","id":"%","referral":{"ctwa_clid":"%"}}`
	for name, c := range map[string]struct{ path, body string }{
		"messages beside much":   {"/v1/whatsapp/webhook", `{"entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"a":"` + strings.Repeat("x", 100_000) + `"},"messages":[` + many(2000, message) + `]}}]}]}`},
		"a long account":         {"/v1/whatsapp/webhook", `{"entry":[{"id":"` + strings.Repeat("1", 100_000) + `","changes":[{"field":"automatic_events","value":{"automatic_events":[` + many(5000, `{"a":%}`) + `]}}]}]}`},
		"messages and contacts":  {"/v1/whatsapp/webhook", `{"entry":[{"id":"1","changes":[{"field":"messages","value":{"contacts":[` + many(5000, `{"wa_id":"%"}`) + `],"messages":[` + many(5000, message) + `]}}]}]}`},
		"accounts":               {"/v1/whatsapp/webhook", `{"entry":[` + many(9000, `{"id":"account-%","changes":[{"field":"messages","value":{"messages":[{"referral":{}}]}}]}`) + `]}`},
		"pages":                  {"/v1/crm/meta/webhook", `{"object":"page","entry":[` + many(9000, `{"id":"page-%","changes":[{"field":"leadgen","value":{"leadgen_id":"%","page_id":"page-%"}}]}`) + `]}`},
		"portals":                {"/v1/crm/hubspot", `[` + many(9000, `{"portalId":%,"subscriptionType":"contact.creation","objectId":%}`) + `]`},
		"changes of one account": {"/v1/whatsapp/webhook", `{"entry":[{"id":"1","changes":[` + many(9000, `{"field":"messages","value":{"metadata":{"phone_number_id":"%"},"messages":[{"referral":{}}]}}`) + `]}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, nil, recordedSources(t)...)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			w := f.post(c.path, c.body, "X-Hub-Signature-256: sha256="+strings.Repeat("0", 64), "X-HubSpot-Signature: "+strings.Repeat("0", 64))
			runtime.ReadMemStats(&after)
			if w.Code != 401 && w.Code != 413 {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if times := (after.TotalAlloc - before.TotalAlloc) / uint64(len(c.body)); times > 30 {
				t.Errorf("%d bytes take %d times their size", len(c.body), times)
			} else {
				t.Logf("%d bytes: %d times", len(c.body), times)
			}
		})
	}
}

// TestUnsignedItemsAreBounded: what items repeat of their request takes no memory beyond the bound of cost either, before anybody knows
// whose the request is.
func TestUnsignedItemsAreBounded(t *testing.T) {
	messages := strings.TrimSuffix(strings.Repeat(`{"from":"1","referral":{}},`, 9999), ",")
	body := string(zip(t, []byte(`{"entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"a":"`+strings.Repeat("x", 4000)+`"},"messages":[`+messages+`]}}]}]}`)))
	f := newFixture(t, nil, recordedSources(t)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	w := f.post("/v1/whatsapp/webhook", body, "X-Hub-Signature-256: sha256="+strings.Repeat("0", 64), "Content-Encoding: gzip")
	runtime.ReadMemStats(&after)
	if w.Code != 401 && w.Code != 413 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 40<<20 {
		t.Errorf("%d bytes take %d MiB", len(body), grown>>20)
	} else {
		t.Logf("%d bytes take %d MiB", len(body), grown>>20)
	}
}
