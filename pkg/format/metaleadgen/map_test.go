package metaleadgen

import (
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// TestLeadGen: a lead by its id, as text and as number to the last digit, when it was left.
func TestLeadGen(t *testing.T) {
	for item, want := range map[string]string{
		`{"leadgen_id":"90071992547409931","created_time":1795426200}`: "90071992547409931",
		`{"leadgen_id":90071992547409931,"created_time":"1795426200"}`: "90071992547409931",
		`{"leadgen_id":"","created_time":1795426200}`:                  "missing_field: leadgen_id",
		`{"created_time":1795426200}`:                                  "missing_field: leadgen_id",
		`{"leadgen_id":"90071992547409931","created_time":"today"}`:    "90071992547409931",
		`7`: "undecodable: item",
	} {
		var out mapping.Output
		got := ""
		if err := (Mapper{}).Map(&mapping.Input{Raw: &event.Raw{Item: []byte(item), Time: time.Unix(1795426200, 0)}}, &out); err != nil {
			got = err.Error()
		} else if v := out.Event.User.Values; len(v) == 1 && v[0].Key == identity.LeadID {
			got = string(v[0].Text)
		}
		if got != want || got == "90071992547409931" && (out.Event.Time != 1795426200 || string(out.Event.Name) != "Lead") {
			t.Errorf("%s: %q, want %q; %d %s", item, got, want, out.Event.Time, out.Event.Name)
		}
	}
}

func FuzzMap(f *testing.F) {
	for _, seed := range []string{
		`{"leadgen_id":"1234567890123456","page_id":"153125381133","form_id":"123456789012","created_time":1795426200}`,
		`{"leadgen_id":{},"created_time":[]}`, `{"leadgen_id":"l:1"}`, `7`,
	} {
		f.Add([]byte(`{}`), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, context, item []byte) { mappingtest.MapAnything(t, Mapper{}, context, item) })
}
