package mapfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestProblemsNameTheirLine, and the target that is the nearest to one that is none.
func TestProblemsNameTheirLine(t *testing.T) {
	const file = `{
 "version": 1,
 "formt": {},
 "format": {
  "decimals": ",",
  "timezone": "Berlin"
 },
 "defaults": {"event_name": "Purchase",
  "custom.currency": "EUR"},
 "columns": {
  "user_data.emial": {"name": "Email"},
  "user_data.ph": {"nme": "Phone"},
  "value": {"name": "Total"},
  "user_data.fn": {"nme": "First"}
 },
 "group_by": [
  {"index": -1}]
}`
	_, err := Parse([]byte(file))
	want := []string{
		"line 3: formt: unknown key: did you mean format?",
		"line 5: format.decimals: unknown key: did you mean decimal?",
		"line 6: format.timezone: is no IANA",
		"line 9: defaults.custom.currency: is no field of a server event: did you mean custom_data.currency?",
		"line 11: columns.user_data.emial: is no match key of user_data: did you mean user_data.em?",
		"line 12: columns.user_data.ph.nme: unknown key: did you mean name?",
		"line 12: columns.user_data.ph: needs exactly one",
		"line 13: columns.value: is no field of a server event: did you mean custom_data.value?",
		"line 14: columns.user_data.fn.nme: unknown key",
		"line 14: columns.user_data.fn: needs",
		"line 16: group_by[0].index: is no number",
	}
	got := strings.Split(err.Error(), "\n")
	if len(got) != len(want) {
		t.Fatalf("%d problems, want %d:\n%v", len(got), len(want), err)
	}
	for i, w := range want {
		if !strings.HasPrefix(got[i], w) {
			t.Errorf("%q, want %q", got[i], w)
		}
	}
	for text, want := range map[string]string{
		"{\n \"version\": 1,\n oops}":                            "line 3: is no JSON: unexpected character",
		"{\n \"version\": 1,\n\n \"version\": 1}":                "line 4: is no JSON: duplicate key",
		"{\"EVENT_TIME\": 1,\n\"EVENT_NAME\": 0,\n\"EMIAL\": 2}": "line 3: EMIAL: unknown key: did you mean email?",
		"{\"version\": 1}":                                       "columns: is missing\ncolumns.event_name: is missing, in defaults too",
	} {
		if _, err := Parse([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// TestNearestTarget: a target is told by a slip of the hand, a section left out or written otherwise, or another name.
func TestNearestTarget(t *testing.T) {
	for path, want := range map[string]string{
		"custom_data.Value": "custom_data.value", "custom_data/value": "custom_data.value", "customdata.value": "custom_data.value", "custom.value": "custom_data.value",
		"vaule": "custom_data.value", "total_value": "", "user_data.e-mail": "user_data.em", "email": "user_data.em", "phone": "user_data.ph",
		"user_data.fbpp": "user_data.fbp", "eventtime": "event_time", "event time": "event_time", "EVENT_NAME": "event_name", "contents[].id": "custom_data.contents[].id",
		"custom_data.contents.id": "custom_data.contents[].id", "order_id": "custom_data.order_id", "colour": "", "x": "",
	} {
		if want != "" {
			want = ": did you mean " + want + "?"
		}
		if got := meant(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// TestDoubts: a property a slip of the hand away from a known one is told, if that one has no column.
func TestDoubts(t *testing.T) {
	m := mustParse(t, `{"defaults":{"event_name":"Lead"},"columns":{"custom_data.vlaue":{"index":0},"custom_data.curency":{"index":1},"custom_data.currency":{"index":2},
		"custom_data.colour":{"index":3},"custom_data.values":{"index":4}}}`)
	want := []string{
		"columns.custom_data.vlaue becomes a property of your own: did you mean custom_data.value?",
		"columns.custom_data.values becomes a property of your own: did you mean custom_data.value?",
	}
	if diff := cmp.Diff(want, m.Doubts()); diff != "" {
		t.Error(diff)
	}
}
