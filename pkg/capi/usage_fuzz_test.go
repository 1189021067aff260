package capi

import (
	"math"
	"net/http"
	"testing"
)

// FuzzUsage: any header of any name is a finite ratio and a bounded wait, for the lane waits as long as it says.
func FuzzUsage(f *testing.F) {
	f.Add("X-App-Usage", `{"call_count":28,"total_time":25,"total_cputime":99.5}`)
	f.Add("x-business-use-case-usage", `{"1":[{"type":"x","call_count":101,"estimated_time_to_regain_access":19}]}`)
	f.Add("X-Ad-Account-Usage", `{"acc_id_util_pct":100,"reset_time_duration":1e300}`)
	f.Add("X-Ad-Account-Usage", `{"acc_id_util_pct":-1e308,"call_count":"9","estimated_time_to_regain_access":-5}`)
	f.Add("X-Business-Use-Case", `{"1":{},"2":[null,[]]}`)
	f.Fuzz(func(t *testing.T, name, value string) {
		header := http.Header{name: {value, value}, "X-App-Usage": {`{"call_count":50}`}}
		if name == "X-App-Usage" {
			header[name] = append(header[name], `{"call_count":50}`)
		}
		ratio, wait := Usage(header)
		if ratio < 0.5 || math.IsNaN(ratio) || math.IsInf(ratio, 0) {
			t.Fatalf("ratio %v", ratio)
		}
		if wait < 0 || wait > maxRetryAfter {
			t.Fatalf("wait %v", wait)
		}
	})
}
