package mapping

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestTexts: what Text, Bit, IsEmpty and SetText make of each kind of value.
func TestTexts(t *testing.T) {
	for _, c := range []struct {
		value, text, bit string
		empty            bool
		taken            string
		dropped          bool
	}{
		{`"a"`, "a", "", false, "a", false},
		{`"\u0061"`, "a", "", false, "a", false},
		{`""`, "", "", true, "", false},
		{`null`, "", "", true, "", false},
		{``, "", "", true, "", false},
		{`7`, "7", "", false, "", true},
		{`1`, "1", "1", false, "", true},
		{`"0"`, "0", "0", false, "0", false},
		{`true`, "", "1", false, "", true},
		{`false`, "", "0", false, "", true},
		{`"TRUE"`, "TRUE", "1", false, "TRUE", false},
		{`"False"`, "False", "0", false, "False", false},
		{`"yes"`, "yes", "", false, "yes", false},
		{`[]`, "", "", true, "", true},
		{"[ \t\r\n]", "", "", true, "", true},
		{`{}`, "", "", true, "", true},
		{`{"a":1}`, "", "", false, "", true},
		{`[0]`, "", "", false, "", true},
	} {
		o := new(Output)
		var taken []byte
		o.SetText(&taken, FieldEvent, []byte(c.value))
		if got := string(o.Text([]byte(c.value))); got != c.text {
			t.Errorf("text %s: %q", c.value, got)
		}
		if got := string(o.Bit([]byte(c.value))); got != c.bit {
			t.Errorf("bit %s: %q", c.value, got)
		}
		if IsEmpty([]byte(c.value)) != c.empty {
			t.Errorf("%s: empty is %v", c.value, !c.empty)
		}
		if string(taken) != c.taken || (len(o.Dropped) == 1) != c.dropped {
			t.Errorf("take %s: %q, dropped %v", c.value, taken, o.Dropped)
		}
	}
	kept := []byte("kept")
	o := new(Output)
	o.SetText(&kept, FieldEvent, []byte(`""`))
	if string(kept) != "kept" {
		t.Error("an empty text overwrites")
	}
}

// TestKeys: escapes of a member's name go, and texts that were made before stay what they were.
func TestKeys(t *testing.T) {
	o := new(Output)
	first, second := o.Key([]byte(`a\u0062"`[:7])), o.Key([]byte(`q\"`))
	third := o.Quoted([]byte(`a"b`))
	got := []string{string(first), string(second), string(third), string(o.Key([]byte("plain")))}
	if diff := cmp.Diff([]string{"ab", `q"`, `"a\"b"`, "plain"}, got); diff != "" {
		t.Error(diff)
	}
	for _, c := range [][2]string{{" \t a \t", "a"}, {"a b", "a b"}, {" \t ", ""}, {"", ""}} {
		if got := string(Trim([]byte(c[0]))); got != c[1] {
			t.Errorf("trim %q: %q", c[0], got)
		}
	}
}

// TestDecimalIsJSON: what Decimal makes of any numeric text is a JSON number of the same value; of any other text an amount or nothing.
func TestDecimalIsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[ ]?[+-]?[0-9]{0,6}\.?[0-9]{0,4}[ ]?|[0-9a-z ,.+-]{0,8}`).Draw(t, "text")
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		got := new(Output).Decimal(quoted)
		if got == nil {
			if _, err := strconv.ParseInt(text, 10, 64); err == nil {
				t.Fatalf("%q is a number", text)
			}
			return
		}
		var v float64
		want, err := strconv.ParseFloat(string(Trim([]byte(text))), 64)
		if json.Unmarshal(got, &v) != nil || err == nil && v != want {
			t.Fatalf("%q became %s (%v, %v)", text, got, want, err)
		}
	})
}

// TestScratch: what is written to the scratch stays what it was, however much is written after it.
func TestScratch(t *testing.T) {
	var s Scratch
	joined := s.Keep([]byte("https://"), []byte("shop"), nil, []byte("/"))
	list := s.List()
	list.Add([]byte(`"a"`))
	list.AddText([]byte(`b"`))
	whole, none := list.End(), s.List().End()
	for range 100 {
		s.Quoted([]byte("more"))
	}
	got := []string{string(joined), string(whole), string(none), string(append(joined, "x"...)), string(whole)}
	if diff := cmp.Diff([]string{"https://shop/", `["a","b\""]`, "[]", "https://shop/x", `["a","b\""]`}, got); diff != "" {
		t.Error(diff)
	}
}
