// Package index says what the ledger keeps of the outcomes and dead letters, and how it is asked. It refuses to know on what it is
// kept: package disk is one Store, package indextest what every one must do.
package index

import (
	"errors"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
)

// Topic is one of the topics that the ledger reads.
type Topic uint8

// The topics.
const (
	Outcomes Topic = iota
	Letters
)

// Topics is the closed list.
var Topics = []Topic{Outcomes, Letters}

// Place is where a record lay, and its timestamp, by which it expires.
type Place struct {
	Topic     Topic
	Partition int
	Offset    int64
	Time      time.Time
}

// Record is one record that was read: an outcome, a loss or a dead letter. None of them: it could not be read, and its place alone counts.
type Record struct {
	Place
	Outcome *event.Outcome
	Loss    *event.Loss
	Letter  *Letter
}

// Letter is a dead letter without the event that it holds. EventID is the id of that event, Place where the letter lies.
type Letter struct {
	EventID string
	Place   Place
	event.DeadLetter
}

// State is how far a topic was read: Next is the offset of each partition's first record that is not in the store. ID is the topic's,
// "" before Begin.
type State struct {
	ID   string
	Next map[int]int64
}

// Fate is one event of an outcome that was recorded.
type Fate struct {
	Outcome *event.Outcome // without its other events
	Event   event.EventFate
}

// Found is what the store has of an event.
type Found struct {
	Fates   []Fate // in no order
	Letters []Letter
	More    bool // there are more than MaxFound of either
}

// MaxFound bounds what Event returns: senders give ids, and may give one to any number of events.
const MaxFound = 1000

// Stats are sums over the whole store.
type Stats struct {
	Bytes    int64     // on disk
	Lost     int64     // records that were gone before their group had consumed them, as outcomes say
	Earliest time.Time // the first day that it has outcomes of; zero: none
}

// Errors that a Store's errors wrap.
var (
	ErrFull    = errors.New("the ledger's disk is full")
	ErrDamaged = errors.New("the ledger's store is damaged")
)

// Store keeps outcomes, dead letters and the sums over them. What one Apply writes is there wholly or not at all, offsets with it, whatever ends the
// process: a store that was read on from State has the figures of one that was built afresh. Its methods may be called at the same time.
type Store interface {
	// State is how far a topic was read.
	State(topic Topic) State
	// Begin says which topic is read. Where it is another one than before (another id), its offsets begin anew, and what the store has
	// of the other stays until it expires.
	Begin(topic Topic, id string) error
	// Apply adds records, those of a partition in their order. Records before State's are ignored. Its error wraps ErrFull where there is no room: then
	// nothing was added, and it may be called again.
	Apply(records []Record) error
	// Event finds the fates and letters of an event id.
	Event(id string) (Found, error)
	// Batch finds the outcomes of a batch id: several where it was split.
	Batch(id string) ([]*event.Outcome, error)
	// FBTrace finds the outcomes that Meta answered under an fbtrace id.
	FBTrace(id string) ([]*event.Outcome, error)
	// Books adds up how events ended that arrived from since to before until, both taken down to the minute. Zero: no bound.
	Books(since, until time.Time, by Grouping) ([]Row, error)
	// Expire removes what is of days before that of the time given.
	Expire(before time.Time) error
	// Rebuild forgets everything: all is to be read again.
	Rebuild() error
	Stats() (Stats, error)
	// Err is what keeps the store from taking records, nil if nothing does.
	Err() error
	Close() error
}
