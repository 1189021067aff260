package mapping

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDecimal(t *testing.T) {
	for in, want := range map[string]string{
		`59.9`: "59.9", `"142.52"`: "142.52", `"+5"`: "5", `".5"`: "0.5", `"-0.50"`: "-0.50", `"007"`: "7", `" 5 "`: "5", `"5."`: "5",
		`"1,5"`: "1.5", `"5 EUR"`: "5", `"$1,234.50"`: "1234.50", `"1.234,50 €"`: "1234.50", `"1e3"`: "1000", `1.5e2`: "150", `1e400`: "1e400",
		`"1.234"`: "1.234", `"1,234"`: "", `"$1.234"`: "", `"1.2.3"`: "", `""`: "", `"."`: "", `true`: "", `"about 20"`: "", `["5"]`: "",
	} {
		if got := string(new(Output).Decimal([]byte(in))); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

// TestValueSaysCurrency: a currency beside the amount is the event's, unless the event says one.
func TestValueSaysCurrency(t *testing.T) {
	for _, c := range []struct{ said, value, currency string }{
		{"", `"5 €"`, "EUR"}, {"", `"$5"`, ""}, {"", `"5"`, ""}, {"USD", `"5 €"`, "USD"}, {"", `"five EUR"`, ""}, {"", `"PLN 5,00"`, "PLN"},
	} {
		o := new(Output)
		o.Event.Custom.Currency = []byte(c.said)
		if o.SetValue([]byte(c.value)); string(o.Event.Custom.Currency) != c.currency {
			t.Errorf("%s beside %q: %q, want %q", c.value, c.said, o.Event.Custom.Currency, c.currency)
		}
	}
}

// TestUnreadValue: beside a value that could not be read none is made up; absent is not unreadable.
func TestUnreadValue(t *testing.T) {
	for value, want := range map[string]struct {
		value   string
		dropped int
	}{
		`"20"`: {"20", 0}, `null`: {"10", 0}, `""`: {"10", 0}, `{}`: {"10", 0}, `"undefined"`: {"10", 1}, `"N/A"`: {"10", 1},
		`"about 20"`: {"", 1}, `"NaN"`: {"", 1}, `"1,234"`: {"", 1}, `true`: {"", 1}, `{"amount":20}`: {"", 1},
	} {
		o := new(Output)
		o.ReadContents([]byte(`{"id":"a","quantity":2,"item_price":"5"}`))
		o.SetValue([]byte(value))
		o.SetCartValue(&Input{Currency: "EUR"})
		if got := string(o.Event.Custom.Value); got != want.value || len(o.Dropped) != want.dropped {
			t.Errorf("%s: %q %v, want %q", value, got, o.Dropped, want.value)
		}
	}
}

func TestMinorValue(t *testing.T) {
	for in, want := range map[string]string{
		`1990`: "19.90", `"1990"`: "19.90", `1990.0`: "19.90", `1.99e3`: "19.90", `5`: "0.05", `-5`: "-0.05", `0`: "0.00",
		`19.90`: "", `"19.95"`: "", `"x"`: "", `true`: "",
	} {
		o := new(Output)
		if o.SetMinorValue([]byte(in), 2); string(o.Event.Custom.Value) != want || o.LacksValue() {
			t.Errorf("%s: %q, want %q (%t)", in, o.Event.Custom.Value, want, o.LacksValue())
		}
	}
}

func TestEventTime(t *testing.T) {
	for in, want := range map[string]int64{
		`1795426200`: 1795426200, `"1795426200"`: 1795426200, `1795426200.9`: 1795426200, `1795426200123`: 1795426200,
		`1795426200123456`: 1795426200, `1795426200123456789`: 1795426200, `"1970-01-01T01:00:05+01:00"`: 5, `null`: 0, `""`: 0,
		`"yesterday"`: -1, `-5`: -1, `0`: -1, `true`: -1, `{}`: 0, `"2026-13-01T00:00:00Z"`: -1, `"2026-11-23T10:30:00"`: 1795426200,
		`"2026-11-23T10:30:00+0100"`: 1795426200, `"2026-11-23 04:30:00.5-0500"`: 1795426200, `"2026-11-23T09:30:00Z"`: 1795426200,
	} {
		o := new(Output)
		o.ReadTime(time.FixedZone("", 3600), []byte(in))
		if unread := o.NeedReadTime("when") != nil; unread != (want == -1) || o.Event.Time != max(want, 0) || o.Event.TimeSet != (want > 0) ||
			len(o.Dropped) > 0 != unread {
			t.Errorf("%s: %d (%v) %v %v, want %d", in, o.Event.Time, o.Event.TimeSet, unread, o.Dropped, want)
		}
	}
}

// TestNextTime: a time that cannot be read is dropped, and the next one counts; what was read before stays.
func TestNextTime(t *testing.T) {
	bad, good, later := []byte(`"yesterday"`), []byte(`"2026-11-23T09:30:00Z"`), []byte(`1795426999`)
	for _, c := range []struct {
		times   [][]byte
		want    int64
		dropped int
	}{
		{[][]byte{good, later}, 1795426200, 0},
		{[][]byte{bad, good, later}, 1795426200, 1},
		{[][]byte{nil, []byte(`""`), good}, 1795426200, 0},
		{[][]byte{bad, bad}, 1795426200 + 5, 2},
		{nil, 1795426200 + 5, 0},
	} {
		o := new(Output)
		o.ReadTime(nil, c.times...)
		o.ReadTime(nil)
		o.DefaultTime(time.Unix(1795426200+5, 0))
		if o.Event.Time != c.want || len(o.Dropped) != c.dropped || o.NeedReadTime("when") != nil {
			t.Errorf("%s: %d %v, want %d", c.times, o.Event.Time, o.Dropped, c.want)
		}
	}
	o := new(Output)
	o.ReadTime(nil, good)
	if o.ReadTime(nil, bad); o.Event.Time != 1795426200 || len(o.Dropped) != 1 {
		t.Errorf("a bad time behind a good one: %d %v", o.Event.Time, o.Dropped)
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
	o.ReadCustom([]byte(`{"value":"five EUR","contents":["x",{"id":7,"quantity":"2","price":1.5}],"content_ids":[1,"b",null,{}],"order_id":12,"own":"x","none":null}`))
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
