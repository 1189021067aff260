package disk

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index/indextest"
)

// load makes outcomes of a shop: 1 of 50 events is dead, ids are those of orders, arrivals go on by a millisecond.
type load struct {
	events, offset int64
	together       int64 // events of an outcome
}

func (l *load) next() index.Record {
	at := indextest.Start.Add(time.Duration(l.events) * time.Millisecond)
	o := &event.Outcome{
		BatchID: event.NewBatchID(), Stage: fault.Forwarder, Dataset: "shop", FBTraceID: "A" + event.NewBatchID()[:21], Attempts: 1, StartedAt: at, EndedAt: at.Add(time.Second),
	}
	for range l.together {
		f := event.EventFate{
			ID: l.id(l.events), Name: [...]string{"Purchase", "PageView", "AddToCart", "Lead"}[l.events%4], Channel: "website", Source: "shop", Trust: event.Proven,
			Fate: fault.Delivered, Topic: "omnicapi.signals.shop", Partition: int(l.events/l.together) % 12, Offset: l.events/l.together/12*l.together + l.events%l.together,
			ArrivedAt: at.Add(time.Duration(l.events%l.together) * time.Millisecond),
		}
		if l.events%4 == 0 {
			f.Value, f.Currency = "49.90", "EUR"
		}
		if l.events%50 == 0 {
			f.Fate, f.Reason, f.Detail = fault.Dead, fault.Refused, "100/2804019"
		}
		o.Events = append(o.Events, f)
		l.events++
	}
	l.offset++
	return index.Record{Place: index.Place{Partition: int(l.offset % 12), Offset: l.offset / 12, Time: at}, Outcome: o}
}

// id is as random as a UUID, which is what many senders give.
func (*load) id(n int64) string {
	rng := rand.New(rand.NewPCG(uint64(n), 7))
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", rng.Uint32(), rng.Uint32()&0xffff, rng.Uint32()&0xfff, rng.Uint32()&0xffff, rng.Uint64()&0xffffffffffff)
}

func benchStore(b *testing.B) *Store {
	b.Helper()
	s, err := Open(Options{Dir: filepath.Join(b.TempDir(), "ledger"), Log: slog.New(slog.DiscardHandler), Reserve: 1})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}

// BenchmarkApply is 4000 events into the store, in outcomes of a lane under load or of one event each; B/event is what lies on the disk
// afterwards, all compacted.
func BenchmarkApply(b *testing.B) {
	for _, together := range []int64{500, 1} {
		b.Run(fmt.Sprint("together=", together), func(b *testing.B) { benchApply(b, together) })
	}
}

func benchApply(b *testing.B, together int64) {
	b.Helper()
	s, l := benchStore(b), &load{together: together}
	batch := make([]index.Record, 0, 4000/together)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		batch = batch[:0]
		for len(batch) < cap(batch) {
			batch = append(batch, l.next())
		}
		b.StartTimer()
		if err := s.Apply(batch); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(l.events)/b.Elapsed().Seconds(), "events/s")
	if err := s.db.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := s.db.Compact(b.Context(), []byte{0}, []byte{0xff}, false); err != nil {
		b.Fatal(err)
	}
	var bytes uint64
	for _, level := range s.db.Metrics().Levels {
		bytes += uint64(level.TablesSize)
	}
	b.ReportMetric(float64(bytes)/float64(l.events), "B/event")
}

// BenchmarkEvent is a look-up of one of a million events.
func BenchmarkEvent(b *testing.B) {
	s, l := benchStore(b), &load{together: 500}
	for l.events < 1_000_000 {
		if err := s.Apply([]index.Record{l.next(), l.next(), l.next(), l.next()}); err != nil {
			b.Fatal(err)
		}
	}
	rng := rand.New(rand.NewPCG(1, 8))
	b.ReportAllocs()
	for b.Loop() {
		found, err := s.Event(l.id(rng.Int64N(l.events)))
		if err != nil || len(found.Fates) != 1 {
			b.Fatalf("%+v, %v", found, err)
		}
	}
}
