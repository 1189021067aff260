package load

import (
	"slices"
	"sync"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
)

// Event is one event that a sender made.
type Event struct {
	ID     string // event_id as it must reach Meta; unique over all senders
	Sender string
	Seq    int        // counts the events of a sender, from 0
	End    fault.Fate // how it was made to end
}

// Entry is an event and what ingest said of it.
type Entry struct {
	Event

	Accepted   time.Time // when it was first answered 2xx; zero: never
	Refused    int       // requests with it that were answered 429 or 503
	Unanswered int       // requests with it whose answer never came
}

// Ledger holds what was promised. It is safe for concurrent use.
type Ledger struct {
	mu       sync.Mutex
	entries  map[string]*Entry
	accepted []string // ids, in order
	repeats  int
	wrong    []string
}

func newLedger() *Ledger { return &Ledger{entries: map[string]*Entry{}} }

// made records that a request is about to be sent for the first time.
func (l *Ledger) made(events []Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range events {
		l.entries[e.ID] = &Entry{Event: e}
	}
}

// answered records a request's answer; status 0: none came.
func (l *Ledger) answered(events []Event, status int, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if !isAccepted(status) && !isRepeatable(status) {
		l.wrong = append(l.wrong, events[0].Sender+": "+text)
	}
	for _, event := range events {
		switch e := l.entries[event.ID]; {
		case status == 0:
			e.Unanswered++
		case isRepeatable(status):
			e.Refused++
		case isAccepted(status) && e.Accepted.IsZero():
			e.Accepted = now
			l.accepted = append(l.accepted, e.ID)
		case isAccepted(status):
			l.repeats++
		}
	}
}

// Accepted is how many events were answered 2xx so far.
func (l *Ledger) Accepted() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.accepted)
}

// AcceptedFrom returns the ids of the events that were answered 2xx, in order, but the first n.
func (l *Ledger) AcceptedFrom(n int) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.accepted[n:])
}

// Repeats is how many events were answered 2xx that had been answered 2xx before: senders repeat some on purpose.
func (l *Ledger) Repeats() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.repeats
}

// Wrong lists answers that no fault explains: neither 2xx nor 429 nor 503.
func (l *Ledger) Wrong() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.wrong...)
}

// Entries returns a copy of all entries.
func (l *Ledger) Entries() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]Entry, 0, len(l.entries))
	for _, e := range l.entries {
		all = append(all, *e)
	}
	return all
}
