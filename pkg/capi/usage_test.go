package capi

import (
	"net/http"
	"testing"
	"time"
)

func TestUsage(t *testing.T) {
	tests := []struct {
		name, header, value string
		ratio               float64
		regain              time.Duration
	}{
		{"app, calls", "X-App-Usage", `{"call_count":28,"total_time":25,"total_cputime":12}`, 0.28, 0},
		{"app, time", "X-App-Usage", `{"call_count":28,"total_time":95,"total_cputime":12}`, 0.95, 0},
		{"app, CPU, lower case", "x-app-usage", `{"total_cputime":112}`, 1.12, 0},
		{"account", "X-Ad-Account-Usage", `{"acc_id_util_pct":9.5,"reset_time_duration":100,"ads_api_access_tier":"x"}`, 0.095, 0},
		{"account at the limit", "X-Ad-Account-Usage", `{"acc_id_util_pct":100,"reset_time_duration":90}`, 1, 90 * time.Second},
		{"business", "X-Business-Use-Case-Usage", `{"1":[{"type":"ads","call_count":10},{"total_time":76,"estimated_time_to_regain_access":3}],"2":[{"call_count":5}]}`, 0.76, 3 * time.Minute},
		{"business, the page's name", "X-Business-Use-Case", `{"1":[{"call_count":100,"estimated_time_to_regain_access":19}]}`, 1, 19 * time.Minute},
		{"huge regain", "X-Business-Use-Case-Usage", `{"1":[{"estimated_time_to_regain_access":1e300}]}`, 0, maxRetryAfter},
		{"negative", "X-App-Usage", `{"call_count":-5,"estimated_time_to_regain_access":-5}`, 0, 0},
		{"one figure of another type", "X-Ad-Account-Usage", `{"reset_time_duration":"90","acc_id_util_pct":50}`, 0.5, 0},
		{"one business of another type", "X-Business-Use-Case-Usage", `{"1":"x","2":[{"call_count":40}]}`, 0.4, 0},
		{"no JSON", "X-App-Usage", `busy`, 0, 0},
		{"another header", "X-FB-Ads-Insights-Throttle", `{"call_count":99}`, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ratio, regain := Usage(http.Header{tt.header: {tt.value}})
			if ratio != tt.ratio || regain != tt.regain {
				t.Errorf("got %v %v, want %v %v", ratio, regain, tt.ratio, tt.regain)
			}
		})
	}
	ratio, regain := Usage(http.Header{
		"X-App-Usage":               {`{"call_count":10}`, `{"call_count":20}`},
		"X-Business-Use-Case-Usage": {`{"1":[{"call_count":15,"estimated_time_to_regain_access":1}]}`},
	})
	if ratio != 0.2 || regain != time.Minute {
		t.Errorf("of several headers: %v %v", ratio, regain)
	}
}
