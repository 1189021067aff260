package accept

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// spoolOf is a spool that does what a test says.
type spoolOf func(ctx context.Context, recs []stream.Record) error

func (s spoolOf) Put(ctx context.Context, recs ...stream.Record) error { return s(ctx, recs) }

// outage is an acceptor whose Kafka and spool a test turns on and off.
type outage struct {
	*Acceptor
	err               error // of Kafka; errHang: it does not answer
	spoolErr, trouble error
	written           time.Time
	tried, spooled    int
}

var errHang = errors.New("hang")

const deadline = 5 * time.Second

func newOutage() *outage {
	o := &outage{}
	o.Acceptor = New(publisher(func(ctx context.Context, _ []stream.Record) error {
		o.tried++
		if errors.Is(o.err, errHang) {
			<-ctx.Done()
			return ctx.Err()
		}
		return o.err
	}), deadline, quiet)
	o.SpoolTo(spoolOf(func(ctx context.Context, recs []stream.Record) error {
		if errors.Is(o.spoolErr, errHang) {
			<-ctx.Done()
			return ctx.Err()
		}
		if o.spoolErr == nil {
			o.spooled += len(recs)
		}
		return o.spoolErr
	}), func() time.Time { return o.written }, func() error { return o.trouble })
	return o
}

// accept accepts two items, and says how long it took.
func (o *outage) accept(t *testing.T, once bool) (took time.Duration, err error) {
	t.Helper()
	f, began := facts(), time.Now()
	f.Once = once
	err = o.Accept(t.Context(), website, f, items("a", "b"), &Work{})
	return time.Since(began), err
}

// TestSpooled: what comes once is spooled whenever Kafka does not take it, within the deadline, and at once while that is known; what
// senders repeat is not. When Kafka takes anything again, or from time to time, it is tried.
func TestSpooled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOutage()
		if took, err := o.accept(t, true); err != nil || took > 0 || o.tried != 1 || o.spooled != 0 {
			t.Fatalf("with kafka: %v %v, %d tries, %d spooled", took, err, o.tried, o.spooled)
		}
		<-time.After(time.Second)
		o.err = errHang
		if took, err := o.accept(t, true); err != nil || took >= deadline || o.tried != 2 || o.spooled != 2 {
			t.Fatalf("the first: %v %v, %d tries, %d spooled", took, err, o.tried, o.spooled)
		}
		for range 10 {
			if took, err := o.accept(t, true); err != nil || took > 0 || o.tried != 2 {
				t.Fatalf("once it is known: %v %v, %d tries", took, err, o.tried)
			}
		}
		if o.spooled != 22 {
			t.Errorf("%d spooled", o.spooled)
		}
		if took, err := o.accept(t, false); err == nil || took != deadline || o.spooled != 22 {
			t.Errorf("a sender that repeats: %v %v, %d spooled", took, err, o.spooled)
		}
		tried := o.tried
		<-time.After(probeEvery)
		for range 3 {
			if _, err := o.accept(t, true); err != nil {
				t.Fatal(err)
			}
		}
		if o.tried != tried+1 {
			t.Errorf("%d probes", o.tried-tried)
		}
		spooled := o.spooled
		o.err, o.written = nil, time.Now() // the drain got something off
		if took, err := o.accept(t, true); err != nil || took > 0 || o.spooled != spooled {
			t.Errorf("kafka is back: %v %v, %d spooled", took, err, o.spooled-spooled)
		}
		o.trouble = errors.New("nobody listens")
		if took, err := o.accept(t, true); err != nil || took > 0 || o.spooled != spooled+2 {
			t.Errorf("kafka can't be used: %v %v, %d spooled", took, err, o.spooled-spooled)
		}
	})
}

// TestNotSpooled: what is too large for Kafka is not spooled, nor held against it; what the spool does not take, or not in time,
// fails.
func TestNotSpooled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOutage()
		o.err = fmt.Errorf("publishing: %w", &stream.TooLargeError{})
		if _, err := o.accept(t, true); !errors.Is(err, stream.ErrTooLarge) || o.spooled != 0 || !o.LastBad().IsZero() {
			t.Errorf("too large: %v, %d spooled", err, o.spooled)
		}
		o.err = stream.ErrFull
		if took, err := o.accept(t, true); err != nil || took > 0 || o.spooled != 2 {
			t.Errorf("max_pending: %v %v, %d spooled", took, err, o.spooled)
		}
		o.spoolErr = errors.New("it is full")
		if _, err := o.accept(t, true); !errors.Is(err, o.spoolErr) {
			t.Errorf("a full spool: %v", err)
		}
		o.spoolErr = errHang
		if took, err := o.accept(t, true); !errors.Is(err, context.DeadlineExceeded) || took != deadline {
			t.Errorf("a disk that hangs: %v %v", took, err)
		}
	})
}
