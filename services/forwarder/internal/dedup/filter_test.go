package dedup

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestFilterModel holds the filter against a list of the last records.
func TestFilterModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(0, 300).Draw(t, "size")
		f := NewFilter(size)
		if size > 0 && size <= firstRing {
			f.next -= rapid.Uint32Range(0, 100).Draw(t, "records before numbers wrap")
		}
		ids := rapid.IntRange(1, 2*size+1).Draw(t, "ids")
		var last []int
		for range rapid.IntRange(0, 1000).Draw(t, "records") {
			if rapid.IntRange(0, 9).Draw(t, "skip") == 0 {
				f.Skip()
				last = append(last, -1)
			} else {
				id := rapid.IntRange(0, ids).Draw(t, "id")
				f.Prefetch([]uint64{f.Hash([]byte("n"), []byte{byte(id), byte(id >> 8)})})
				got := f.Add(f.Hash([]byte("n"), []byte{byte(id), byte(id >> 8)}))
				if want := slices.Contains(last[max(0, len(last)-size):], id); got != want {
					t.Fatalf("known %v, want %v: %v, %d", got, want, last, id)
				}
				last = append(last, id)
			}
			if f != nil && len(f.ring) > max(firstRing, 2*size) {
				t.Fatalf("room for %d records, want at most twice %d", len(f.ring), size)
			}
		}
	})
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
