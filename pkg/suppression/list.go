// Package suppression is the list of persons whose events are dropped, as every process has it: read whole from a compacted topic at
// the start, and followed. The normalizer asks it of each event, and the forwarder once more before each POST. It refuses to know a
// person by anything but the hashes that Meta would get.
package suppression

import (
	"encoding/hex"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// List is the suppressed persons. A nil List has none. It is safe for concurrent use.
type List struct {
	n       atomic.Int64 // how many there are: mostly none, which costs nothing to know
	mu      sync.RWMutex
	persons map[person]struct{}
}

// person is a kind, by its place in event.SuppressionKinds, and the hash.
type person struct {
	kind int8
	hash [32]byte
}

// NewList returns an empty list.
func NewList() *List { return &List{persons: map[person]struct{}{}} }

// Apply does what a record of the topic says: it adds a person, or takes one off.
func (l *List) Apply(s *event.Suppression) {
	kind := slices.Index(event.SuppressionKinds, s.Kind)
	if kind < 0 {
		return
	}
	p := person{int8(kind), s.Hash}
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.Removed {
		delete(l.persons, p)
	} else {
		l.persons[p] = struct{}{}
	}
	l.n.Store(int64(len(l.persons)))
}

// Len is how many keys of persons are on the list.
func (l *List) Len() int {
	if l == nil {
		return 0
	}
	return int(l.n.Load())
}

// kinds are the keys that can be on the list, in the order of event.SuppressionKinds.
var kinds = [...]identity.Key{identity.Em, identity.Ph, identity.ExternalID}

// Has says whether a value of user_data, hashed as Meta gets it (64 hex digits, with or without PB's suffix), is that of a person on the
// list.
func (l *List) Has(k identity.Key, value []byte) bool {
	const digits = 2 * 32
	if l.Len() == 0 || len(value) < digits || len(value) > digits && value[digits] != '.' {
		return false
	}
	p := person{kind: int8(slices.Index(kinds[:], k))}
	if p.kind < 0 {
		return false
	}
	if _, err := hex.Decode(p.hash[:], value[:digits]); err != nil {
		return false
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	_, has := l.persons[p]
	return has
}

// HasEvent says whether an event of Meta's, as it goes into data[], is of a person on the list, and by which key it is known.
func (l *List) HasEvent(body []byte) (by identity.Key, has bool) {
	if l.Len() == 0 {
		return 0, false
	}
	var scratch []byte
	jsonscan.Object(jsonscan.Get(body, "user_data"), func(key, value []byte) bool {
		at := slices.Index(event.SuppressionKinds, string(jsonscan.Key(key, &scratch)))
		if at < 0 {
			return true
		}
		by = kinds[at]
		if jsonscan.Kind(value) == 's' {
			has = l.Has(by, jsonscan.Text(value, &scratch))
			return !has
		}
		jsonscan.Array(value, func(one []byte) bool {
			has = jsonscan.Kind(one) == 's' && l.Has(by, jsonscan.Text(one, &scratch))
			return !has
		})
		return !has
	})
	return by, has
}
