package capi

import (
	"net/http"
	"strings"
	"time"
)

// Usage is the highest usage figure of the headers as a ratio (1: the limit is reached), and how long until access is
// regained where Meta says so. Headers are found by prefix: Meta's pages name one of them differently.
func Usage(header http.Header) (ratio float64, regain time.Duration) {
	for name, values := range header {
		lower := strings.ToLower(name)
		for _, value := range values {
			var r float64
			var wait time.Duration
			switch {
			case strings.HasPrefix(lower, "x-app-usage"), strings.HasPrefix(lower, "x-ad-account-usage"):
				var u figures
				if lenient([]byte(value), &u) {
					r, wait = u.ratio(), u.wait()
				}
			case strings.HasPrefix(lower, "x-business-use-case"):
				r, wait = businessUsage(value)
			}
			ratio, regain = max(ratio, r), max(regain, wait)
		}
	}
	return ratio, regain
}

// figures are percentages of a limit.
type figures struct {
	CallCount    float64 `json:"call_count"`
	TotalTime    float64 `json:"total_time"`
	TotalCPUTime float64 `json:"total_cputime"`
	AccountUsed  float64 `json:"acc_id_util_pct"`
	RegainMin    float64 `json:"estimated_time_to_regain_access"` // minutes
	ResetSeconds float64 `json:"reset_time_duration"`
}

func (f *figures) ratio() float64 {
	return max(f.CallCount, f.TotalTime, f.TotalCPUTime, f.AccountUsed, 0) / 100
}

// wait is how long until access is regained; a reset time counts only once the limit is reached.
func (f *figures) wait() time.Duration {
	wait := f.RegainMin * float64(time.Minute)
	if f.AccountUsed >= 100 {
		wait = max(wait, f.ResetSeconds*float64(time.Second))
	}
	return time.Duration(min(max(wait, 0), float64(maxRetryAfter)))
}

// businessUsage reads a map of business ids to lists of figures.
func businessUsage(value string) (ratio float64, regain time.Duration) {
	var byBusiness map[string][]figures
	if !lenient([]byte(value), &byBusiness) {
		return 0, 0
	}
	for _, list := range byBusiness {
		for i := range list {
			ratio, regain = max(ratio, list[i].ratio()), max(regain, list[i].wait())
		}
	}
	return ratio, regain
}
