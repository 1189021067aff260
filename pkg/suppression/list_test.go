package suppression

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/record"
)

func listed(kind, text string) *event.Suppression {
	return &event.Suppression{Kind: kind, Hash: sha256.Sum256([]byte(text))}
}

func digits(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func TestHas(t *testing.T) {
	l := NewList()
	l.Apply(listed("em", "jane"))
	l.Apply(listed("ph", "14155550123"))
	l.Apply(&event.Suppression{Kind: "fn"})
	if l.Len() != 2 {
		t.Errorf("%d on the list", l.Len())
	}
	sum := sha256.Sum256([]byte("jane"))
	for _, c := range []struct {
		key   identity.Key
		value string
		want  bool
	}{
		{identity.Em, digits("jane"), true},
		{identity.Em, strings.ToUpper(digits("jane")), true},
		{identity.Em, digits("jane") + ".AQ", true},
		{identity.Ph, digits("14155550123"), true},
		{identity.Ph, digits("jane"), false},           // another kind's
		{identity.Em, digits("john"), false},           // another person's
		{identity.Fn, digits("jane"), false},           // no key of the list
		{identity.Em, digits("jane") + "00", false},    // too long
		{identity.Em, digits("jane")[:62], false},      // too short
		{identity.Em, "g" + digits("jane")[1:], false}, // no hash
		{identity.Em, base64.StdEncoding.EncodeToString(sum[:]), false},
		{identity.Em, "", false},
	} {
		if got := l.Has(c.key, []byte(c.value)); got != c.want {
			t.Errorf("%s %s: %t", c.key, c.value, got)
		}
	}
	if (*List)(nil).Has(identity.Em, []byte(digits("jane"))) || (*List)(nil).Len() != 0 {
		t.Error("no list has somebody")
	}
}

func TestHasEvent(t *testing.T) {
	l := NewList()
	jane, phone, id := digits("jane"), digits("14155550123"), digits("c-77")
	if _, has := l.HasEvent([]byte(`{"user_data":{"em":["` + jane + `"]}}`)); has {
		t.Error("an empty list has somebody")
	}
	l.Apply(listed("em", "jane"))
	l.Apply(listed("ph", "14155550123"))
	l.Apply(listed("external_id", "c-77"))
	other := digits("other")
	for body, by := range map[string]string{
		`{"user_data":{"em":["` + jane + `"]}}`:                                                     "em",
		`{"user_data":{"em":["` + other + `","` + jane + `"]}}`:                                     "em",
		`{"user_data":{"em":"` + jane + `"}}`:                                                       "em",
		`{"user_data":{"em":["` + other + `"],"ph":["` + phone + `.AQ"]}}`:                          "ph",
		`{"event_name":"Lead","user_data":{"fn":"` + jane + `","external_id":["` + id + `"]}}`:      "external_id",
		`{"user_data":{"\u0065m":["\u00` + hex.EncodeToString([]byte(jane[:1])) + jane[1:] + `"]}}`: "em",
		`{"user_data":{"em":["` + other + `"],"ph":[],"external_id":[7,null,{}]}}`:                  "",
		`{"user_data":{"fn":["` + jane + `"]},"custom_data":{"em":["` + jane + `"]}}`:               "",
		`{"user_data":{"ph":["` + jane + `"]}}`:                                                     "",
		`{"user_data":[]}`:                                                                          "", `{}`: "", `[]`: "", ``: "", `{"user_data":{"em":["`: "",
	} {
		got, has := l.HasEvent([]byte(body))
		if has != (by != "") || has && got.String() != by {
			t.Errorf("%s: %t by %s", body, has, got)
		}
	}
}

// TestHistory: over any history of additions and removals, compacted or not, the list is what its last records say.
func TestHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type who struct {
			kind string
			n    byte
		}
		var log []record.Record
		want := map[who]bool{}
		for range rapid.IntRange(0, 60).Draw(t, "records") {
			w := who{rapid.SampledFrom(event.SuppressionKinds).Draw(t, "kind"), rapid.Byte().Draw(t, "person") % 8}
			s := event.Suppression{Kind: w.kind, Hash: sha256.Sum256([]byte{w.n}), Removed: rapid.Bool().Draw(t, "removed")}
			rec, err := s.Record("suppressions")
			if err != nil {
				t.Fatal(err)
			}
			log = append(log, rec)
			if want[w] = true; s.Removed {
				delete(want, w)
			}
		}
		read := func(log []record.Record) map[person]struct{} {
			l := NewList()
			for i := range log {
				s, err := event.DecodeSuppression(&log[i])
				if err != nil {
					t.Fatal(err)
				}
				l.Apply(&s)
			}
			if l.Len() != len(l.persons) {
				t.Fatalf("%d of %d", l.Len(), len(l.persons))
			}
			return l.persons
		}
		last := map[string]int{}
		for i := range log {
			last[string(log[i].Key)] = i
		}
		var compacted []record.Record
		for i := range log {
			if last[string(log[i].Key)] == i && (log[i].Value != nil || rapid.Bool().Draw(t, "tombstone kept")) {
				compacted = append(compacted, log[i])
			}
		}
		whole := read(log)
		if len(whole) != len(want) || !maps.Equal(whole, read(compacted)) {
			t.Fatalf("%d persons, want %d, compacted %d", len(whole), len(want), len(read(compacted)))
		}
		for w := range want {
			l := &List{persons: whole}
			l.n.Store(1)
			key := kinds[slices.Index(event.SuppressionKinds, w.kind)]
			if !l.Has(key, []byte(digits(string([]byte{w.n})))) {
				t.Fatalf("%v is not on the list", w)
			}
		}
	})
}

func TestListAllocatesNothing(t *testing.T) {
	l := NewList()
	l.Apply(listed("em", "jane"))
	body := []byte(`{"event_name":"Lead","user_data":{"em":["` + digits("other") + `"],"ph":["` + digits("1") + `"],"external_id":"` + digits("2") + `"}}`)
	value := []byte(digits("other"))
	if n := testing.AllocsPerRun(100, func() {
		l.Has(identity.Em, value)
		l.HasEvent(body)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzHasEvent(f *testing.F) {
	l := NewList()
	l.Apply(listed("em", "jane"))
	f.Add([]byte(`{"user_data":{"em":["` + digits("jane") + `"]}}`))
	f.Add([]byte(`{"user_data":{"em":"` + digits("jane")))
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, has := l.HasEvent(body); has && !strings.Contains(strings.ToLower(string(body)), "e") {
			t.Error("found in nothing")
		}
	})
}
