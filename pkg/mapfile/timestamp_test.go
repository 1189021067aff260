package mapfile

import (
	"strconv"
	"testing"
	"time"
)

// TestTimes: wants are UTC; the source's zone is Berlin.
func TestTimes(t *testing.T) {
	for _, c := range []struct{ name, format, text, want string }{
		{"seconds", `{}`, "1795426200", "2026-11-23T09:30:00Z"},
		{"seconds of before 2001", `{}`, "978303600", "2000-12-31T23:00:00Z"},
		{"seconds with a fraction", `{}`, "1795426200.75", "2026-11-23T09:30:00Z"},
		{"milliseconds", `{}`, "1795426200999", "2026-11-23T09:30:00Z"},
		{"microseconds", `{}`, "1795426200999999", "2026-11-23T09:30:00Z"},
		{"milliseconds that a spreadsheet wrote", `{}`, "1.7954262E+12", "2026-11-23T09:30:00Z"},
		{"zone of its own", `{}`, "2026-11-23T01:30:00-08:00", "2026-11-23T09:30:00Z"},
		{"UTC", `{}`, "2026-11-23T09:30:00.250Z", "2026-11-23T09:30:00Z"},
		{"zone without colon", `{}`, "2026-11-23T10:30:00+0100", "2026-11-23T09:30:00Z"},
		{"zone behind a space", `{}`, "2026-11-23 10:30:00 +0100", "2026-11-23T09:30:00Z"},
		{"no zone: the source's", `{}`, "2026-11-23 10:30", "2026-11-23T09:30:00Z"},
		{"no zone: the mapping's first", `{"timezone":"America/Los_Angeles"}`, "2026-11-23T01:30:00", "2026-11-23T09:30:00Z"},
		{"day", `{}`, "2026-11-23", "2026-11-22T23:00:00Z"},
		{"layout", `{"date_format":"02/01/2006 15:04"}`, "23/11/2026 10:30", "2026-11-23T09:30:00Z"},
		{"layout and zone", `{"date_format":"01/02/06 3:04 PM","timezone":"America/New_York"}`, "11/23/26 4:30 AM", "2026-11-23T09:30:00Z"},
		{"summer time", `{"date_format":"02/01/2006 15:04"}`, "23/07/2026 10:30", "2026-07-23T08:30:00Z"},
		{"a number is a time in spite of a layout", `{"date_format":"02/01/2006"}`, "1795426200", "2026-11-23T09:30:00Z"},
		{"layout of digits", `{"date_format":"20060102","timezone":"UTC"}`, "20261123", "2026-11-23T00:00:00Z"},
		{"other than the layout", `{"date_format":"02/01/2006","timezone":"UTC"}`, "2026-11-23", "2026-11-23T00:00:00Z"},
		{"a layout of the day before the month", `{"date_format":"2006-02-01"}`, "2026-11-23", refused},
		{"a layout's month that is none", `{"date_format":"02/01/2006"}`, "11/23/2026", refused},
		{"American", `{}`, "11/23/2026", refused},
		{"German", `{}`, "23.11.2026", refused},
		{"a day of eight digits", `{}`, "20261123", "2026-11-22T23:00:00Z"},
		{"a year", `{}`, "2026", refused},
		{"a comma before the fraction, a short offset", `{}`, "2026-11-23T10:30:00,250+01", "2026-11-23T09:30:00Z"},
		{"a named zone", `{}`, "2026-11-23T10:30[Europe/Berlin]", "2026-11-23T09:30:00Z"},
		{"UTC in words", `{}`, "2026-11-23 09:30:00 UTC", "2026-11-23T09:30:00Z"},
		{"serial date in a CSV", `{}`, "46349.4", refused},
		{"before 1970", `{}`, "1969-12-30", refused},
		{"month 13", `{}`, "2026-13-01", refused},
		{"negative", `{}`, "-1795426200", refused},
		{"word", `{}`, "yesterday", refused},
	} {
		m := mustParse(t, `{"format":`+c.format+`,"defaults":{"event_name":"Lead"},"columns":{"event_time":{"index":0}}}`)
		got := refused
		if seconds, ok := m.format.timestamp([]byte(c.text), false, false, berlin); ok {
			got = time.Unix(seconds, 0).UTC().Format(time.RFC3339)
		}
		if got != c.want {
			t.Errorf("%s: %q is %s, want %s", c.name, c.text, got, c.want)
		}
		r := rows(t, m, CSV, []byte(c.text+"\n"))[0]
		if (r.Err != nil) != (c.want == refused) {
			t.Errorf("%s: Split says %v", c.name, r.Err)
		}
		if r.Err == nil {
			if e := mapped(t, m, r.Item); time.Unix(e.Time, 0).UTC().Format(time.RFC3339) != c.want {
				t.Errorf("%s: Map says %d", c.name, e.Time)
			}
		}
	}
}

// TestSerialDates are those of spreadsheets, which have no zone; old Macs count from 1904.
func TestSerialDates(t *testing.T) {
	f := newFormat()
	for _, c := range []struct {
		text     string
		date1904 bool
		want     string
	}{
		{"46349", false, "2026-11-22T23:00:00Z"},
		{"46349.4375", false, "2026-11-23T09:30:00Z"},
		{"46349.437499999", false, "2026-11-23T09:30:00Z"},
		{"44887.4375", true, "2026-11-23T09:30:00Z"},
		{"46226.4375", false, "2026-07-23T08:30:00Z"}, // summer time
		{"25568", false, refused},
		{"0.4375", false, refused},
		{"2958467", false, refused},
		{"NaN", false, refused},
		{"1795426200", true, "2026-11-23T09:30:00Z"}, // seconds are seconds
	} {
		got := refused
		if seconds, ok := f.timestamp([]byte(c.text), true, c.date1904, berlin); ok {
			got = time.Unix(seconds, 0).UTC().Format(time.RFC3339)
		}
		if got != c.want {
			t.Errorf("%s (1904: %s): %s, want %s", c.text, strconv.FormatBool(c.date1904), got, c.want)
		}
	}
}

// TestNoTimeIsTheArrivals: without a column of it the event has none, and what follows decides; a bad one refuses the row.
func TestNoTimeIsTheArrivals(t *testing.T) {
	m := mustParse(t, `{"defaults":{"event_name":"Lead"},"columns":{"user_data.em":{"index":0}}}`)
	if e := mapped(t, m, rows(t, m, CSV, []byte("a@example.com\n"))[0].Item); e.TimeSet {
		t.Error("a row without a time has one")
	}
}
