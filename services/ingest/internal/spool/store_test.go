package spool

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// model is what a store should hold.
type model struct{ queue, aside []string }

// TestStoreModel: over puts, settlements, renewals and restarts a store holds what a list would, in that order, and knows how
// much it is.
func TestStoreModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp(memory(), "spool") //nolint:usetesting // each case has its own, in memory
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		s, held, err := openStore(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.close() }()
		var m model
		n := 0
		must := func(h holding, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			held = h
		}
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				var values [][]byte
				for range rapid.IntRange(1, 8).Draw(t, "records") {
					r := event("p.events.website", fmt.Sprint("e", n))
					r.Value = append(r.Value, make([]byte, rapid.SampledFrom([]int{0, 100, 3000, 9000}).Draw(t, "more"))...)
					values = append(values, appendRecord(nil, &r))
					m.queue = append(m.queue, fmt.Sprint("e", n))
					n++
				}
				must(s.put(values))
			},
			"settle": func(t *rapid.T) {
				from, list := queued, &m.queue
				if rapid.Bool().Draw(t, "of those aside") {
					from, list = setAside, &m.aside
				}
				items, err := s.read(from, 0, rapid.IntRange(1, 30).Draw(t, "events"), 200000)
				if err != nil {
					t.Fatal(err)
				}
				var aside, left []string
				var doneItems, asideItems []item
				for i, it := range items {
					id := (*list)[i]
					switch rapid.IntRange(0, 2).Draw(t, "end") {
					case 0:
						doneItems = append(doneItems, it)
					case 1:
						if from == queued {
							aside, asideItems = append(aside, id), append(asideItems, it)
							continue
						}
						left = append(left, id)
					default:
						left = append(left, id)
					}
				}
				*list = append(left, (*list)[len(items):]...)
				m.aside = append(m.aside, aside...)
				must(s.settle(from, doneItems, asideItems))
			},
			"renew": func(t *rapid.T) {
				if err := s.renew(); err != nil {
					t.Fatal(err)
				}
			},
			"restart": func(t *rapid.T) {
				if err := s.close(); err != nil {
					t.Fatal(err)
				}
				s, held, err = openStore(dir)
				if err != nil {
					t.Fatal(err)
				}
			},
			"": func(t *rapid.T) {
				slices.SortFunc(m.aside, func(a, b string) int { // by their numbers, which are those of their arrival
					return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
				})
				for _, p := range places {
					want := map[place][]string{queued: m.queue, setAside: m.aside}[p]
					items, err := s.read(p, 0, 1<<30, 1<<40)
					if err != nil {
						t.Fatal(err)
					}
					var got []string
					var sum totals
					for _, it := range items {
						r, err := decodeRecord(it.value)
						if err != nil {
							t.Fatal(err)
						}
						got = append(got, idOf(&r))
						sum.events++
						sum.bytes += weight(it.value)
					}
					if diff := gocmp.Diff(want, got); len(want)+len(got) > 0 && diff != "" {
						t.Fatalf("%s: %s", p, diff)
					}
					if *held.in(p) != sum {
						t.Fatalf("%s: %+v known, %+v there", p, *held.in(p), sum)
					}
				}
			},
		})
		if _, err := os.Stat(filepath.Join(dir, recordsFile)); err != nil {
			t.Fatal(err)
		}
	})
}

// memory is a folder in memory, if there is one: that a disk is slow is not the subject.
func memory() string {
	if _, err := os.Stat("/dev/shm"); err != nil {
		return ""
	}
	return "/dev/shm"
}
