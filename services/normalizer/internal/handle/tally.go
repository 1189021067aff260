package handle

import (
	"math/bits"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/consent"
)

// tally counts a chunk, so that the metrics are touched once a chunk and only for what is on Kafka.
type tally struct {
	events    map[ended]int
	keys      [identity.NumKeys]int
	dropped   map[mapping.Dropped]int
	decisions map[consent.Decision]int
}

// ended is how events of a source ended; no reason: published.
type ended struct {
	source string
	reason fault.Reason
}

// unknownSource is the source label of records whose source is not configured, or cannot be read.
const unknownSource = "unknown"

func (t *tally) clear() {
	clear(t.events)
	clear(t.dropped)
	clear(t.decisions)
	t.keys = [identity.NumKeys]int{}
}

func (t *tally) decided(d consent.Decision) {
	if t.decisions == nil {
		t.decisions = make(map[consent.Decision]int, len(consent.Decisions))
	}
	t.decisions[d]++
}

// Count adds the event that Handle just returned end for.
func (s *Scratch) Count(end *fault.Error) {
	t := &s.tally
	if t.events == nil {
		t.events, t.dropped = map[ended]int{}, map[mapping.Dropped]int{}
	}
	e := ended{source: unknownSource}
	if s.src != nil {
		e.source = s.src.name
	}
	if end != nil {
		e.reason = end.Reason
	} else {
		for left := s.hashed.Mask(); left != 0; left &= left - 1 {
			t.keys[bits.TrailingZeros64(left)]++
		}
	}
	t.events[e]++
	for _, d := range s.out.Dropped {
		t.dropped[d]++
	}
}
