// Package accept stores what a request brought: items become raw events, and all of them are on Kafka before it returns.
// Package httpapi calls it once a request; of requests that come once, what Kafka does not take goes to the spool. It refuses to report a part as stored: one item that Kafka does not take fails
// the request, and the sender repeats it with the same ids.
package accept

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/omnicapi/omnicapi/pkg/crashpoint"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// Facts are what is stored of a request with each of its items.
type Facts struct {
	URL         []byte // path and query, without credentials
	Headers     []byte // JSON object of the allow-listed ones
	IP          []byte // the client's
	Trust       event.Trust
	TraceParent []byte
	Arrival     time.Time
	Once        bool // its sender does not repeat it, whatever it is answered
}

// Work is buffers that are reused from request to request. After an error the producer may still read them: then a new Work
// must be taken.
type Work struct {
	values []byte
	ends   []int
	recs   []stream.Record
}

// Room is how many bytes its buffers take.
func (w *Work) Room() int { return cap(w.values) }

// Acceptor publishes raw events.
type Acceptor struct {
	pub      stream.Publisher
	deadline time.Duration
	log      *slog.Logger
	failing  atomic.Bool
	lastGood atomic.Pointer[time.Time] // by the monotonic clock too, which nobody sets back
	lastBad  atomic.Pointer[time.Time]
	once     *once // nil: there is no spool
}

// New returns an acceptor that waits for Kafka at most deadline.
func New(pub stream.Publisher, deadline time.Duration, log *slog.Logger) *Acceptor {
	return &Acceptor{pub: pub, deadline: deadline, log: log}
}

// Accept returns nil when every item is on Kafka, or in the spool if the request comes once. It does not end when the client
// goes away: a page that is closed has sent its event all the same.
func (a *Acceptor) Accept(ctx context.Context, s *source.Source, f *Facts, b *receive.Batch, w *Work) error {
	w.encode(s, f, b)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.deadline)
	defer cancel()
	if a.once != nil && f.Once {
		return a.publishOrSpool(ctx, w.recs)
	}
	return a.publish(ctx, w.recs)
}

func (a *Acceptor) publish(ctx context.Context, recs []stream.Record) error {
	crashpoint.Reach(crashpoint.IngestBeforeWrite)
	err := a.pub.Publish(ctx, recs...)
	if !errors.Is(err, stream.ErrFull) || !recs[0].Yields { // that unproven senders have no room says nothing of Kafka
		a.logChange(err)
	}
	if err != nil {
		return fmt.Errorf("publishing raw events: %w", err)
	}
	crashpoint.Reach(crashpoint.IngestWritten)
	return nil
}

// Measure returns how many bytes of records the items will make, before any is made.
func (w *Work) Measure(s *source.Source, f *Facts, b *receive.Batch) int {
	raw := rawOf(s, f, b)
	w.values = event.AppendRaw(w.values[:0], &raw)
	total := len(b.Items) * (len(w.values) + recordBytes + len(f.TraceParent))
	for i := range b.Items {
		item := &b.Items[i]
		w.values = jsonscan.AppendString(jsonscan.AppendString(w.values[:0], item.ID), item.Key)
		total += len(w.values) + len(item.Key) + len(item.Value)
	}
	return total
}

// recordBytes is at least what a record takes beside its envelope, its key and its traceparent: names and values of its headers.
const recordBytes = 80

// Bytes is how many bytes of records were made.
func (w *Work) Bytes() int {
	total := len(w.values)
	for i := range w.recs {
		total += len(w.recs[i].Key)
		for _, h := range w.recs[i].Headers {
			total += len(h.Key) + len(h.Value)
		}
	}
	return total
}

// rawOf is a raw event without its item.
func rawOf(s *source.Source, f *Facts, b *receive.Batch) event.Raw {
	raw := event.Raw{
		Channel: []byte(s.Channel), Source: []byte(s.Name), Format: []byte(s.Format),
		Time: f.Arrival, Trust: f.Trust, TraceParent: f.TraceParent,
		URL: f.URL, Headers: f.Headers, IP: f.IP, SentAt: b.SentAt,
	}
	if len(b.Context) > 0 {
		raw.Context = b.Context
	}
	return raw
}

// encode makes the records. All values lie in one buffer, which is cut up only once it has stopped growing.
func (w *Work) encode(s *source.Source, f *Facts, b *receive.Batch) {
	raw := rawOf(s, f, b)
	w.values, w.ends = w.values[:0], w.ends[:0]
	for i := range b.Items {
		raw.ID, raw.Key, raw.Item = b.Items[i].ID, b.Items[i].Key, b.Items[i].Value
		w.values = event.AppendRaw(w.values, &raw)
		w.ends = append(w.ends, len(w.values))
	}
	clear(w.recs)
	w.recs = w.recs[:0]
	start := 0
	for i, end := range w.ends {
		raw.ID, raw.Key, raw.Item = b.Items[i].ID, b.Items[i].Key, b.Items[i].Value
		rec := event.RawRecord(s.Topic, &raw, w.values[start:end:end])
		rec.Yields = f.Trust == event.Unproven
		w.recs = append(w.recs, rec)
		start = end
	}
}

// logChange logs when Kafka stops and starts to take events, not each time it does not.
func (a *Acceptor) logChange(err error) {
	if errors.Is(err, stream.ErrTooLarge) {
		return // is about the record, not about Kafka
	}
	if err == nil {
		a.lastGood.Store(now())
		if a.failing.Load() && a.failing.CompareAndSwap(true, false) {
			a.log.Info("kafka takes events again")
		}
		return
	}
	a.lastBad.Store(now())
	if a.failing.CompareAndSwap(false, true) {
		a.log.Warn("kafka does not take events, senders are asked to repeat", "error", err)
	}
}

// LastGood is when Kafka last took a request's events; zero: never.
func (a *Acceptor) LastGood() time.Time { return timeOf(a.lastGood.Load()) }

// LastBad is when Kafka last did not take a request's events; zero: never.
func (a *Acceptor) LastBad() time.Time { return timeOf(a.lastBad.Load()) }

// timeOf is the zero time for nil.
func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

func now() *time.Time {
	t := time.Now()
	return &t
}
