package spool

import (
	"slices"
	"time"
)

// groupBytes is how much one commit writes at most, but for a single entry.
const groupBytes = 4 << 20

// probeEvery is how often a disk that failed is tried, if no request does.
const probeEvery = 5 * time.Second

// commitAll writes entries until the spool is closed. One commit is for all that came while the last one was written.
func (s *Spool) commitAll() {
	defer close(s.ended)
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for open := true; open; {
		select {
		case _, open = <-s.arrived:
		case <-tick.C:
			s.probe()
		}
		for group := s.take(); len(group) > 0; group = s.take() {
			s.commit(group)
		}
	}
}

// probe finds out whether a disk that failed takes writes again: as long as an ingest is not ready, no request may come to tell.
func (s *Spool) probe() {
	s.mu.Lock()
	failing := s.kind == disk
	s.mu.Unlock()
	if !failing || tryDisk(s.Dir) != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.works(disk)
}

// take returns the entries of the next commit.
func (s *Spool) take() (group []*entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	bytes := int64(0)
	for i, e := range s.waiting {
		if bytes += e.weight; bytes > groupBytes && len(group) > 0 {
			s.waiting = slices.Clone(s.waiting[i:])
			return group
		}
		group = append(group, e)
	}
	s.waiting = nil
	return group
}

// commit writes a group, and tells its callers when it is on the disk.
func (s *Spool) commit(group []*entry) {
	var values [][]byte
	for _, e := range group {
		values = append(values, e.values...)
	}
	held, err := s.store.put(values)
	s.committed(group, held, err)
	for _, e := range group {
		e.done <- err
	}
}

func (s *Spool) committed(group []*entry, held holding, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range group {
		s.reserved -= e.weight
	}
	if err != nil {
		s.fail(disk, err)
		return
	}
	if before := s.changed(held); before.queue.events == 0 {
		s.Log.Warn("kafka takes no events: those of senders that never repeat are spooled", "dir", s.Dir)
		s.since, s.drained = time.Now(), 0
	}
	s.wake()
}
