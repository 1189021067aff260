// Package spool is a bounded log on this machine's disk for events of senders that never repeat: what Kafka does not take is
// fsynced there, acknowledged, and published in order when Kafka is back. Package accept puts records in, package app opens it
// and runs its drain. It refuses a folder that others may use or that is another installation's, and to drop anything: what it
// cannot take is an error, what Kafka refuses stays.
package spool

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// Options are what a spool is made of.
type Options struct {
	Dir      string
	Size     int64  // bytes of records, at most
	Prefix   string // kafka.prefix
	Log      *slog.Logger
	Registry prometheus.Registerer
}

// refusal is why records are not taken: a closed list, the metric's reason.
type refusal string

// The refusals.
const (
	full     refusal = "full"      // no room within the size
	disk     refusal = "disk"      // the disk did not take them
	slow     refusal = "slow"      // the disk did not take them in time: they may be there all the same
	foreign  refusal = "foreign"   // the folder is another installation's
	tooLarge refusal = "too_large" // for Kafka
	stopping refusal = "stopping"
)

var refusals = []refusal{full, disk, slow, foreign, tooLarge, stopping}

// maxWaiting bounds the memory of what waits for the disk, in bytes.
const maxWaiting = 32 << 20

// againAfter is how long a disk that failed is left alone.
const againAfter = time.Second

// Spool is an open spool.
type Spool struct {
	Options
	lock    *flock.Flock
	store   *store
	metrics *metrics
	filled  chan struct{} // there is something to drain
	ended   chan struct{} // the committer has ended

	mu       sync.Mutex
	arrived  chan struct{} // there is something to write, or the end
	waiting  []*entry
	reserved int64   // bytes of waiting, and of what is being written
	held     holding // as of the last change that is known
	mark     installation
	trouble  error // why nothing is taken; nil: it is
	kind     refusal
	failedAt time.Time // of the disk
	closed   bool
	since    time.Time // when the spool began to hold something
	drained  int64     // events since then
}

// entry is what one call of Put waits for.
type entry struct {
	values [][]byte
	weight int64
	done   chan error
}

// Open opens the spool of a folder, or makes it. Whether it is this installation's is known for sure only once Kafka was
// reached: Drain sees to that.
func Open(o Options) (*Spool, error) {
	lock, err := claim(o.Dir)
	if err != nil {
		return nil, err
	}
	s := &Spool{Options: o, lock: lock, filled: make(chan struct{}, 1), arrived: make(chan struct{}, 1), ended: make(chan struct{})}
	if err := s.open(); err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	s.metrics = newMetrics(o.Registry, s)
	if n := s.held.events(); n > 0 {
		s.since = time.Now()
		s.Log.Info("the spool holds events of before", "events", n, "oldest", s.store.oldest())
		s.wake()
	}
	go s.commitAll()
	return s, nil
}

func (s *Spool) open() (err error) {
	if s.mark, err = readInstallation(s.Dir); err != nil {
		return err
	}
	if s.store, s.held, err = openStore(s.Dir); err != nil {
		return err
	}
	ours := installation{Prefix: s.Prefix}
	if s.held.events() == 0 && s.mark.Prefix != s.Prefix {
		s.mark = ours
	}
	err = s.mark.foreign(s.Dir, ours)
	if err == nil && s.mark.Prefix == "" {
		s.Log.Warn("the spool's folder does not say whose it is: it is taken for this installation's", "dir", s.Dir, "events", s.held.events())
		s.mark = ours
	}
	if err == nil {
		if err = s.mark.write(s.Dir); err != nil {
			s.Log.Warn("the spool's folder cannot be marked as this installation's", "dir", s.Dir, "error", err)
			err = nil // a full disk may have room later
		}
	}
	if err != nil {
		return errors.Join(err, s.store.close())
	}
	return nil
}

// Put returns nil when all records are on the disk. When ctx ends first, they may be there all the same.
func (s *Spool) Put(ctx context.Context, recs ...stream.Record) error {
	e := &entry{done: make(chan error, 1)}
	for i := range recs {
		if stream.TooLarge(&recs[i]) {
			s.metrics.refuse(tooLarge, len(recs))
			return fmt.Errorf("spooling for %s: %w", recs[i].Topic, stream.ErrTooLarge)
		}
		value := appendRecord(nil, &recs[i])
		e.values = append(e.values, value)
		e.weight += weight(value)
	}
	if kind, err := s.enqueue(e); err != nil {
		s.metrics.refuse(kind, len(recs))
		return err
	}
	select {
	case err := <-e.done:
		if err != nil {
			s.metrics.refuse(disk, len(recs))
			return fmt.Errorf("writing to the spool: %w", err)
		}
		s.metrics.spooled.Add(float64(len(recs)))
		return nil
	case <-ctx.Done():
		err := fmt.Errorf("writing to the spool in %s: its disk is slower than ingest.deadline: %w", s.Dir, ctx.Err())
		s.leave(e, err)
		s.metrics.refuse(slow, len(recs))
		return err
	}
}

// enqueue gives an entry to the committer, if there is room for it.
func (s *Spool) enqueue(e *entry) (refusal, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return stopping, errors.New("the spool is closed")
	case s.kind == foreign:
		return foreign, s.trouble
	case s.kind == disk && time.Since(s.failedAt) < againAfter:
		return disk, s.trouble
	case s.held.bytes()+s.reserved+e.weight > s.Size:
		err := fmt.Errorf("the spool in %s is full: ingest.spool.size is %s", s.Dir, config.Size(s.Size))
		s.fail(full, err)
		return full, err
	case len(s.waiting) > 0 && s.reserved+e.weight > maxWaiting:
		return slow, errors.New("too many bytes are waiting for the spool's disk")
	}
	s.reserved += e.weight
	s.waiting = append(s.waiting, e)
	select {
	case s.arrived <- struct{}{}:
	default:
	}
	return "", nil
}

// leave takes an entry back that nobody waits for any more, unless it is being written.
func (s *Spool) leave(e *entry, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kind == "" {
		s.fail(slow, err)
	}
	if i := slices.Index(s.waiting, e); i >= 0 {
		s.waiting = slices.Delete(s.waiting, i, i+1)
		s.reserved -= e.weight
	}
}

// fail notes why nothing is taken, and logs it when it begins.
func (s *Spool) fail(kind refusal, err error) {
	if s.kind != kind {
		s.Log.Error("the spool takes no events: senders that never repeat are answered 503", "reason", string(kind), "error", err)
	}
	s.kind, s.trouble = kind, err
	if kind == disk {
		s.failedAt = time.Now()
	}
}

// works notes that a trouble of that kind is over.
func (s *Spool) works(kind refusal) {
	if s.kind == kind {
		s.kind, s.trouble = "", nil
		s.Log.Info("the spool takes events again")
	}
}

// changed notes what the file holds now.
func (s *Spool) changed(held holding) (before holding) {
	before = s.held
	if held.changes > before.changes { // the committer and the drain may come here in another order than they wrote
		s.held = held
	}
	if s.held.bytes()+s.reserved < s.Size/10*9 {
		s.works(full)
	}
	s.works(disk)
	s.works(slow)
	return before
}

// Err is why the spool takes nothing; nil: it does, as far as is known.
func (s *Spool) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trouble
}

// holds is what lies in the file.
func (s *Spool) holds() *holding {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.held
	return &h
}

func (s *Spool) wake() {
	select {
	case s.filled <- struct{}{}:
	default:
	}
}

// Close writes what waits, and leaves all that is on the disk where it is. Drain has ended before.
func (s *Spool) Close(ctx context.Context) error {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.arrived)
	}
	n := s.held.events()
	s.mu.Unlock()
	select {
	case <-s.ended:
	case <-ctx.Done(): // the disk hangs: the lock goes with the process
		return fmt.Errorf("closing the spool: %w", ctx.Err())
	}
	if n > 0 {
		s.Log.Info("the spool keeps its events for the next start", "events", n)
	}
	s.metrics.unregister(s.Registry)
	return errors.Join(s.store.close(), s.lock.Unlock())
}
