package letters

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TwinWindow is how long Meta joins events of the same name and id, from the first that it received on
// (docs/reference/capi.md, §6).
const TwinWindow = 48 * time.Hour

// Doubt is why Meta may count an event twice if its letter is replayed; "" if it can't.
type Doubt string

// Delivered: Meta has the event already. Old: it arrived longer ago than TwinWindow, so a twin of it that Meta has from
// elsewhere, a pixel's, would not be joined with it.
const (
	Delivered Doubt = "delivered"
	Old       Doubt = "old"
)

// Doubts says of each letter of a list whether its replay is in doubt. A letter that goes back to somebody's own consumer is
// not: nothing is sent to Meta. One whose event's name is not known is taken for each event of its id.
func (b *Box) Doubts(ctx context.Context, list []*Letter, now time.Time) (map[*Letter]Doubt, error) {
	doubts := map[*Letter]Doubt{}
	byID := map[string][]*Letter{}
	for _, l := range list {
		if l.OwnConsumer() {
			continue
		}
		byID[l.EventID] = append(byID[l.EventID], l)
		if now.Sub(l.arrived()) > TwinWindow {
			doubts[l] = Old
		}
	}
	if len(byID) == 0 {
		return doubts, nil
	}
	err := b.Scan.Scan(ctx, b.Names.Outcomes(), time.Time{}, func(r *stream.Record) error {
		if !bytes.Contains(r.Value, deliveredMark) {
			return nil
		}
		o, err := event.DecodeOutcome(r.Value)
		if err != nil {
			return nil //nolint:nilerr // not an outcome: nothing was delivered by it
		}
		for i := range o.Events {
			e := &o.Events[i]
			if e.Fate != fault.Delivered {
				continue
			}
			for _, l := range byID[e.ID] {
				if e.Trust == event.Unproven && l.Trust != string(event.Unproven) {
					continue // whoever guessed the id must not hold up a shop's order
				}
				if l.EventName == "" || l.EventName == e.Name {
					doubts[l] = Delivered
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading what was delivered: %w", err)
	}
	return doubts, nil
}

var deliveredMark = []byte(`"` + string(fault.Delivered) + `"`)

// Gone says whether the letter is without its record's value, so that nothing can be replayed.
func (l *Letter) Gone() bool { return l.death.Shortened }

// OwnConsumer says whether the letter is of a consumer of somebody's own, to which alone a replay goes.
func (l *Letter) OwnConsumer() bool {
	switch l.death.Stage {
	case fault.Ingest, fault.Normalizer, fault.Forwarder:
		return false
	}
	return true
}

// arrived is when ingest took the event.
func (l *Letter) arrived() time.Time { return l.death.Replay(&l.record).Time }
