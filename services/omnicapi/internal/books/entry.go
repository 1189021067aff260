package books

import (
	"hash/maphash"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// entry is one event.
type entry struct {
	ended    int64  // Unix milliseconds; of its last fate
	value    int64  // millionths
	arrived  uint32 // Unix seconds; of its first record
	died     uint32 // where, as a hash
	repeats  uint32
	channel  name
	source   name
	dataset  name
	event    name
	currency name
	deaths   uint16 // at different places
	replays  uint16
	fate     fate
	pending  bool // a record of it is not consumed yet
}

// fate is how an event ended, as far as is known.
type fate uint8

const (
	none fate = iota
	replayed
	dropped
	dead
	delivered
)

var fates = map[fault.Fate]fate{fault.Delivered: delivered, fault.Dead: dead, fault.Dropped: dropped, fault.Replayed: replayed}

// end notes a fate: a delivery is never undone, of others the later one counts, and of the same time a replay comes first.
func (e *entry) end(f fate, at int64, place uint32) {
	switch f {
	case dead:
		if e.deaths == 0 || e.died != place { // a fate may be written again after a crash
			e.deaths, e.died = e.deaths+1, place
		}
	case replayed:
		e.replays++
	}
	if e.fate == delivered || f != delivered && (at < e.ended || at == e.ended && f == replayed && e.fate != none) {
		return
	}
	e.fate, e.ended = f, at
}

// ending is how the event ended; none: it did not, or was replayed since.
func (e *entry) ending() fate {
	switch {
	case e.fate != replayed:
		return e.fate
	case e.deaths > e.replays: // it died after its replay, by a clock that is behind
		return dead
	}
	return none
}

// state is where the event stands in the books.
type state uint8

const (
	isDelivered state = iota
	isDead
	isDropped
	inFlight
	gap
	states // how many there are
)

func (e *entry) state() state {
	switch e.ending() {
	case delivered:
		return isDelivered
	case dead:
		return isDead
	case dropped:
		return isDropped
	}
	if e.pending {
		return inFlight
	}
	return gap
}

// name is a text that many events share, by its number.
type name uint16

// maxNames bounds them: senders name events as they like. What comes later is one of others.
const maxNames = 60_000

// names numbers texts.
type names struct {
	texts   []string
	numbers map[string]name
}

func newNames() *names {
	return &names{texts: []string{"", "(others)"}, numbers: map[string]name{"": 0}}
}

func (n *names) of(text []byte) name {
	if i, ok := n.numbers[string(text)]; ok {
		return i
	}
	if len(n.texts) == maxNames {
		return 1
	}
	i := name(len(n.texts))
	n.texts = append(n.texts, string(text))
	n.numbers[n.texts[i]] = i
	return i
}

// ids knows events by 64 bits of their source, trust and id.
type ids struct {
	seed    maphash.Seed
	at      map[uint64]uint32
	entries [][]entry // in blocks: what has grown to gigabytes is never copied
}

// block is how many entries are made at a time.
const block = 1 << 13

func newIDs() *ids { return &ids{seed: maphash.MakeSeed(), at: map[uint64]uint32{}} }

func (s *ids) hash(source []byte, trust event.Trust, id []byte) uint64 {
	var h maphash.Hash
	h.SetSeed(s.seed)
	_, _ = h.Write(source) // never fails (hash.Hash)
	if trust == event.Unproven {
		_ = h.WriteByte(1)
	} else {
		_ = h.WriteByte(0)
	}
	_, _ = h.Write(id)
	return h.Sum64()
}

// of is the entry with a hash; made: it is a new one.
func (s *ids) of(hash uint64) (e *entry, made bool) {
	i, ok := s.at[hash]
	if ok {
		return s.entry(i), false
	}
	i = uint32(len(s.at))
	if i%block == 0 {
		s.entries = append(s.entries, make([]entry, block))
	}
	s.at[hash] = i
	return s.entry(i), true
}

// known is the entry with a hash; nil: there is none.
func (s *ids) known(hash uint64) *entry {
	if i, ok := s.at[hash]; ok {
		return s.entry(i)
	}
	return nil
}

func (s *ids) entry(i uint32) *entry { return &s.entries[i/block][i%block] }
