package capi

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/identity"
)

// filled is user_data as AppendEvent writes it.
func filled(h *Hashed) string { return strings.TrimPrefix(string(appendUser(nil, h)), `,"user_data":`) }

const (
	digestOfJane  = "8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d" // jane@example.com
	digestOfOther = "abababababababababababababababababababababababababababababababab"
)

func TestHashedFill(t *testing.T) {
	type value struct {
		key  identity.Key
		form identity.Form
		text string
	}
	tests := []struct {
		name    string
		values  []value
		want    string
		dropped []string
	}{
		{"nobody", nil, `{}`, nil},
		{"normalized, then hashed", []value{{identity.Em, identity.Auto, " JANE@example.com"}}, `{"em":["` + digestOfJane + `"]}`, nil},
		{
			"a list, in order, without repeats after hashing",
			[]value{{identity.Em, 0, digestOfOther}, {identity.Em, 0, "jane@example.com"}, {identity.Em, 0, "Jane@Example.com"}, {identity.Em, 0, strings.ToUpper(digestOfOther)}},
			`{"em":["` + digestOfOther + `","` + digestOfJane + `"]}`,
			[]string{"em duplicate", "em duplicate"},
		},
		{
			"the suffix makes no other value",
			[]value{{identity.Em, 0, digestOfOther + ".AQQCAQMC"}, {identity.Em, 0, digestOfOther}},
			`{"em":["` + digestOfOther + `.AQQCAQMC"]}`,
			[]string{"em duplicate"},
		},
		{"a repeat of another key is none", []value{{identity.Fn, 0, digestOfOther}, {identity.Ln, 0, digestOfOther}}, `{"fn":["` + digestOfOther + `"],"ln":["` + digestOfOther + `"]}`, nil},
		{
			"keys in the order in which they first came",
			[]value{{identity.Fbp, 0, "fb.1.1795426200000.1"}, {identity.Em, 0, "jane@example.com"}, {identity.AnonID, 0, "a"}, {identity.Em, 0, digestOfOther}},
			`{"fbp":"fb.1.1795426200000.1","em":["` + digestOfJane + `","` + digestOfOther + `"],"anon_id":"a"}`, nil,
		},
		{
			"of one value the first that is good",
			[]value{{identity.LeadID, 0, "12"}, {identity.LeadID, 0, "123456789012345"}, {identity.LeadID, 0, "13"}, {identity.LeadID, 0, "123456789012346"}},
			`{"lead_id":123456789012345}`,
			[]string{"lead_id malformed"},
		},
		{"a hashed key of one value is a text", []value{{identity.Fi, identity.DeclaredHashed, digestOfOther}}, `{"fi":"` + digestOfOther + `"}`, nil},
		{
			"what is nothing, none or not public",
			[]value{{identity.Em, 0, " "}, {identity.Ph, 0, "call me"}, {identity.ClientIPAddress, 0, "10.0.0.1"}},
			`{}`,
			[]string{"em empty", "ph malformed", "client_ip_address private"},
		},
		{"the hash of nothing", []value{{identity.Em, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}, `{}`, []string{"em empty"}},
		{"32 digits are hashed unless declared", []value{{identity.ExternalID, 0, digestOfOther[:32]}}, `{"external_id":["d2f9fa9d99bb30b2b67fc6b0ea2694f345c0961596e0fd82561010b4f7570c2d"]}`, nil},
		{"declared", []value{{identity.ExternalID, identity.DeclaredHashed, digestOfOther[:32]}}, `{"external_id":["` + digestOfOther[:32] + `"]}`, nil},
	}
	var h Hashed // reused: nothing of the test before may show
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var u User
			for _, v := range tt.values {
				u.Values = append(u.Values, Value{Key: v.key, Form: v.form, Text: []byte(v.text)})
			}
			var dropped []string
			h.Fill(&u, nil, func(k identity.Key, d identity.Drop) { dropped = append(dropped, k.String()+" "+d.String()) })
			if got := filled(&h); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if diff := cmp.Diff(tt.dropped, dropped); diff != "" {
				t.Error(diff)
			}
			h.Fill(&u, nil, nil) // nobody is told
			if got := filled(&h); got != tt.want {
				t.Errorf("the second time %s", got)
			}
		})
	}
}

// TestHashedReadsByCountry: a national number is read as the source's country says, the event's own before it.
func TestHashedReadsByCountry(t *testing.T) {
	var e164, german, french Hashed
	fill := func(h *Hashed, text string, c *identity.Context) string {
		var u User
		u.Add(identity.Ph, identity.Auto, []byte(text))
		h.Fill(&u, c, nil)
		return string(h.First(identity.Ph))
	}
	want := fill(&e164, "+4930123456", nil)
	if got := fill(&german, "030 123456", &identity.Context{DefaultCountry: "de"}); got != want || want == "" {
		t.Errorf("by default %s, want %s", got, want)
	}
	if got := fill(&french, "030 123456", &identity.Context{Country: "de", DefaultCountry: "fr"}); got != want {
		t.Errorf("by the event's own country %s, want %s", got, want)
	}
}

func TestHashedHasFirstMaskRemove(t *testing.T) {
	var u User
	u.Add(identity.Em, identity.Auto, []byte("jane@example.com"))
	u.Add(identity.Fbp, identity.Auto, []byte("fb.1.1795426200000.1"))
	u.Add(identity.Em, identity.Auto, []byte(digestOfOther))
	u.Add(identity.Ph, identity.Auto, nil) // ignored
	if len(u.Values) != 3 {
		t.Errorf("%d values", len(u.Values))
	}
	var h Hashed
	h.Fill(&u, nil, nil)
	if want := identity.Em.Bit() | identity.Fbp.Bit(); h.Mask() != want {
		t.Errorf("mask %b, want %b", h.Mask(), want)
	}
	if string(h.First(identity.Em)) != digestOfJane || h.First(identity.Ph) != nil {
		t.Errorf("first %s, %s", h.First(identity.Em), h.First(identity.Ph))
	}
	if h.Remove(identity.Ph) {
		t.Error("removes what is not there")
	}
	if !h.Remove(identity.Em) || h.Has(identity.Em) || !h.Has(identity.Fbp) {
		t.Error("does not remove one key, or more than it")
	}
	if got := filled(&h); got != `{"fbp":"fb.1.1795426200000.1"}` {
		t.Errorf("left is %s", got)
	}
	if h.Remove(identity.Em) || !h.Remove(identity.Fbp) || h.Mask() != 0 || filled(&h) != `{}` {
		t.Errorf("at the end %s", filled(&h))
	}
}

// TestPlacesCountry: a value of a place is read by the place's country, others by the event's, and nothing is allocated.
func TestPlacesCountry(t *testing.T) {
	var u User
	u.AddFrom(identity.Ph, identity.Raw, []byte("0664 1234567"), "at")
	u.Add(identity.Ph, identity.Raw, []byte("030 12345678"))
	u.AddFrom(identity.Zp, identity.Raw, []byte("2139"), "us")
	u.AddFrom(identity.Country, identity.Raw, []byte("at"), "")
	var h Hashed
	c := &identity.Context{Country: "de"}
	fill := func() { h.Fill(&u, c, func(k identity.Key, d identity.Drop) { t.Errorf("%s %s", k, d) }) }
	fill()
	got := h.all(identity.Ph)
	for i, want := range []string{"436641234567", "493012345678"} {
		digest, _ := identity.Append(nil, identity.Ph, []byte("+"+want), identity.Raw, nil)
		if string(got[i]) != string(digest) {
			t.Errorf("phone %d is not %s", i, want)
		}
	}
	if digest, _ := identity.Append(nil, identity.Zp, []byte("02139"), identity.Raw, nil); string(h.First(identity.Zp)) != string(digest) {
		t.Error("the zip was not read by its own country")
	}
	if n := testing.AllocsPerRun(100, fill); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
