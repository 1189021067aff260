package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// placeMember reads a member of a test's address.
func placeMember(key []byte, p *Place, value []byte) {
	switch string(key) {
	case "first":
		p.First = value
	case "last":
		p.Last = value
	case "phone":
		p.Phone = value
	case "zip":
		p.Zip = value
	case "country":
		p.Country = value
	}
}

// TestPlaces: a phone is read by its own place's country, both names are one person's, and a word for nothing lets the next
// place speak.
func TestPlaces(t *testing.T) {
	for _, c := range []struct {
		name, bill, ship string
		want             []string
	}{
		{"the payer's", `{"first":"Jane","last":"Doe","phone":"1","zip":"2","country":"DE"}`, `{"first":"Max","phone":"3","country":"AT"}`, []string{"ph=1 de", "fn=Jane", "ln=Doe", "zp=2 de", "country=DE de"}},
		{"the parcel's phone", `{"first":"Jane","zip":"2","country":"Germany"}`, `{"last":"Muster","phone":"3","country":"AUT"}`, []string{"ph=3 at", "fn=Jane", "zp=2 de", "country=Germany de"}},
		{"no country", `{"phone":"1"}`, `{"last":"Muster","zip":"7"}`, []string{"ph=1", "ln=Muster", "zp=7"}},
		{"words", `{"first":"undefined","last":"null","phone":"N/A","zip":"-","country":"null"}`, `{"first":"Max","phone":"3","zip":"7","country":"AT"}`, []string{"ph=3 at", "fn=Max", "zp=7 at", "country=AT at"}},
		{"nothing", `{}`, `null`, []string{}},
		{"only words", `{"phone":"undefined"}`, `{"phone":"null","first":"null"}`, []string{"ph=null", "fn=null"}},
	} {
		o := new(Output)
		bill, ship := o.ReadPlace([]byte(c.bill), placeMember), o.ReadPlace([]byte(c.ship), placeMember)
		o.AddPhone(&bill, &ship)
		o.AddName(&bill, &ship)
		o.AddPlace(FirstPlace(&bill, &ship))
		got := []string{}
		for _, v := range o.Event.User.Values {
			text := v.Key.String() + "=" + string(v.Text)
			if v.Country[0] != 0 {
				text += " " + string(v.Country[:])
			}
			got = append(got, text)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// TestFirstSays: a word for nothing is the first of values only if no other says anything.
func TestFirstSays(t *testing.T) {
	for _, c := range []struct {
		values [][]byte
		want   string
	}{
		{[][]byte{nil, []byte(`""`), []byte(`"undefined"`), []byte(`"jane"`)}, `"jane"`},
		{[][]byte{[]byte(`"undefined"`), []byte(`null`), []byte(`"N/A"`)}, `"undefined"`},
		{[][]byte{[]byte(`0`), []byte(`1`)}, `0`},
		{[][]byte{nil, []byte(`null`)}, ``},
	} {
		if got := First(c.values...); string(got) != c.want {
			t.Errorf("First(%q) is %s, want %s", c.values, got, c.want)
		}
	}
}
