package mapping

import (
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
)

// TestPOSTime: a time without a zone is the store's.
func TestPOSTime(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int64{
		`"2026-11-23T10:30:00"`: 1795426200, `"2026-11-23 10:30"`: 1795426200, `"2026-11-23T10:30:00.999"`: 1795426200,
		`"2026-11-23T01:30:00-08:00"`: 1795426200, `1795426200`: 1795426200, `"1795426200000"`: 1795426200,
		`"2026-07-01T12:00:00"`: 1782900000, `"2026-11-23"`: -1, `"23.11.2026 10:30"`: -1, `true`: -1,
	} {
		out := &Output{}
		raw := &event.Raw{Item: []byte(`{"transaction_id":"1","occurred_at":` + text + `,"customer":{"id":1}}`)}
		err := (posMapper{}).Map(&Input{Raw: raw, Zone: berlin}, out)
		if (err != nil) != (want < 0) || err == nil && out.Event.Time != want {
			t.Errorf("%s: %d %v, want %d", text, out.Event.Time, err, want)
		}
	}
}

func FuzzPOSMapper(f *testing.F) {
	for _, seed := range []string{
		`{"transaction_id":"1","occurred_at":"2026-11-23T01:30:00","type":"sale","total":"1","currency":"EUR","customer":{"loyalty_id":"L","address":{"city":"x"}},"items":[{"sku":"a","quantity":1,"unit_price":"2"},7]}`,
		`{"customer":[],"items":{}}`, `[]`,
	} {
		f.Add([]byte(seed), []byte(`{"store_id":1}`))
	}
	f.Fuzz(func(t *testing.T, item, context []byte) { mapsAnything(t, posMapper{}, item, context) })
}
