package stream

import (
	"context"
	"fmt"
	"time"

	"github.com/omnicapi/omnicapi/pkg/backoff"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// Loss is records that were gone before a group had consumed them: the offsets From to before To, as far as is known.
type Loss struct {
	Group     string
	Topic     string
	Partition int
	From, To  int64
	Cause     fault.Cause
}

// Count is how many records that is.
func (l Loss) Count() int64 { return l.To - l.From }

// lossPauses are between two tries to record a loss.
var lossPauses = backoff.Pauses{Min: 100 * time.Millisecond, Max: 2 * time.Second}

// lose says what is gone, has it recorded and counts it. false: ctx ended before it was recorded; then the position must not move,
// so that it is noticed again.
func (c *Consumer) lose(ctx context.Context, l Loss) bool {
	l.Group, l.To = c.cfg.Group, max(l.From, l.To)
	c.sayLoss(ctx, l)
	if c.cfg.Lost != nil && l.Count() > 0 {
		doing := fmt.Sprintf("recording what was lost of %s/%d", l.Topic, l.Partition)
		record := func() error { return c.cfg.Lost(ctx, l) }
		err := lossPauses.Until(ctx, record, func(err error) {
			c.setUnrecorded(doing, err)
			c.report(doing, err)
		})
		c.setUnrecorded(doing, nil)
		c.report(doing, nil)
		if err != nil {
			return false
		}
	}
	c.client.metrics.lost(l.Topic, l.Partition, l.Count())
	return true
}

func (c *Consumer) sayLoss(ctx context.Context, l Loss) {
	log := c.client.log.With("topic", l.Topic, "partition", l.Partition, "from", l.From, "to", l.To, "lost", l.Count())
	switch l.Cause {
	case fault.NeverCommitted:
		log.ErrorContext(ctx, "records are gone before the group's first commit: lost, unless it consumed them and kafka has forgotten its commits")
	case fault.Truncated:
		log.ErrorContext(ctx, "the position is past the partition's end: reading it from its start")
	case fault.MadeAnew:
		log.ErrorContext(ctx, "the topic was made anew: it is read from its first record")
	case fault.Retention:
		log.ErrorContext(ctx, "records are gone before they were consumed")
	}
}

// setUnrecorded notes why the consumer stands still; nil: it does not.
func (c *Consumer) setUnrecorded(doing string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		delete(c.unrecorded, doing)
		return
	}
	c.unrecorded[doing] = fmt.Errorf("%s: %w", doing, err)
}
