package dedup

import (
	"encoding/binary"
	"testing"

	"pgregory.net/rapid"
)

// entry is a record as the model keeps it.
type entry struct {
	id, content int
	unproven    bool
	fate        known
}

// model is the rule in its plainest form, over all records.
type model struct {
	size    int
	entries []entry
}

// judge says what entry i is to the size entries before it, and as what it is known from then on.
func (m *model) judge(i, id, content int, unproven, replay bool) (Verdict, int, known) {
	died := map[int]bool{}
	for j := i - 1; j >= max(0, i-m.size) && !replay; j-- {
		e := m.entries[j]
		switch {
		case e.id != id:
		case e.unproven && !unproven: // nobody who guesses an id holds up a proven sender
		case e.fate == deliveredFate:
			return Duplicate, 0, deliveredFate
		case e.fate == open:
			return Undecided, j, open
		case e.fate == dead:
			died[e.content] = true
		case e.content == content && !died[content]:
			return Duplicate, 0, unknown
		}
	}
	return New, 0, open
}

// TestFilterModel holds the filter against the model, with copies of few events that differ or not, replays, and ends in any order.
func TestFilterModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &model{size: rapid.IntRange(1, 300).Draw(t, "size")}
		f := NewFilter(m.size)
		if m.size <= firstRing {
			f.next -= rapid.Uint32Range(0, 100).Draw(t, "records before numbers wrap")
		}
		start := f.next
		ids := rapid.IntRange(0, 2*m.size).Draw(t, "ids")
		draw := func() (int, int, *Copy) {
			id, content := rapid.IntRange(0, ids).Draw(t, "id"), rapid.IntRange(0, 2).Draw(t, "content")
			return id, content, &Copy{Hash: f.Hash([]byte("n"), []byte{byte(id), byte(id >> 8)}), Value: []byte{'v', byte(content)}, Unproven: rapid.Bool().Draw(t, "unproven")}
		}
		for range rapid.IntRange(0, 50).Draw(t, "history") {
			id, content, c := draw()
			f.Remember(c)
			m.entries = append(m.entries, entry{id, content, c.Unproven, unknown})
		}
		var undecided []int
		for range rapid.IntRange(0, 600).Draw(t, "steps") {
			switch step := rapid.IntRange(0, 19).Draw(t, "step"); {
			case step == 0:
				f.Skip()
				m.entries = append(m.entries, entry{-1, 0, false, unknown})
			case step < 6 && len(m.entries) > 0:
				// One of the last ends, as the lane has it: only what is open does. What it decided is judged again.
				i := len(m.entries) - 1 - rapid.IntRange(0, min(len(m.entries), m.size)-1).Draw(t, "ended")
				if m.entries[i].fate != open {
					break
				}
				delivered := rapid.Bool().Draw(t, "delivered")
				m.entries[i].fate = dead
				if delivered {
					m.entries[i].fate = deliveredFate
				}
				f.End(start+uint32(i), delivered)
			case step < 9 && len(undecided) > 0:
				i := undecided[len(undecided)-1]
				undecided = undecided[:len(undecided)-1]
				e := &m.entries[i]
				if e.fate != open || len(m.entries)-i > m.size {
					break
				}
				c := &Copy{Hash: f.Hash([]byte("n"), []byte{byte(e.id), byte(e.id >> 8)}), Value: []byte{'v', byte(e.content)}, Unproven: e.unproven}
				v, first := f.Again(start+uint32(i), c)
				// What the ring has overwritten is not looked at any more.
				look := model{size: min(m.size, len(f.ring)-(len(m.entries)-i)), entries: m.entries}
				want, wantFirst, as := look.judge(i, e.id, e.content, e.unproven, false)
				if v != want || v == Undecided && first != start+uint32(wantFirst) {
					t.Fatalf("again %d: %v behind %d, want %v behind %d", i, v, first-start, want, wantFirst)
				}
				if e.fate = as; v == Undecided {
					undecided = append(undecided, i)
				}
			default:
				id, content, c := draw()
				c.Replay = rapid.IntRange(0, 9).Draw(t, "replay") == 0
				f.Prefetch([]uint64{c.Hash})
				n, v, first := f.Add(c)
				i := len(m.entries)
				want, wantFirst, as := m.judge(i, id, content, c.Unproven, c.Replay)
				if n != start+uint32(i) || v != want || v == Undecided && first != start+uint32(wantFirst) {
					t.Fatalf("record %d (is %d): %v behind %d, want %v behind %d", i, n-start, v, first-start, want, wantFirst)
				}
				m.entries = append(m.entries, entry{id, content, c.Unproven, as})
				if v == Undecided {
					undecided = append(undecided, i)
				}
			}
			if len(f.ring) > max(firstRing, 2*m.size) {
				t.Fatalf("room for %d records, want at most twice %d", len(f.ring), m.size)
			}
		}
	})
}

// TestAgainKnowsWhatDied: a copy that waits is judged again by all that lay before it, what had died included: the event is sent, since the
// copy from before is of those that died once.
func TestAgainKnowsWhatDied(t *testing.T) {
	content := func(f *Filter, content string, replay bool) *Copy {
		return &Copy{Hash: f.Hash([]byte("n"), []byte("i")), Value: []byte(content), Replay: replay}
	}
	t.Run("it waits for another, too", func(t *testing.T) {
		f := NewFilter(10)
		f.Remember(content(f, "b", false))
		other, _, _ := f.Add(content(f, "a", true))
		same, _, _ := f.Add(content(f, "b", true))
		waiting, v, first := f.Add(content(f, "b", false))
		if v != Undecided || first != same {
			t.Fatalf("%v behind %d", v, first)
		}
		f.End(same, false)
		if v, first = f.Again(waiting, content(f, "b", false)); v != Undecided || first != other {
			t.Fatalf("%v behind %d", v, first)
		}
		f.End(other, false)
		if v, _ = f.Again(waiting, content(f, "b", false)); v != New {
			t.Errorf("%v", v)
		}
	})
	t.Run("a replay passes it", func(t *testing.T) {
		f := NewFilter(10)
		f.Remember(content(f, "b", false))
		same, _, _ := f.Add(content(f, "b", true))
		waiting, _, _ := f.Add(content(f, "b", false))
		f.End(same, false)
		if _, v, _ := f.Add(content(f, "b", true)); v != New {
			t.Fatalf("%v", v)
		}
		if v, _ := f.Again(waiting, content(f, "b", false)); v != New {
			t.Errorf("%v", v)
		}
	})
}

// TestNoFilter: a nil filter knows no record.
func TestNoFilter(t *testing.T) {
	f := NewFilter(0)
	for range 2 {
		c := &Copy{Hash: f.Hash([]byte("n"), []byte("i"))}
		f.Remember(c)
		f.Prefetch([]uint64{c.Hash})
		if n, v, _ := f.Add(c); n != 0 || v != New || f.Skip() != 0 {
			t.Errorf("record %d is %v", n, v)
		}
		f.End(0, true)
	}
}

// TestFloodOfRefusedRepeats: the list of an event that is sent and dies again and again stays short.
func TestFloodOfRefusedRepeats(t *testing.T) {
	f := NewFilter(20_000)
	c := &Copy{Hash: f.Hash([]byte("n"), []byte("i")), Value: []byte("v")}
	for range 20_000 {
		n, v, _ := f.Add(c)
		if v != New {
			t.Fatalf("record %d is %v", n, v)
		}
		f.End(n, false)
	}
	length := 0
	for number := f.newest[c.Hash&uint64(len(f.newest)-1)]; f.at(number).before != number && f.at(number).hash == c.Hash && length < 100; length++ {
		number = f.at(number).before
	}
	if length > 3 {
		t.Errorf("the list holds %d records", length)
	}
}

// TestHashKeepsNameAndIDApart: the border between name and id counts, and so does their order; no hash is 0.
func TestHashKeepsNameAndIDApart(t *testing.T) {
	f := NewFilter(10)
	hash := func(name, id string) uint64 { return f.Hash([]byte(name), []byte(id)) }
	seen := map[uint64]string{}
	for _, pair := range [][2]string{{"ab", "c"}, {"a", "bc"}, {"abc", ""}, {"", "abc"}, {"c", "ab"}, {"", ""}, {"a", "a"}, {"b", "b"}} {
		h := hash(pair[0], pair[1])
		if other, known := seen[h]; known || h == 0 {
			t.Errorf("%q has the hash %d of %s", pair, h, other)
		}
		seen[h] = pair[0] + "|" + pair[1]
	}
}

// BenchmarkAdd is one record admitted: new ones, repeats of what was delivered, and, after guesses of its id, a proven one.
func BenchmarkAdd(b *testing.B) {
	for name, guesses := range map[string]int{"no guesses": 0, "a guess before each": 1, "ten guesses before each": 10} {
		b.Run(name, func(b *testing.B) {
			f := NewFilter(20_000)
			id, value := make([]byte, 8), []byte(`{"event_name":"Purchase"}`)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				binary.LittleEndian.PutUint64(id, uint64(i/2)) // each twice
				hash := f.Hash([]byte("Purchase"), id)
				for range guesses {
					f.Add(&Copy{Hash: hash, Value: value, Unproven: true})
				}
				n, v, _ := f.Add(&Copy{Hash: hash, Value: value})
				if v == New {
					f.End(n, true)
				}
			}
		})
	}
}
