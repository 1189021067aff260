package serverevent

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// TestPassback: what is passed back has Meta's types; what cannot be read stays for validation to refuse.
func TestPassback(t *testing.T) {
	for value, want := range map[string]string{
		`{"event_name":"Purchase","event_time":1796007600000,"order_id":77}`:                                  `{"event_name":"Purchase","event_time":1796007600,"order_id":"77"}`,
		`"{\"event_time\":\"2026-11-30T03:00:00Z\"}"`:                                                         `{"event_time":1796007600}`,
		`{"ad_id":7,"touchpoint_ts":"1796007600","attribution_share":"0.5","attribution_value":"12.50"}`:      `{"ad_id":"7","touchpoint_ts":1796007600,"attribution_share":0.5,"attribution_value":12.50}`,
		`{"touchpoint_ts":"soon","attribution_share":"half","attribution_setting":{"inactivity_window":[1]}}`: `{"touchpoint_ts":"soon","attribution_share":"half","attribution_setting":{"inactivity_window":[1]}}`,
		`[1]`: `[1]`,
		`"x"`: `"x"`,
	} {
		if got := string(passback(new(mapping.Output), []byte(value))); got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}
