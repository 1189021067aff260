package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDecimal(t *testing.T) {
	for in, want := range map[string]string{
		`59.9`: "59.9", `"142.52"`: "142.52", `"+5"`: "5", `".5"`: "0.5", `"-0.50"`: "-0.50", `"007"`: "7", `" 5 "`: "5", `"5."`: "5",
		`"1,5"`: "", `"5 EUR"`: "", `"1.2.3"`: "", `""`: "", `"."`: "", `true`: "", `"1e3"`: "",
	} {
		if got := string(new(Output).Decimal([]byte(in))); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestEventTime(t *testing.T) {
	for in, want := range map[string]int64{
		`1795426200`: 1795426200, `"1795426200"`: 1795426200, `1795426200.9`: 1795426200, `1795426200123`: 1795426200,
		`1795426200123456`: 1795426200, `1795426200123456789`: -1, `"1970-01-01T01:00:05+01:00"`: 5, `null`: 0, `""`: 0,
		`"yesterday"`: -1, `-5`: -1, `true`: -1, `{}`: 0, `"2026-13-01T00:00:00Z"`: -1,
	} {
		o := new(Output)
		err := o.ReadTime([]byte(in))
		if (err != nil) != (want == -1) || err == nil && o.Event.Time != want || o.Event.TimeSet != (want > 0) {
			t.Errorf("%s: %d (%v) %v, want %d", in, o.Event.Time, o.Event.TimeSet, err, want)
		}
	}
}

// TestEventTimeZones: with or without a colon, T or a blank, as Graph, PHP and databases write them.
func TestEventTimeZones(t *testing.T) {
	for in, want := range map[string]int64{
		`"2026-11-23T10:30:00+0100"`: 1795426200, `"2026-11-23T10:30:00+01:00"`: 1795426200, `"2026-11-23T09:30:00Z"`: 1795426200,
		`"2026-11-23 10:30:00+01:00"`: 1795426200, `"2026-11-23 04:30:00.5-0500"`: 1795426200, `"2026-11-23 09:30:00"`: 0, `"2026-11-23T10:30:00+1"`: 0,
	} {
		o := new(Output)
		if err := o.ReadTime([]byte(in)); (err != nil) != (want == 0) || o.Event.Time != want {
			t.Errorf("%s: %d %v", in, o.Event.Time, err)
		}
	}
}

func TestGAClient(t *testing.T) {
	for in, want := range map[string]string{
		"GA1.1.1098115397.1795000000": "1098115397.1795000000", "GA1.2-2.1098.1795": "1098.1795",
		"GA1.1098": "", "GS1.1.5.6": "", "": "",
	} {
		if got := string(GAClientID([]byte(in))); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestCookies(t *testing.T) {
	o := new(Output)
	o.cookies([]byte("a; _fbp=first;_fbp=second ; _fbc=; _fbi=2001:db8::1; _ga=GA1.1.5.6"))
	got := []string{string(o.Browser.Fbp), string(o.Browser.Fbc), string(o.Browser.CookieIP), string(o.People.GAClient)}
	if diff := cmp.Diff([]string{"first", "", "2001:db8::1", "5.6"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestCustomDrops: what cannot be read is left out by a name of the closed lists, the rest stays.
func TestCustomDrops(t *testing.T) {
	o := new(Output)
	o.ReadCustom([]byte(`{"value":"5 EUR","contents":["x",{"id":7,"quantity":"2","price":1.5}],"content_ids":[1,"b",null,{}],"order_id":12,"own":"x","none":null}`))
	want := []Dropped{{FieldValue, Malformed}, {FieldContents, Malformed}, {FieldContentIDs, Malformed}, {FieldContentIDs, Malformed}}
	if diff := cmp.Diff(want, o.Dropped); diff != "" {
		t.Error(diff)
	}
	c := o.Event.Custom
	if len(c.Contents) != 1 || string(c.Contents[0].ID) != "7" || string(c.Contents[0].Quantity) != "2" || string(c.Contents[0].ItemPrice) != "1.5" {
		t.Errorf("contents %s", c.Contents)
	}
	var got []string
	for _, m := range c.Members {
		got = append(got, string(m.Key)+"="+string(m.Value))
	}
	if diff := cmp.Diff([]string{`content_ids=["1","b"]`, `order_id="12"`, `own="x"`}, got); diff != "" {
		t.Error(diff)
	}
}
