package capi

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
)

// TestErrorTable has a row for each of Meta's documented or observed error codes, and one for each range.
func TestErrorTable(t *testing.T) {
	tests := []struct {
		status, code, subcode int
		transient             bool
		class                 Class
		setup                 SetupReason
		eventFault            bool
	}{
		{code: 1, class: Transient},
		{code: 1, subcode: 7, class: Transient},
		{code: 1, subcode: 99, class: Invalid},
		{code: 2, class: Transient},
		{code: 3, class: Setup, setup: Config},
		{code: 4, class: Throttle},
		{code: 4, subcode: 1504022, class: Throttle},
		{code: 4, subcode: 1504039, class: Throttle},
		{code: 10, class: Setup, setup: Permission},
		{code: 17, class: Throttle},
		{code: 17, subcode: 2446079, class: Throttle},
		{code: 17, subcode: 1885172, class: Invalid},
		{code: 32, class: Throttle},
		{code: 100, class: Invalid},
		{code: 100, subcode: 33, class: Setup, setup: Config},
		{status: 404, code: 100, subcode: 34, class: Setup, setup: Config},
		{code: 100, subcode: 38, class: Invalid},
		{code: 100, subcode: 2804001, class: Invalid, eventFault: true},
		{code: 100, subcode: 2804003, class: Invalid, eventFault: true},
		{code: 100, subcode: 2804007, class: Invalid, eventFault: true},
		{code: 100, subcode: 2804009, class: Invalid, eventFault: true},
		{code: 100, subcode: 2804016, class: Invalid, eventFault: true},
		{code: 100, subcode: 2804017, class: Invalid, eventFault: true},
		{code: 100, subcode: 2804019, class: Invalid, eventFault: true},
		{code: 100, subcode: 2804048, class: Invalid, eventFault: true},
		{code: 100, subcode: 2804050, class: Invalid, eventFault: true},
		{code: 100, subcode: 2804066, class: Invalid, eventFault: true},
		{code: 100, subcode: 2804000, class: Invalid, eventFault: true},
		{code: 100, subcode: 2804999, class: Invalid, eventFault: true},
		{code: 100, subcode: 2803999, class: Invalid},
		{code: 100, subcode: 2805000, class: Invalid},
		{code: 2804030, class: Invalid},
		{code: 100, subcode: 1815356, class: Invalid, eventFault: true},
		{code: 102, class: Setup, setup: Token},
		{code: 104, class: Setup, setup: Config},
		{code: 105, class: Invalid},
		{status: 401, code: 190, class: Setup, setup: Token},
		{status: 500, code: 190, class: Setup, setup: Token},
		{code: 190, subcode: 458, class: Setup, setup: Token},
		{code: 190, subcode: 459, class: Setup, setup: Token},
		{code: 190, subcode: 460, class: Setup, setup: Token},
		{code: 190, subcode: 463, class: Setup, setup: Token},
		{code: 190, subcode: 464, class: Setup, setup: Token},
		{code: 190, subcode: 467, class: Setup, setup: Token},
		{code: 190, subcode: 492, class: Setup, setup: Token},
		{status: 403, code: 200, class: Setup, setup: Permission},
		{code: 200, subcode: 1870034, class: Setup, setup: Permission},
		{code: 200, subcode: 1870047, class: Setup, setup: Permission},
		{code: 199, class: Unknown},
		{code: 201, class: Setup, setup: Permission},
		{code: 294, class: Setup, setup: Permission},
		{code: 299, class: Setup, setup: Permission},
		{code: 300, class: Unknown},
		{code: 341, class: Throttle},
		{code: 368, class: Setup, setup: Blocked},
		{code: 1404078, class: Setup, setup: Blocked},
		{code: 2859015, class: Setup, setup: Blocked},
		{code: 506, class: Invalid},
		{code: 613, class: Throttle},
		{code: 613, subcode: 1487742, class: Throttle},
		{code: 613, subcode: 5044001, class: Throttle},
		{code: 613, subcode: 1487632, class: Throttle},
		{code: 613, subcode: 1487225, class: Throttle},
		{code: 803, class: Setup, setup: Config},
		{code: 5000, class: Transient},
		{code: 21009, class: Transient},
		{code: 79999, class: Unknown},
		{code: 80000, class: Throttle},
		{code: 80003, class: Throttle},
		{code: 80004, class: Throttle},
		{code: 80014, class: Throttle},
		{code: 80099, class: Throttle},
		{code: 80100, class: Unknown},
		{code: -1, class: Transient},
		{code: -3, subcode: 99, class: Transient},
		// is_transient goes before everything.
		{code: 190, transient: true, class: Transient},
		{code: 100, subcode: 2804003, transient: true, class: Transient},
		{code: 1357045, transient: true, class: Transient},
		// Codes in no table go by the status.
		{code: 1357045, class: Unknown},
		{code: 0, class: Unknown},
		{status: 401, code: 1357045, class: Unknown},
		{status: 413, code: 1357045, class: Unknown},
		{status: 429, code: 1357045, class: Transient},
		{status: 500, code: 1357045, class: Transient},
		{status: 503, code: 1357045, class: Transient},
		{status: 499, code: 1357045, class: Unknown},
	}
	for _, tt := range tests {
		if tt.status == 0 {
			tt.status = http.StatusBadRequest
		}
		t.Run(fmt.Sprintf("%d %d/%d %t", tt.status, tt.code, tt.subcode, tt.transient), func(t *testing.T) {
			body := fmt.Sprintf(`{"error":{"message":"m","type":"OAuthException","code":%d,"error_subcode":%d,"is_transient":%t,"fbtrace_id":"A6Uy"}}`,
				tt.code, tt.subcode, tt.transient)
			got := Classify(tt.status, nil, []byte(body), 3)
			want := Answer{
				Class: tt.class, Setup: tt.setup, EventFault: tt.eventFault, Status: tt.status, Code: tt.code, Subcode: tt.subcode,
				Type: "OAuthException", FBTraceID: "A6Uy", EventIndex: -1,
			}
			if got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

// TestRowsHaveKnownLabels keeps the table to the closed lists, and no row hidden behind another.
func TestRowsHaveKnownLabels(t *testing.T) {
	seen := map[int]bool{}
	for _, r := range rows {
		if !slices.Contains(Classes, r.class) || r.class == OK || r.class == Partial {
			t.Errorf("%d/%d: class %q", r.code, r.subcode, r.class)
		}
		if (r.class == Setup) != slices.Contains(SetupReasons, r.setup) {
			t.Errorf("%d/%d: class %q with setup %q", r.code, r.subcode, r.class, r.setup)
		}
		if seen[r.code] {
			t.Errorf("%d/%d stands behind the row that takes every subcode", r.code, r.subcode)
		}
		seen[r.code] = seen[r.code] || r.subcode == anySubcode
	}
}

// TestClassifyIsTotal asks for every status with odd bodies.
func TestClassifyIsTotal(t *testing.T) {
	bodies := []string{
		``, ` `, `null`, `true`, `0`, `"text"`, `[]`, `{}`, `{"error":null}`, `{"error":{}}`, `{"error":"text"}`, `{"error":[1]}`,
		`{"error":{"code":"190"}}`, `{"error":{"code":1e40}}`, `{"events_received":null}`, `{"events_received":"3"}`,
		`{"events_received":2}`, `{"events_received":-1}`, `{"events_received":3}`, `{"events_received":4,"messages":[]}`,
		`{"success":true}`, `<html>busy</html>`, `{"error":{"code":1`, "\xff\xfe", `{"events_received":3,"error":{"code":2}}`,
	}
	for status := 100; status <= 599; status++ {
		for _, body := range bodies {
			got := Classify(status, http.Header{}, []byte(body), 3)
			if !slices.Contains(Classes, got.Class) {
				t.Fatalf("%d %s: class %q", status, body, got.Class)
			}
			if got.Class == OK && (got.Received < 3 || status < 200 || status > 299) {
				t.Fatalf("%d %s: ok with %d received", status, body, got.Received)
			}
			if (got.Class == Setup) != (got.Setup != NoReason) {
				t.Fatalf("%d %s: class %q, setup %q", status, body, got.Class, got.Setup)
			}
		}
	}
}
