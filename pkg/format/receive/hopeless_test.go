package receive_test

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// TestReadableTime: what is taken at the door is what the mappers read.
func TestReadableTime(t *testing.T) {
	for value, want := range map[string]bool{
		`1796007600`: true, `"1796007600"`: true, `"2026-11-30T03:00Z"`: true, `"2026-11-30 03:00:00 UTC"`: true, `"2026-11-30"`: true,
		`"Mon, 30 Nov 2026 03:00:00 GMT"`: true, `1.7960076E9`: true, `"2026-11-30T04:00:00+01:00[Europe/Berlin]"`: true,
		`"2026-11-30T"`: false, `"2026-13-30T03:00:00Z"`: false, `"soon"`: false, `"2026-11-30 later"`: false, `-5`: false, `0`: false, `"undefined"`: false,
		`""`: false, `null`: false, `true`: false, `{}`: false, ``: false,
	} {
		var scratch []byte
		if got := receive.ReadableTime([]byte(value), &scratch); got != want {
			t.Errorf("%s: %t at the door", value, got)
		}
		o := new(mapping.Output)
		if o.ReadTime(nil, []byte(value)); o.Event.TimeSet != want {
			t.Errorf("%s: %t behind it", value, o.Event.TimeSet)
		}
	}
}
