package capi

import "net/http"

// verdict is what a code asks of the sender.
type verdict struct {
	class      Class
	setup      SetupReason
	eventFault bool // the code says that an event is at fault, not the request or the account
}

// row is one line of Meta's error codes (docs/reference/capi.md 1.8). subcode anySubcode: whatever comes.
type row struct {
	code, subcode int
	verdict
}

const anySubcode = -1

// rows are asked from top to bottom, after is_transient and before the ranges below.
var rows = []row{
	{1, 99, verdict{class: Invalid}},
	{1, anySubcode, verdict{class: Transient}},
	{2, anySubcode, verdict{class: Transient}},
	{3, anySubcode, verdict{class: Setup, setup: Config}},
	{4, anySubcode, verdict{class: Throttle}},
	{10, anySubcode, verdict{class: Setup, setup: Permission}},
	{17, 1885172, verdict{class: Invalid}},
	{17, anySubcode, verdict{class: Throttle}},
	{32, anySubcode, verdict{class: Throttle}},
	{100, 33, verdict{class: Setup, setup: Config}},
	{100, 34, verdict{class: Setup, setup: Config}},
	{100, 38, verdict{class: Invalid}},
	{100, 1815356, verdict{class: Invalid, eventFault: true}},
	{100, anySubcode, verdict{class: Invalid}}, // 2804xxx: see judge
	{102, anySubcode, verdict{class: Setup, setup: Token}},
	{104, anySubcode, verdict{class: Setup, setup: Config}},
	{105, anySubcode, verdict{class: Invalid}},
	{190, anySubcode, verdict{class: Setup, setup: Token}},
	{341, anySubcode, verdict{class: Throttle}},
	{368, anySubcode, verdict{class: Setup, setup: Blocked}},
	{506, anySubcode, verdict{class: Invalid}},
	{613, anySubcode, verdict{class: Throttle}},
	{803, anySubcode, verdict{class: Setup, setup: Config}},
	{5000, anySubcode, verdict{class: Transient}},
	{21009, anySubcode, verdict{class: Transient}},
	{2804030, anySubcode, verdict{class: Invalid}}, // Limited Data Use not chosen: Meta's of July 2020
	{1404078, anySubcode, verdict{class: Setup, setup: Blocked}},
	{2859015, anySubcode, verdict{class: Setup, setup: Blocked}},
}

// judge is total: is_transient, then the table, then ranges, then the status.
func judge(status, code, subcode int, transient bool) verdict {
	if transient {
		return verdict{class: Transient}
	}
	for _, r := range rows {
		if r.code == code && (r.subcode == subcode || r.subcode == anySubcode) {
			v := r.verdict
			// The family of server-side-API validation: an event is wrong, whatever the last digits say.
			v.eventFault = v.eventFault || code == 100 && subcode >= 2804000 && subcode <= 2804999
			return v
		}
	}
	switch {
	case code >= 200 && code <= 299:
		return verdict{class: Setup, setup: Permission}
	case code >= 80000 && code <= 80099:
		return verdict{class: Throttle}
	case code < 0: // an internal error of Meta's
		return verdict{class: Transient}
	case status == http.StatusTooManyRequests, status >= http.StatusInternalServerError:
		return verdict{class: Transient}
	}
	return verdict{class: Unknown}
}
