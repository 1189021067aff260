package httpapi

import (
	"maps"
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
		for _, how := range []manner{tersely, dearly} {
			for _, n := range []int{10_000, 2500, 1000, 100, 10, 1} {
				got := f.sendGrown(t, g.of, g.body(n), how)
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
