package accept

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// Spool keeps records on the disk.
type Spool interface {
	// Put returns nil when all records are on the disk. On an error some may be.
	Put(ctx context.Context, recs ...stream.Record) error
}

const (
	probeEvery  = 10 * time.Second // while Kafka is known to take nothing, one request is let through to it
	diskReserve = time.Second      // of the deadline is the spool's, at most half of it
)

// once is the way of requests that come once: what Kafka does not take goes to the spool. It does not wait for the spool to be
// empty: nothing is promised of order, and a late event must not make the new ones late.
type once struct {
	spool   Spool
	written func() time.Time // when Kafka last took anything of this process
	trouble func() error     // why Kafka can't be used at all, as far as is known
	probed  atomic.Pointer[time.Time]
}

// SpoolTo makes what comes once go to the spool while Kafka does not take it. written is when Kafka last took anything of
// this process, trouble why it can't be used at all, as far as is known. It is called before the first Accept.
func (a *Acceptor) SpoolTo(s Spool, written func() time.Time, trouble func() error) {
	a.once = &once{spool: s, written: written, trouble: trouble}
}

// publishOrSpool returns nil when the records are on Kafka, or in the spool.
func (a *Acceptor) publishOrSpool(ctx context.Context, recs []stream.Record) error {
	if a.tries(time.Now()) {
		early, cancel := context.WithTimeout(ctx, a.deadline-min(diskReserve, a.deadline/2))
		err := a.publish(early, recs)
		cancel()
		if err == nil || errors.Is(err, stream.ErrTooLarge) {
			return err
		}
	}
	if err := a.once.spool.Put(ctx, recs...); err != nil {
		return fmt.Errorf("spooling raw events: %w", err)
	}
	return nil
}

// tries says whether to try Kafka. Senders of beacons do not wait until it is clear that it takes nothing, so that once it is
// known, only a request now and then tries.
func (a *Acceptor) tries(now time.Time) bool {
	if a.once.trouble() != nil {
		return false
	}
	bad := a.LastBad()
	if !bad.After(a.LastGood()) || !bad.After(a.once.written()) {
		return true
	}
	last := a.once.probed.Load()
	waited := last == nil || now.Sub(*last) >= probeEvery
	return now.Sub(bad) >= probeEvery && waited && a.once.probed.CompareAndSwap(last, &now)
}
