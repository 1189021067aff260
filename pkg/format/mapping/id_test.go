package mapping

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

func TestIDs(t *testing.T) {
	for _, c := range []struct {
		value, order, product string // "!reason": left out
	}{
		{`"T-1"`, "T-1", "T-1"},
		{`" T-1 "`, "T-1", "T-1"},
		{`1001`, "1001", "1001"},
		{`1001.0`, "1001", "1001"},
		{`1e3`, "1000", "1000"},
		{`"1001.0"`, "1001", "1001"},
		{`"1.2345678E7"`, "12345678", "12345678"},
		{`"1.23457E+11"`, "!malformed", "!malformed"},
		{`1.23457E+11`, "!malformed", "!malformed"},
		{`"00123"`, "00123", "00123"},
		{`"100.50"`, "100.50", "100.50"},
		{`"'1001"`, "1001", "1001"},
		{`"=\"1001\""`, "1001", "1001"},
		{`"undefined"`, "!empty", "!empty"},
		{`"\\N"`, "!empty", "!empty"},
		{`"(not set)"`, "!empty", "!empty"},
		{`"guest"`, "!empty", "!empty"},
		{`"0"`, "!empty", "0"},
		{`0`, "!empty", "0"},
		{`0.0`, "!empty", "0"},
		{`""`, "", ""},
		{`null`, "", ""},
		{`{"a":1}`, "!malformed", "!malformed"},
	} {
		for zero, want := range map[bool]string{false: c.order, true: c.product} {
			var s Scratch
			id, reason := s.ID([]byte(c.value), zero)
			got := string(id)
			if reason != "" {
				got += "!" + reason
			}
			if got != want {
				t.Errorf("%s (zero %t): %q, want %q", c.value, zero, got, want)
			}
		}
		o := new(Output)
		o.AddString(KeyOrderID, []byte(c.value))
		got := ""
		for _, m := range o.Event.Custom.Members {
			got = string(o.Text(m.Value))
		}
		for _, d := range o.Dropped {
			got = "!" + d.Reason
		}
		if got != c.order {
			t.Errorf("order_id %s: %q, want %q", c.value, got, c.order)
		}
	}
}

// TestPlainIDs: the quick way of ids that are fine is the slow one.
func TestPlainIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ '=]?[0-9]{0,8}(\.0+|E[0-9]{1,2})?`),
			rapid.SampledFrom([]string{"undefined", "0", "null", `\N`, "-", "guest"})).Draw(t, "text")
		value := jsonscan.AppendString(nil, []byte(text))
		if !isPlainID(value) {
			return
		}
		var s Scratch
		if id, reason := s.ID(value, true); string(id) != string(s.Text(value)) || reason != "" {
			t.Fatalf("%s is plain, and becomes %q (%s)", value, id, reason)
		}
	})
}

// TestContentIDs: ids of lists and products alike; what is none is left out by name.
func TestContentIDs(t *testing.T) {
	const list = `["a",7,1001.0,"1.5E3","undefined","00"]`
	o := new(Output)
	o.AddContentIDs(keyContentIDs, []byte(list))
	if got := string(o.Event.Custom.Members[0].Value); got != `["a","7","1001","1500","00"]` {
		t.Error(got)
	}
	if len(o.Dropped) != 1 || o.Dropped[0] != (Dropped{FieldContentIDs, Empty}) {
		t.Error(o.Dropped)
	}
	o.Reset()
	o.ReadContents([]byte(`[{"id":1001.0},{"id":"null"},{"id":"b"}]`))
	if c := o.Event.Custom.Contents; string(c[0].ID) != "1001" || c[1].ID != nil || string(c[2].ID) != "b" {
		t.Error(c)
	}
	if len(o.Dropped) != 1 || o.Dropped[0] != (Dropped{FieldContents, Empty}) {
		t.Error(o.Dropped)
	}
}
