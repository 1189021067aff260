package handle

import (
	"math/bits"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/consent"
)

// counts is what a chunk adds to the metrics. They are touched once a chunk, after its results are on Kafka.
type counts struct {
	events    map[ended]int
	keys      [identity.NumKeys]int
	dropped   map[mapping.Dropped]int
	decisions map[consent.Decision]int
}

// ended is a source, what its senders showed, and the reason why its events ended here; no reason: they were published.
type ended struct {
	source string
	trust  event.Trust
	reason fault.Reason
}

// unknownSource is the source label of records whose source is not configured, or cannot be read.
const unknownSource = "unknown"

func (c *counts) clear() {
	clear(c.events)
	clear(c.dropped)
	clear(c.decisions)
	c.keys = [identity.NumKeys]int{}
}

func (c *counts) decided(d consent.Decision) {
	if c.decisions == nil {
		c.decisions = make(map[consent.Decision]int, len(consent.Decisions))
	}
	c.decisions[d]++
}

// bury counts signals as dead that were counted as published.
func (c *counts) bury(published []ended) {
	for _, e := range published {
		c.events[e]--
		e.reason = fault.Oversize
		c.events[e]++
	}
}

// Count adds the event that Handle just returned end for.
func (s *Scratch) Count(end *fault.Error) {
	c := &s.counts
	if c.events == nil {
		c.events, c.dropped = map[ended]int{}, map[mapping.Dropped]int{}
	}
	e := ended{source: unknownSource, trust: event.Proven}
	if s.raw.Trust == event.Unproven {
		e.trust = event.Unproven
	}
	if s.src != nil {
		e.source = s.src.name
	}
	if end != nil {
		e.reason = end.Reason
	} else {
		for left := s.hashed.Mask(); left != 0; left &= left - 1 {
			c.keys[bits.TrailingZeros64(left)]++
		}
	}
	c.events[e]++
	for _, d := range s.out.Dropped {
		c.dropped[d]++
	}
}
