// Package store keeps what the sandbox accepted, in memory, until it is told to forget. The Graph endpoint fills it, the
// control routes read it. It refuses to be a database: a restart forgets everything, and nothing is ever written to disk.
package store

import (
	"iter"
	"slices"
	"sync"
	"time"
)

// Event is one accepted event.
type Event struct {
	ReceivedAt    time.Time
	FBTraceID     string
	Dataset       string // id
	TestEventCode string
	ID, Name      string
	Value         string // decimal text; "": none
	Currency      string
	JSON          []byte // compact
}

// Store holds the accepted events and their figures. It is safe for concurrent use.
type Store struct {
	keep int // events, the newest; 0: all

	mu       sync.Mutex
	events   []Event
	seen     seen
	total    *counter
	datasets map[string]*counter
}

// New returns an empty store that keeps the newest events, 0: all. The figures are of all events, whatever is kept.
func New(keep int) *Store {
	s := &Store{keep: keep}
	s.Forget()
	return s
}

// Requested counts a request to a dataset, whether it is accepted or not.
func (s *Store) Requested(dataset string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total.Requests++
	s.counterOf(dataset).Requests++
}

// Accept keeps a request's events.
func (s *Store) Accept(dataset string, events []Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.counterOf(dataset)
	s.total.AcceptedRequests++
	d.AcceptedRequests++
	for i := range events {
		again := s.seen.add(&events[i])
		s.total.add(&events[i], again)
		d.add(&events[i], again)
	}
	s.events = append(s.events, events...)
	if s.keep > 0 && len(s.events) > 2*s.keep { // so that each event is moved once
		s.events = slices.Clone(s.events[len(s.events)-s.keep:])
	}
}

// Filter picks events; empty fields pick all.
type Filter struct{ Dataset, EventID, EventName string }

func (f Filter) takes(e *Event) bool {
	return (f.Dataset == "" || f.Dataset == e.Dataset) && (f.EventID == "" || f.EventID == e.ID) &&
		(f.EventName == "" || f.EventName == e.Name)
}

// Events iterates over the events accepted so far that match a filter, in order of arrival.
func (s *Store) Events(f Filter) iter.Seq[*Event] {
	s.mu.Lock()
	events := s.events // later ones are appended behind, earlier ones never change
	s.mu.Unlock()
	if s.keep > 0 {
		events = events[max(0, len(events)-s.keep):]
	}
	return func(yield func(*Event) bool) {
		for i := range events {
			if f.takes(&events[i]) && !yield(&events[i]) {
				return
			}
		}
	}
}

// Forget empties the store and its figures; n is how many events it held.
func (s *Store) Forget() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n = len(s.events)
	s.events, s.seen, s.total, s.datasets = nil, seen{}, newCounter(), map[string]*counter{}
	return n
}

func (s *Store) counterOf(dataset string) *counter {
	t := s.datasets[dataset]
	if t == nil {
		t = newCounter()
		s.datasets[dataset] = t
	}
	return t
}
