package store

import (
	"encoding/json"
	"math/big"
	"strings"
)

// Stats is the figures of the sandbox or of one dataset.
type Stats struct {
	Requests         int                    `json:"requests"`
	AcceptedRequests int                    `json:"accepted_requests"`
	Events           int                    `json:"events"`
	UniqueEvents     int                    `json:"unique_events"`
	DuplicateEvents  int                    `json:"duplicate_events"` // name and id were accepted before
	ValueByCurrency  map[string]json.Number `json:"value_by_currency"`
}

// All is the figures in total and by dataset id.
type All struct {
	Total    Stats            `json:"total"`
	Datasets map[string]Stats `json:"datasets"`
}

// Stats returns the figures of this moment.
func (s *Store) Stats() All {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := All{Total: s.total.stats(), Datasets: map[string]Stats{}}
	for id, t := range s.datasets {
		all.Datasets[id] = t.stats()
	}
	return all
}

// tally counts; seen is by dataset, for two datasets may share an id without being duplicates.
type tally struct {
	Stats
	seen   map[[3]string]struct{}
	values map[string]*big.Rat
}

func newTally() *tally {
	return &tally{seen: map[[3]string]struct{}{}, values: map[string]*big.Rat{}}
}

func (t *tally) add(e *Event) {
	t.Events++
	key := [3]string{e.Dataset, e.Name, e.ID}
	if _, again := t.seen[key]; again && e.ID != "" {
		t.DuplicateEvents++
	} else {
		t.seen[key] = struct{}{}
		t.UniqueEvents++
	}
	v, ok := new(big.Rat).SetString(e.Value)
	if !ok {
		return
	}
	sum := t.values[e.Currency]
	if sum == nil {
		sum = new(big.Rat)
		t.values[e.Currency] = sum
	}
	sum.Add(sum, v)
}

func (t *tally) stats() Stats {
	s := t.Stats
	s.ValueByCurrency = map[string]json.Number{}
	for currency, sum := range t.values {
		s.ValueByCurrency[currency] = json.Number(decimal(sum))
	}
	return s
}

// decimal writes a sum of decimals exactly: money has no more than nine places.
func decimal(r *big.Rat) string {
	text := r.FloatString(9)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}
