package httpapi

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/all"
)

// TestCostIsBounded (T16): whatever a request is made of, it makes a factor of what it sent on Kafka, and a floor; in each format, of
// each list, with small facts and with the largest. It prints the worst of each format.
func TestCostIsBounded(t *testing.T) {
	f := newFixture(t, nil, recordedSources(t)...)
	worst, refused := map[string]cost{}, map[string]bool{}
	for _, g := range growths(t, f) {
		bodies := map[int][]byte{}
		for _, how := range []manner{tersely, dearly} {
			for _, n := range []int{10_000, 2500, 1000, 100, 10, 1} {
				if bodies[n] == nil {
					bodies[n] = g.body(n)
				}
				got := f.sendGrown(t, g.of, bodies[n], how)
				refused[g.of.Format] = refused[g.of.Format] || strings.Contains(got.answer, receiveTooCostly)
				if got.stored == 0 {
					continue
				}
				var raw event.Raw
				if err := raw.Decode(got.records[0].Value); err != nil {
					t.Fatal(err)
				}
				if most := allowances[raw.Trust].of(got.sent); got.made > most {
					t.Errorf("%s/%s: %d %s events of %d bytes made %d, more than %d", g.of.Format, g.of.Name, got.stored, raw.Trust, got.sent, got.made, most)
				}
				was := worst[g.of.Format]
				if was.sent == 0 || got.made*was.sent > was.made*got.sent {
					got.records = nil
					worst[g.of.Format] = got
				}
				break
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(worst)) {
		w := worst[name]
		t.Logf("%-16s %6d events %8d bytes sent %10d made: %7.1f times", name, w.stored, w.sent, w.made, float64(w.made)/float64(w.sent))
	}
	for _, format := range all.Formats {
		if worst[format.Name].stored == 0 {
			t.Errorf("%s: no request brings an event", format.Name)
		}
	}
	for _, name := range []string{"capi", "collect", "meta.openbridge", "ga4.mp", "ndjson", "csv", "stages", "cloudevents", "json"} {
		if !refused[name] {
			t.Errorf("%s: no request was refused for its cost", name)
		}
	}
}

const receiveTooCostly = "too many events for its size"

// TestRecordedAreFarFromTheBound: no recorded request, and none with a thousand of its events, plain or compressed, is refused for its
// cost, unless what it repeats is made as small as nobody sends it.
func TestRecordedAreFarFromTheBound(t *testing.T) {
	f := newFixture(t, nil, recordedSources(t)...)
	for _, g := range growths(t, f) {
		if got := f.sendGrown(t, g.of, g.whole(1000), plainly); strings.Contains(got.answer, receiveTooCostly) {
			t.Errorf("%s/%s: a thousand events in %d bytes are refused", g.of.Format, g.of.Name, got.sent)
		}
	}
}

// TestCommonBatchesPass: batches as senders make them are far from the bound, compressed, too: it prints how far.
func TestCommonBatchesPass(t *testing.T) {
	browser := []string{"Origin: https://shop.example.com", "Content-Type: application/json", "Referer: https://shop.example.com/collections/winter/products/jacket?variant=77", "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "Cookie: _fbp=fb.1.1795000000000.1098115397; _fbc=fb.1.1795000000000.IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB"}
	server := []string{goodToken, "Content-Type: application/json", "User-Agent: axios/1.12.0"}
	random := rand.New(rand.NewPCG(1, 2))
	hash := func() string {
		return fmt.Sprintf("%016x%016x%016x%016x", random.Uint64(), random.Uint64(), random.Uint64(), random.Uint64())
	}
	order := func(i int) string {
		return fmt.Sprintf(`{"event_name":"Purchase","event_time":%d,"event_id":"order-%d","action_source":"website","event_source_url":"https://shop.example.com/thanks","user_data":{"em":["%s"],"client_ip_address":"203.0.113.%d"},"custom_data":{"value":%d.9,"currency":"USD"}}`, 1795426200+i, 10_000+i, hash(), i%250, random.IntN(300))
	}
	for _, tt := range []struct {
		name, path, head, tail, between string
		headers                         []string
		n                               int
		event                           func(i int) string
	}{
		{"a server's orders", graphPath, `{"data":[`, `]}`, ",", server, 1000, order},
		{"a server's orders of one person", graphPath, `{"data":[`, `]}`, ",", server, 1000, func(i int) string {
			return fmt.Sprintf(`{"event_name":"Lead","event_time":1795426200,"event_id":"l-%d","user_data":{"em":"jane@example.com"}}`, i)
		}},
		{"rows of a file", "/v1/sources/lines", "", "", "\n", []string{"Authorization: Bearer file-secret"}, 10_000, order},
		{"rows that only count", "/v1/sources/lines", "", "", "\n", []string{"Authorization: Bearer file-secret"}, 10_000, func(i int) string {
			return fmt.Sprintf(`{"event_name":"Visit","event_time":%d,"event_id":"v-%d","user_data":{"external_id":"%d"}}`, 1795000000+i*7, i, 100_000+i*31%7919)
		}},
		{"posts of a loop", "/v1/website/events", `{"data":[`, `]}`, ",", server, 10_000, func(i int) string {
			return fmt.Sprintf(`{"event_name":"Lead","event_time":1795426200,"event_id":"l-%d","user_data":{"em":"jane@example.com"}}`, i)
		}},
		{"a page's views", "/v1/website/collect", `{"events":[`, `]}`, ",", browser, 200, func(i int) string {
			return fmt.Sprintf(`{"event_name":"ViewContent","event_id":"%s","event_time":%d,"custom_data":{"content_ids":["SKU-%d"]}}`, hash()[:16], 1795426200+i, i)
		}},
		{"a page's clicks", "/v1/website/collect", `{"events":[`, `]}`, ",", browser, 50, func(int) string { return `{"event_name":"Click"}` }},
	} {
		f := newFixture(t, nil)
		var events []string
		for i := range tt.n {
			events = append(events, tt.event(i))
		}
		plain := tt.head + strings.Join(events, tt.between) + tt.tail
		for _, body := range []string{plain, string(zip(t, []byte(plain)))} {
			headers, sent := tt.headers, len(body)
			if len(body) < len(plain) {
				headers = append(headers[:len(headers):len(headers)], "Content-Encoding: gzip")
			}
			for _, h := range headers {
				sent += len(h)
			}
			w := f.post(tt.path, body, headers...)
			made, trust := 0, event.Proven
			recs := f.kafka.taken()
			for _, r := range recs {
				made += len(r.Key) + len(r.Value) + recordsHeaders
			}
			if strings.HasPrefix(headers[0], "Origin") {
				trust = event.Unproven
			}
			most := allowances[trust].of(sent)
			t.Logf("%-32s %5d events, %8d bytes of them sent as %7d, made %8d: %5.1f times, %3d %% of what may be", tt.name, len(recs), len(plain), len(body), made, float64(made)/float64(sent), 100*made/most)
			if len(recs) != tt.n || 2*made > most {
				t.Errorf("%s: %d of %d stored, %d %s", tt.name, len(recs), tt.n, w.Code, w.Body)
			}
		}
	}
}

// recordsHeaders is what the headers of a record take, about.
const recordsHeaders = 110
