package capi

import (
	"math"
	"net/http"
)

// handling is what an error code of Meta's asks of the sender.
type handling struct {
	class      Class
	setup      SetupReason
	eventFault bool // the code says that an event is at fault, not the request or the account
}

// row is one of Meta's error codes (docs/reference/capi.md 1.8). With anySubcode it stands for all subcodes not listed above it.
type row struct {
	code, subcode int
	handling
}

const anySubcode = -1

// rows are searched from top to bottom, after is_transient and before the ranges of handlingOf.
var rows = []row{
	{1, 99, handling{class: Invalid}},
	{1, anySubcode, handling{class: Transient}},
	{2, anySubcode, handling{class: Transient}},
	{3, anySubcode, handling{class: Setup, setup: Config}},
	{4, anySubcode, handling{class: Throttle}},
	{10, anySubcode, handling{class: Setup, setup: Permission}},
	{17, 1885172, handling{class: Invalid}},
	{17, anySubcode, handling{class: Throttle}},
	{32, anySubcode, handling{class: Throttle}},
	{100, 33, handling{class: Setup, setup: Config}},
	{100, 34, handling{class: Setup, setup: Config}},
	{100, 38, handling{class: Invalid}},
	{100, 1815356, handling{class: Invalid, eventFault: true}},
	{100, anySubcode, handling{class: Invalid}}, // 2804xxx: see handlingOf
	{102, anySubcode, handling{class: Setup, setup: Token}},
	{104, anySubcode, handling{class: Setup, setup: Config}},
	{105, anySubcode, handling{class: Invalid}},
	{190, anySubcode, handling{class: Setup, setup: Token}},
	{341, anySubcode, handling{class: Throttle}},
	{368, anySubcode, handling{class: Setup, setup: Blocked}},
	{506, anySubcode, handling{class: Invalid}},
	{613, anySubcode, handling{class: Throttle}},
	{803, anySubcode, handling{class: Setup, setup: Config}},
	{5000, anySubcode, handling{class: Transient}},
	{21009, anySubcode, handling{class: Transient}},
	{2804030, anySubcode, handling{class: Invalid}}, // Limited Data Use not chosen: Meta's of July 2020
	{1404078, anySubcode, handling{class: Setup, setup: Blocked}},
	{2859015, anySubcode, handling{class: Setup, setup: Blocked}},
}

// span is a range of codes, from and to among them.
type span struct {
	from, to int
	handling
}

// ranges are searched after the rows.
var ranges = []span{
	{200, 299, handling{class: Setup, setup: Permission}},
	{80000, 80099, handling{class: Throttle}},
	{math.MinInt, -1, handling{class: Transient}}, // internal errors of Meta's
}

// handlingOf has an answer for every error: by is_transient, then by the table, by ranges of codes, by the status.
func handlingOf(status, code, subcode int, transient bool) handling {
	if transient {
		return handling{class: Transient}
	}
	for _, r := range rows {
		if r.code == code && (r.subcode == subcode || r.subcode == anySubcode) {
			v := r.handling
			// The family of server-side-API validation: an event is wrong, whatever the last digits say.
			v.eventFault = v.eventFault || code == 100 && subcode >= 2804000 && subcode <= 2804999
			return v
		}
	}
	for _, r := range ranges {
		if code >= r.from && code <= r.to {
			return r.handling
		}
	}
	if status == http.StatusTooManyRequests || status >= http.StatusInternalServerError {
		return handling{class: Transient}
	}
	return handling{class: Unknown}
}

// ErrorRow is a row of the table for those who go through all of it.
type ErrorRow struct {
	From, To int // codes
	Subcode  int // AnySubcode: those of no row before it
	Class    Class
}

// AnySubcode stands for every subcode.
const AnySubcode = anySubcode

// ErrorTable returns the table in the order in which it is searched.
func ErrorTable() []ErrorRow {
	table := make([]ErrorRow, 0, len(rows)+len(ranges))
	for _, r := range rows {
		table = append(table, ErrorRow{r.code, r.code, r.subcode, r.class})
	}
	for _, r := range ranges {
		table = append(table, ErrorRow{r.from, r.to, AnySubcode, r.class})
	}
	return table
}
