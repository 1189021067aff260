package suppression

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// Check is the name of a reader in /readyz.
const Check = "suppressions"

// stale is how old a list may be before its process is not ready: it goes on with what it has.
const stale = time.Minute

// moved is how long a partition may be without its leader, or a topic that was just made without any, before the log says so.
const moved = 5 * time.Second

// Reader keeps a List as the topic says.
type Reader struct {
	List *List

	topic   string
	follow  func(ctx context.Context, topic string, f stream.Follower) error
	log     *slog.Logger
	now     func() time.Time
	trouble func() error // what is wrong with Kafka as a whole, which the client says in the log itself

	known  chan struct{} // closed when the list was read, or Kafka said that there is none
	once   sync.Once
	read   atomic.Int64          // when it was read last, Unix ns; 0: never
	wrong  atomic.Pointer[error] // what kept it from being read since; nil: nothing
	denied atomic.Bool
	since  time.Time // of it
	said   bool      // the log has it
}

// NewReader returns the reader of a topic. Its metric is registered at once.
func NewReader(client *stream.Client, topic string, reg prometheus.Registerer, log *slog.Logger) *Reader {
	r := newReader(client.Follow, topic, log, time.Now)
	r.trouble = client.Trouble
	reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "omnicapi_suppressions", Help: "Keys of suppressed persons that this process knows.",
	}, func() float64 { return float64(r.List.Len()) }))
	return r
}

func newReader(follow func(context.Context, string, stream.Follower) error, topic string, log *slog.Logger, now func() time.Time) *Reader {
	return &Reader{List: NewList(), topic: topic, follow: follow, log: log, now: now, trouble: func() error { return nil }, known: make(chan struct{})}
}

// Run follows the topic until ctx ends.
func (r *Reader) Run(ctx context.Context) error {
	return r.follow(ctx, r.topic, stream.Follower{Record: r.record, CaughtUp: r.caughtUp, Absent: r.absent, Failed: r.failed})
}

// Then returns a part that runs once the list is known: no event may be handled before.
func (r *Reader) Then(run func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		select {
		case <-r.known:
			return run(ctx)
		case <-ctx.Done():
			return nil
		}
	}
}

var errUnread = errors.New("the list was not read yet")

// Ready is nil if the list is as the topic was a moment ago, or if there is no such topic: an installation from before it has nobody on
// the list.
func (r *Reader) Ready() error {
	wrong, read := r.wrong.Load(), r.read.Load()
	switch {
	case wrong == nil && read == 0:
		return errUnread
	case wrong == nil:
		return nil
	case r.denied.Load(), read == 0, r.now().Sub(time.Unix(0, read)) > stale:
		return *wrong
	}
	return nil
}

func (r *Reader) record(rec *stream.Record) {
	s, err := event.DecodeSuppression(rec)
	if err != nil {
		r.log.Warn("passing by a record that is no suppression", "topic", rec.Topic, "partition", rec.Partition, "offset", rec.Offset)
		return
	}
	r.List.Apply(&s)
}

func (r *Reader) caughtUp() {
	r.read.Store(r.now().UnixNano())
	r.denied.Store(false)
	r.wrong.Store(nil)
	if r.said {
		r.log.Info("the list of suppressed persons is read again", "topic", r.topic)
	}
	r.said = false
	r.once.Do(func() { close(r.known) })
}

// absent goes on with what is known, at the start with nobody: an installation from before the topic must not stop. What is denied may
// be there, so it is not as ready as can be.
func (r *Reader) absent(denied bool, err error) {
	if !r.said {
		r.log.Warn("no person is suppressed but those known so far: run omnicapi topics apply, and grant the rights of omnicapi topics acls",
			"topic", r.topic, "error", err)
		r.said = true
	}
	r.denied.Store(denied)
	if denied {
		r.wrong.Store(&err)
	} else {
		r.read.Store(r.now().UnixNano())
		r.wrong.Store(nil)
	}
	r.once.Do(func() { close(r.known) })
}

func (r *Reader) failed(err error) {
	err = fmt.Errorf("reading the suppressed persons: %w", err)
	if r.wrong.Swap(&err) == nil {
		r.since = r.now()
	}
	if !r.said && r.now().Sub(r.since) >= moved && r.trouble() == nil {
		r.log.Warn("going on with the suppressed persons known so far", "topic", r.topic, "error", err)
		r.said = true
	}
}
