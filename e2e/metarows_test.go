package e2e

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// metaRow is one answer of Meta's and what a lane does about it. Each has a dataset of its own, so that they all run at once.
type metaRow struct {
	name string // of its dataset
	rule string // members of the sandbox's rule, without braces

	want   want
	class  capi.Class // of the POSTs that are answered so
	detail string     // of a dead letter

	twice   bool // Meta has the events, and they are sent again, for the answer did not say so
	unseen  bool // the answer says that Meta has the events, and the sandbox does not
	notIts  bool // the code is no fault of an event's own: refused in a row they park the lane
	atLeast int  // seconds of the pause
}

// want is what becomes of a dataset whose POSTs are answered like this.
type want string

const (
	delivers want = "delivers"                      // it is as good as ok
	pauses   want = "pauses, and sends again"       // transient, throttle
	parks    want = "parks, until a person acts"    // setup
	kills    want = "kills one event, sends others" // invalid, toolarge, unknown, partial
)

// metaErrors are Meta's error codes: at least one for each row of the table, which the test compares.
var metaErrors = []struct {
	code, subcode int
	want          want
	because       string // class, or the reason to park; "own": the event's own fault
}{
	{1, 0, pauses, "transient"},
	{1, 99, kills, "invalid"},
	{2, 0, pauses, "transient"},
	{3, 0, parks, "config"},
	{4, 0, pauses, "throttle"},
	{10, 0, parks, "permission"},
	{17, 0, pauses, "throttle"},
	{17, 2446079, pauses, "throttle"},
	{17, 1885172, kills, "invalid"},
	{32, 0, pauses, "throttle"},
	{100, 0, kills, "invalid"},
	{100, 33, parks, "config"},
	{100, 34, parks, "config"},
	{100, 38, kills, "invalid"},
	{100, 1815356, kills, "own"},
	{100, 2804001, kills, "own"},
	{100, 2804003, kills, "own"},
	{100, 2804009, kills, "own"},
	{100, 2804019, kills, "own"},
	{100, 2804050, kills, "own"},
	{102, 0, parks, "token"},
	{104, 0, parks, "config"},
	{105, 0, kills, "invalid"},
	{190, 0, parks, "token"},
	{190, 460, parks, "token"}, // revoked: the password was changed
	{190, 463, parks, "token"}, // expired
	{200, 0, parks, "permission"},
	{294, 0, parks, "permission"},
	{341, 0, pauses, "throttle"},
	{368, 0, parks, "blocked"},
	{506, 0, kills, "invalid"},
	{613, 0, pauses, "throttle"},
	{803, 0, parks, "config"},
	{5000, 0, pauses, "transient"},
	{21009, 0, pauses, "transient"},
	{2804030, 0, kills, "invalid"},
	{1404078, 0, parks, "blocked"},
	{2859015, 0, parks, "blocked"},
	{80004, 0, pauses, "throttle"},
	{-3, 0, pauses, "transient"},
	{1357045, 0, kills, "unknown"}, // in no row
}

// metaAnswers are the answers that are not told by a code.
var metaAnswers = []metaRow{
	{name: "is-transient", rule: `"error":{"code":100,"error_subcode":2804003,"is_transient":true}`, want: pauses, class: capi.Transient},
	{name: "unknown-500", rule: `"status":500,"error":{"code":1357045}`, want: pauses, class: capi.Transient},
	{name: "unknown-429", rule: `"status":429,"error":{"code":1357045}`, want: pauses, class: capi.Transient},
	{
		name: "named", rule: `"status":400,"body":"{\"error\":{\"code\":100,\"error_subcode\":2804019,\"error_data\":\"{\\\"event_index\\\":1}\"}}"`,
		want: kills, class: capi.Invalid, detail: "100/2804019",
	},

	{name: "s500", rule: `"status":500`, want: pauses, class: capi.Transient},
	{name: "s502-html", rule: `"status":502,"body":"<html>bad gateway</html>"`, want: pauses, class: capi.Transient},
	{name: "s503", rule: `"status":503`, want: pauses, class: capi.Transient},
	{name: "s504", rule: `"status":504`, want: pauses, class: capi.Transient},
	{name: "s429", rule: `"status":429`, want: pauses, class: capi.Throttle},
	{name: "retry-after", rule: `"status":429,"headers":{"Retry-After":"5"}`, want: pauses, class: capi.Throttle, atLeast: 5},
	{name: "retry-after-503", rule: `"status":503,"headers":{"Retry-After":"5"}`, want: pauses, class: capi.Transient, atLeast: 5},
	{name: "s413", rule: `"status":413,"body":"too large"`, want: kills, class: capi.TooLarge, notIts: true},
	{name: "s400", rule: `"status":400`, want: pauses, class: capi.Transient},
	{name: "s403", rule: `"status":403,"body":"denied by a proxy"`, want: pauses, class: capi.Transient},
	{name: "s302", rule: `"status":302,"headers":{"Location":"https://192.0.2.1/elsewhere"}`, want: pauses, class: capi.Transient},
	{name: "s204", rule: `"status":204`, want: pauses, class: capi.Transient},

	{name: "html", rule: `"body":"<html>hello</html>"`, want: pauses, class: capi.Transient},
	{name: "empty", rule: `"status":200`, want: pauses, class: capi.Transient},
	{name: "null", rule: `"body":"null"`, want: pauses, class: capi.Transient},
	{name: "array", rule: `"body":"[]"`, want: pauses, class: capi.Transient},
	{name: "half", rule: `"body":"{\"events_received\":3,\"messa"`, want: pauses, class: capi.Transient},
	{name: "success", rule: `"body":"{\"success\":true}"`, want: pauses, class: capi.Transient},
	{name: "error-text", rule: `"body":"{\"error\":\"busy\"}"`, want: pauses, class: capi.Transient},
	{name: "gzipped", rule: `"headers":{"Content-Encoding":"gzip"},"body":"{\"events_received\":"`, want: pauses, class: capi.Transient},
	{name: "long", rule: `"body":"` + strings.Repeat("x", 300<<10) + `"`, want: pauses, class: capi.Transient},

	{name: "count-none", rule: `"body":"{\"events_received\":0,\"fbtrace_id\":\"A\"}"`, want: kills, class: capi.Partial, notIts: true},
	{name: "count-negative", rule: `"body":"{\"events_received\":-1}"`, want: kills, class: capi.Partial, notIts: true},
	{name: "count-text", rule: `"body":"{\"events_received\":\"3\"}"`, want: pauses, class: capi.Transient},
	{name: "count-missing", rule: `"body":"{\"messages\":[],\"fbtrace_id\":\"A\"}"`, want: pauses, class: capi.Transient},
	{name: "count-more", rule: `"body":"{\"events_received\":4}"`, want: delivers, class: capi.OK, unseen: true},

	{name: "hang", rule: `"hang":true`, want: pauses, class: capi.Transient},
	{name: "slow", rule: `"delay":"1m"`, want: pauses, class: capi.Transient},
	{name: "drip", rule: `"drip":"300ms"`, want: pauses, class: capi.Transient, twice: true},
	{name: "drip-503", rule: `"drip":"300ms","status":503,"body":"a page that never ends"`, want: pauses, class: capi.Transient},
	{name: "cut", rule: `"cut":true`, want: pauses, class: capi.Transient, twice: true},
	{name: "cut-error", rule: `"cut":true,"error":{"code":190}`, want: pauses, class: capi.Transient},
	{name: "reset", rule: `"reset":true`, want: pauses, class: capi.Transient},
}

// metaRows are all of them.
func metaRows() []metaRow {
	rows := make([]metaRow, 0, len(metaErrors)+len(metaAnswers))
	for _, e := range metaErrors {
		r := metaRow{
			name:   strings.ReplaceAll(fmt.Sprintf("e%d-%d", e.code, e.subcode), "e-", "minus"),
			rule:   fmt.Sprintf(`"error":{"code":%d,"error_subcode":%d}`, e.code, e.subcode),
			want:   e.want,
			class:  capi.Class(e.because),
			detail: fmt.Sprintf("%d/%d", e.code, e.subcode),
			notIts: e.because != "own",
		}
		switch {
		case e.want == parks:
			r.class, r.detail = capi.Setup, e.because
		case e.because == "own":
			r.class = capi.Invalid
		}
		rows = append(rows, r)
	}
	return append(rows, metaAnswers...)
}

// uncovered are the rows of the error table for which there is no code in metaErrors.
func uncovered(table []capi.ErrorRow) (missing []capi.ErrorRow) {
	covered := make([]bool, len(table))
	for _, e := range metaErrors {
		for i, row := range table {
			if e.code >= row.From && e.code <= row.To && (e.subcode == row.Subcode || row.Subcode == capi.AnySubcode) {
				covered[i] = true
				break
			}
		}
	}
	for i, row := range table {
		if !covered[i] {
			missing = append(missing, row)
		}
	}
	return missing
}

// deadReason is the reason of a dead letter.
func (r *metaRow) deadReason() string {
	switch r.class {
	case capi.TooLarge:
		return "oversize"
	case capi.Partial:
		return "partial"
	case capi.Unknown:
		return "unknown_code"
	}
	return "refused"
}

// transients is how many POSTs of the row the fault lets fail so that they are sent again.
func (r *metaRow) transients() float64 {
	if r.class == capi.Transient {
		return 2
	}
	return 0
}

// ruleFor is the sandbox's rule for the row's dataset; more are further members, such as how often.
func (r *metaRow) ruleFor(id, more string) string {
	return fmt.Sprintf(`{"dataset":%q,%s%s}`, id, r.rule, more)
}

func (s *metaSuite) putRules(rules []string) {
	s.control(http.MethodPut, "/_sandbox/faults", "["+strings.Join(rules, ",\n")+"]")
}
