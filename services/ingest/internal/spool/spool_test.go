package spool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// TestFull: the size bounds what is taken and the file; what is refused is counted and said once; as events leave, there is room.
func TestFull(t *testing.T) {
	for name, more := range map[string]int{"small": 300, "pages": 5000, "large": 300_000} {
		t.Run(name, func(t *testing.T) {
			const size = 2 << 20
			r := newRig(t, func(o *Options) { o.Size = size })
			taken := 0
			request := func() []stream.Record { // of many events, so that few commits are waited for
				var recs []stream.Record
				for i := range max(1, 100_000/more) {
					rec := event("p.events.website", fmt.Sprint(taken, "-", i))
					rec.Value = append(rec.Value, make([]byte, more)...)
					recs = append(recs, rec)
				}
				return recs
			}
			var err error
			for err == nil {
				recs := request()
				if err = r.Put(t.Context(), recs...); err == nil {
					taken += len(recs)
				}
			}
			if !strings.Contains(err.Error(), "full") || !strings.Contains(err.Error(), r.o.Dir) || !strings.Contains(err.Error(), "2MiB") {
				t.Error(err)
			}
			if r.Put(t.Context(), request()...) == nil {
				t.Error("taken, though it is full")
			}
			if n := r.metric("refused_total", "full"); n != float64(2*len(request())) {
				t.Errorf("%v refused", n)
			}
			bytes, events := r.metric("bytes"), r.metric("events")
			if info, err := os.Stat(filepath.Join(r.o.Dir, recordsFile)); err != nil || info.Size() > size*3/2+2<<20 || bytes > size || bytes < size*3/4 || events != float64(taken) {
				t.Errorf("a file of %d bytes, %v bytes of %v events, %d were taken, %v", info.Size(), bytes, events, taken, err)
			}
			if r.Err() == nil || r.log.with("reason=full") != 1 {
				t.Errorf("%v\n%s", r.Err(), r.log)
			}
			k := &kafka{cluster: "one"}
			r.drainOn(k)
			r.await("drained", func() bool { return k.count() == taken && r.metric("events") == 0 })
			r.put("after")
			if r.Err() != nil {
				t.Error(r.Err())
			}
		})
	}
}

// TestAcknowledgedOnlyOnceWritten: Put waits for the disk, and no longer than its context; who has left does not make the others wait.
func TestAcknowledgedOnlyOnceWritten(t *testing.T) {
	r := newRig(t)
	r.store.mu.Lock() // the disk hangs
	ctx, cancel := context.WithCancel(t.Context())
	first, left := make(chan error, 1), make(chan error, 1)
	go func() { first <- r.Put(t.Context(), event("p.events.website", "first")) }()
	r.await("the committer is at it", func() bool { r.mu.Lock(); defer r.mu.Unlock(); return r.reserved > 0 && len(r.waiting) == 0 })
	go func() { left <- r.Put(ctx, event("p.events.website", "left")) }()
	r.await("the second waits", func() bool { r.mu.Lock(); defer r.mu.Unlock(); return len(r.waiting) == 1 })
	large := event("p.events.website", "large")
	large.Value = make([]byte, 1<<20-1000)
	if err := r.Put(t.Context(), slices.Repeat([]stream.Record{large}, 33)...); err == nil || r.metric("refused_total", "slow") != 33 {
		t.Errorf("more waits than memory is for: %v", err)
	}
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) || r.metric("refused_total", "slow") != 34 {
		t.Errorf("left: %v", err)
	}
	select {
	case err := <-first:
		t.Fatalf("answered without the disk: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	r.store.mu.Unlock()
	if err := <-first; err != nil {
		t.Error(err)
	}
	r.put("third")
	if got := r.contents(queued); len(got) != 2 || got[0] != "first" || got[1] != "third" {
		t.Errorf("%v", got)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.reserved != 0 {
		t.Errorf("%d bytes are still reserved", r.reserved)
	}
}

// TestTooLargeForKafka: what Kafka would refuse for sure is refused here.
func TestTooLargeForKafka(t *testing.T) {
	r := newRig(t)
	rec := event("p.events.website", "large")
	rec.Value = make([]byte, topic.MaxRecordBytes)
	if err := r.Put(t.Context(), event("p.events.website", "a"), rec); !errors.Is(err, stream.ErrTooLarge) || r.metric("events") != 0 {
		t.Errorf("%v", err)
	}
}

// TestClosed: a closed spool takes nothing, and its folder is free.
func TestClosed(t *testing.T) {
	r := newRig(t)
	r.put("a")
	s := r.Spool
	r.close()
	if err := s.Put(t.Context(), event("p.events.website", "b")); err == nil {
		t.Error("taken")
	}
	r.open()
	if got := r.contents(queued); len(got) != 1 || r.metric("oldest_age_seconds") < time.Since(arrival).Seconds()-60 {
		t.Errorf("%v, oldest %v", got, r.metric("oldest_age_seconds"))
	}
}
