package store_test

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/services/sandbox/internal/store"
)

func TestStats(t *testing.T) {
	s := store.New(0)
	s.Requested("1")
	s.Accept("1", []store.Event{
		{Dataset: "1", ID: "a", Name: "Purchase", Value: "0.1", Currency: "USD"},
		{Dataset: "1", ID: "b", Name: "Purchase", Value: "0.2", Currency: "USD"},
		{Dataset: "1", ID: "a", Name: "Lead"},
	})
	s.Requested("2")
	s.Accept("2", []store.Event{{Dataset: "2", ID: "a", Name: "Purchase", Value: "1E2", Currency: "JPY"}})
	s.Requested("1")
	s.Accept("1", []store.Event{{Dataset: "1", ID: "a", Name: "Purchase", Value: "5", Currency: "USD"}})
	s.Requested("1") // refused
	want := store.All{
		Total: store.Stats{
			Requests: 4, AcceptedRequests: 3, Events: 5, UniqueEvents: 4, DuplicateEvents: 1,
			ValueByCurrency: map[string]json.Number{"USD": "5.3", "JPY": "100"},
		},
		Datasets: map[string]store.Stats{
			"1": {
				Requests: 3, AcceptedRequests: 2, Events: 4, UniqueEvents: 3, DuplicateEvents: 1,
				ValueByCurrency: map[string]json.Number{"USD": "5.3"},
			},
			"2": {Requests: 1, AcceptedRequests: 1, Events: 1, UniqueEvents: 1, ValueByCurrency: map[string]json.Number{"JPY": "100"}},
		},
	}
	if d := cmp.Diff(want, s.Stats()); d != "" {
		t.Error(d)
	}
	s.Forget()
	if got := s.Stats(); got.Total.Events != 0 || len(got.Datasets) != 0 {
		t.Errorf("after Forget: %+v", got)
	}
}

func TestEventsFilter(t *testing.T) {
	s := store.New(0)
	s.Accept("1", []store.Event{{Dataset: "1", ID: "a", Name: "Lead"}, {Dataset: "1", ID: "b", Name: "Purchase"}})
	s.Accept("2", []store.Event{{Dataset: "2", ID: "a", Name: "Purchase"}})
	for _, c := range []struct {
		filter store.Filter
		want   int
	}{
		{store.Filter{}, 3},
		{store.Filter{Dataset: "1"}, 2},
		{store.Filter{EventID: "a"}, 2},
		{store.Filter{EventName: "Purchase", Dataset: "1"}, 1},
		{store.Filter{EventID: "c"}, 0},
	} {
		n := 0
		for range s.Events(c.filter) {
			n++
		}
		if n != c.want {
			t.Errorf("%+v: %d events, want %d", c.filter, n, c.want)
		}
	}
}

// TestKeep: of what was accepted the newest are kept, and the figures are of all.
func TestKeep(t *testing.T) {
	s := store.New(3)
	for i := range 20 {
		s.Accept("1", []store.Event{{Dataset: "1", ID: strconv.Itoa(i % 10), Name: "Lead"}})
		var got []string
		for e := range s.Events(store.Filter{}) {
			got = append(got, e.ID)
		}
		var want []string
		for j := max(0, i-2); j <= i; j++ {
			want = append(want, strconv.Itoa(j%10))
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("after %d: %s", i+1, d)
		}
	}
	if got := s.Stats().Total; got.Events != 20 || got.UniqueEvents != 10 || got.DuplicateEvents != 10 {
		t.Errorf("figures: %+v", got)
	}
}
