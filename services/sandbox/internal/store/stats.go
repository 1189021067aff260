package store

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"math/big"
	"strings"
)

// Stats are the figures of the whole sandbox or of one dataset.
type Stats struct {
	Requests         int                    `json:"requests"`
	AcceptedRequests int                    `json:"accepted_requests"`
	Events           int                    `json:"events"`
	UniqueEvents     int                    `json:"unique_events"`
	DuplicateEvents  int                    `json:"duplicate_events"` // name and id were accepted before
	ValueByCurrency  map[string]json.Number `json:"value_by_currency"`
}

// All holds the figures of the whole sandbox and those of each dataset, by id.
type All struct {
	Total    Stats            `json:"total"`
	Datasets map[string]Stats `json:"datasets"`
}

// Stats returns the figures as they are now.
func (s *Store) Stats() All {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := All{Total: s.total.stats(), Datasets: map[string]Stats{}}
	for id, t := range s.datasets {
		all.Datasets[id] = t.stats()
	}
	return all
}

// seen are the events accepted before, by their hashes, so that millions of them take little room.
type seen map[[16]byte]struct{}

// add says whether an event of that dataset, name and id was accepted before. One without an id never was.
func (s seen) add(e *Event) (again bool) {
	if e.ID == "" {
		return false
	}
	text := make([]byte, 0, 128)
	for _, part := range []string{e.Dataset, e.Name, e.ID} {
		text = append(binary.AppendUvarint(text, uint64(len(part))), part...)
	}
	sum := sha256.Sum256(text)
	key := [16]byte(sum[:16])
	_, again = s[key]
	s[key] = struct{}{}
	return again
}

// counter counts the events of one dataset, or of all.
type counter struct {
	Stats
	values map[string]*big.Rat
}

func newCounter() *counter { return &counter{values: map[string]*big.Rat{}} }

func (c *counter) add(e *Event, again bool) {
	c.Events++
	if again {
		c.DuplicateEvents++
	} else {
		c.UniqueEvents++
	}
	v, ok := new(big.Rat).SetString(e.Value)
	if !ok {
		return
	}
	sum := c.values[e.Currency]
	if sum == nil {
		sum = new(big.Rat)
		c.values[e.Currency] = sum
	}
	sum.Add(sum, v)
}

func (c *counter) stats() Stats {
	s := c.Stats
	s.ValueByCurrency = map[string]json.Number{}
	for currency, sum := range c.values {
		s.ValueByCurrency[currency] = json.Number(decimal(sum))
	}
	return s
}

// decimal writes a sum of money exactly, for amounts have at most nine decimal places.
func decimal(r *big.Rat) string {
	text := r.FloatString(9)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}
