package pos

import (
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
	"github.com/omnicapi/omnicapi/pkg/format/stages"
)

// TestLocalTime: a time without a zone is the source's.
func TestLocalTime(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int64{
		`"2026-11-23T10:30:00"`: 1795426200, `"2026-11-23 10:30"`: 1795426200, `"2026-11-23T10:30:00.999"`: 1795426200,
		`"2026-11-23T01:30:00-08:00"`: 1795426200, `1795426200`: 1795426200, `"1795426200000"`: 1795426200,
		`"2026-07-01T12:00:00"`: 1782900000, `"2026-11-23"`: 1795388400, `"2026-11-23T09:30Z"`: 1795426200, `"2026-11-23T09:30:00+00"`: 1795426200, `"23.11.2026 10:30"`: -1, `true`: -1,
	} {
		for mapper, item := range map[mapping.Mapper]string{
			Mapper{}:        `{"transaction_id":"1","occurred_at":` + text + `,"customer":{"id":1}}`,
			stages.Mapper{}: `{"stage":"won","occurred_at":` + text + `}`,
		} {
			out := &mapping.Output{}
			err := mapper.Map(&mapping.Input{Raw: &event.Raw{Item: []byte(item)}, Zone: berlin}, out)
			if (err != nil) != (want < 0) || err == nil && out.Event.Time != want {
				t.Errorf("%T %s: %d %v, want %d", mapper, text, out.Event.Time, err, want)
			}
		}
	}
}

// TestPOSTotal: the products' prices make a value only where no total is said.
func TestPOSTotal(t *testing.T) {
	for total, want := range map[string]string{`"59.90"`: "59.90", `null`: "10", `""`: "10", `"59,90"`: "59.90", `"1,234"`: "", `"about 60"`: "", `{}`: "10"} {
		out, err := mappingtest.MapOne(Mapper{}, `{"transaction_id":"1","total":`+total+`,"currency":"EUR","customer":{"id":1},"items":[{"sku":"a","quantity":2,"unit_price":5}]}`, "")
		if got := string(out.Event.Custom.Value); err != nil || got != want {
			t.Errorf("%s: %q %v, want %q", total, got, err, want)
		}
	}
}

func FuzzMap(f *testing.F) {
	for _, seed := range []string{
		`{"transaction_id":"1","occurred_at":"2026-11-23T01:30:00","type":"sale","total":"1","currency":"EUR","customer":{"loyalty_id":"L","address":{"city":"x"}},"items":[{"sku":"a","quantity":1,"unit_price":"2"},7]}`,
		`{"customer":[],"items":{}}`, `[]`,
	} {
		f.Add([]byte(seed), []byte(`{"store_id":1}`))
	}
	f.Fuzz(func(t *testing.T, item, context []byte) { mappingtest.MapsAnything(t, Mapper{}, item, context) })
}
