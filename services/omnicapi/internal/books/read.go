package books

import (
	"bytes"
	"context"
	"fmt"
	"hash/maphash"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// clockSkew is how far the clock by which an event ended may be behind the one by which it arrived: fates are read from so long before.
const clockSkew = 10 * time.Minute

// readers is how many topics are read at a time.
const readers = 4

// Kafka is where the topics are.
type Kafka interface {
	Scan(ctx context.Context, topic string, since time.Time, fn func(*stream.Record) error) error
	Committed(ctx context.Context, group, topic string) (map[int]int64, error)
}

// Reader reads the books.
type Reader struct {
	Kafka   Kafka
	Names   topic.Names
	Topics  []string                   // that exist
	Since   time.Time                  // of arrivals; zero: all that Kafka has
	Until   time.Time                  // zero: now
	Dataset func(source string) string // where a source's events go; "": not known

	mu     sync.Mutex
	ids    *ids
	names  *names
	losses map[string]int64 // of records, by a loss's id
}

// Read adds up the topics.
func (r *Reader) Read(ctx context.Context) (*Books, error) {
	r.ids, r.names, r.losses = newIDs(), newNames(), map[string]int64{}
	// First how far the groups came, then the records, then the fates: what was consumed by then has its fate on Kafka by now.
	committed := map[string]map[int]int64{}
	for _, t := range r.Topics {
		if service := r.consumerOf(t); service != "" {
			at, err := r.Kafka.Committed(ctx, r.Names.Group(service, t), t)
			if err != nil {
				return nil, fmt.Errorf("asking how far %s came: %w", service, err)
			}
			committed[t] = at
		}
	}
	for _, kind := range []func(t string) func(*stream.Record) error{
		func(t string) func(*stream.Record) error {
			if r.Names.Channel(t) != "" {
				return r.raw(committed[t])
			}
			return nil
		},
		func(t string) func(*stream.Record) error {
			if r.Names.Dataset(t) != "" {
				return r.signal(r.Names.Dataset(t), committed[t])
			}
			return nil
		},
		func(t string) func(*stream.Record) error {
			if t == r.Names.Outcomes() {
				return r.outcome
			}
			return nil
		},
	} {
		if err := r.scan(ctx, kind); err != nil {
			return nil, err
		}
	}
	return r.books(), nil
}

// consumerOf is the service that reads a topic; "": none of ours.
func (r *Reader) consumerOf(t string) string {
	switch {
	case r.Names.Channel(t) != "":
		return string(fault.Normalizer)
	case r.Names.Dataset(t) != "":
		return string(fault.Forwarder)
	}
	return ""
}

// scan reads the topics of a kind.
func (r *Reader) scan(ctx context.Context, kind func(t string) func(*stream.Record) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readers)
	for _, t := range r.Topics {
		if read := kind(t); read != nil {
			group.Go(func() error {
				if err := r.Kafka.Scan(ctx, t, r.from(t), read); err != nil {
					return fmt.Errorf("reading %s: %w", t, err)
				}
				return nil
			})
		}
	}
	return group.Wait()
}

// from is when the records of a topic begin that matter.
func (r *Reader) from(t string) time.Time {
	if t == r.Names.Outcomes() && !r.Since.IsZero() {
		return r.Since.Add(-clockSkew)
	}
	return r.Since
}

// isPending says whether a record is still to be consumed. A group that has committed nothing has consumed nothing.
func isPending(committed map[int]int64, rec *stream.Record) bool {
	at, ok := committed[rec.Partition]
	return !ok || rec.Offset >= at
}

// raw reads a channel's topic.
func (r *Reader) raw(committed map[int]int64) func(*stream.Record) error {
	var raw event.Raw // of this topic alone: topics are read at the same time
	return func(rec *stream.Record) error {
		if rec.Time.Before(r.Since) || !r.Until.IsZero() && !rec.Time.Before(r.Until) { // Kafka's order is not that of arrival
			return nil
		}
		if raw.Decode(rec.Value) != nil {
			return nil // what is no event of ours becomes a letter without a source: nobody accepted it
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		e, made := r.ids.of(r.ids.hash(raw.Source, raw.Trust, raw.ID))
		if e.pending = e.pending || isPending(committed, rec); made {
			e.arrived = uint32(rec.Time.Unix())
			e.channel, e.source = r.names.of(raw.Channel), r.names.of(raw.Source)
			e.dataset = r.names.of([]byte(r.Dataset(string(raw.Source))))
			return nil
		}
		e.repeats++
		e.arrived = min(e.arrived, uint32(rec.Time.Unix()))
		return nil
	}
}

// signal reads a dataset's topic.
func (r *Reader) signal(dataset string, committed map[int]int64) func(*stream.Record) error {
	return func(rec *stream.Record) error {
		_, source, _ := event.SplitSource(rec.Header("ce_source"))
		r.mu.Lock()
		defer r.mu.Unlock()
		e := r.ids.known(r.ids.hash(source, event.SignalTrust(rec), rec.Key))
		if e == nil {
			return nil // it arrived at another time
		}
		e.dataset, e.event = r.names.of([]byte(dataset)), r.names.of(rec.Header("ce_eventname"))
		e.value, e.currency = amountOf(rec.Header("ce_value")), r.names.of(rec.Header("ce_currency"))
		e.pending = e.pending || isPending(committed, rec)
		return nil
	}
}

var (
	lossMark = []byte(`"lost":`)
	places   = maphash.MakeSeed()
)

// outcome reads fates and losses.
func (r *Reader) outcome(rec *stream.Record) error {
	if bytes.Contains(rec.Value, lossMark) {
		if l, err := event.DecodeLoss(rec.Value); err == nil && l != nil && !l.NoticedAt.Before(r.Since) {
			r.mu.Lock()
			r.losses[l.ID()] = l.Count // it may be written again
			r.mu.Unlock()
		}
	}
	o, err := event.DecodeOutcome(rec.Value)
	if err != nil {
		return nil // no outcome says nothing of an event
	}
	if o.Stage != fault.Normalizer && o.Stage != fault.Forwarder {
		return nil // what is replayed for somebody's own consumer, or ends there, is not of these books
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range o.Events {
		f := &o.Events[i]
		e := r.ids.known(r.ids.hash([]byte(f.Source), f.Trust, []byte(f.ID)))
		if e == nil {
			continue
		}
		e.end(fates[f.Fate], o.EndedAt.UnixMilli(), uint32(maphash.String(places, fmt.Sprint(f.Topic, f.Partition, f.Offset))))
		if f.Name != "" {
			e.event = r.names.of([]byte(f.Name))
		}
		if o.Dataset != "" {
			e.dataset = r.names.of([]byte(o.Dataset))
		}
		if f.Currency != "" {
			e.value, e.currency = amountOf([]byte(f.Value)), r.names.of([]byte(f.Currency))
		}
	}
	return nil
}
