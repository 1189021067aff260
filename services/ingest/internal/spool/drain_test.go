package spool

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestDrainsInOrder: what was put goes to Kafka as it was, in order of arrival, also over a restart; then the file has nothing of
// it any more, and both ends of the outage stand in the log once.
func TestDrainsInOrder(t *testing.T) {
	r := newRig(t)
	k := &kafka{cluster: "one", down: errDown}
	stop := r.drainOn(k)
	want := ids("a", 30)
	r.put(want[:20]...)
	many := ids("b", 1100) // more than a batch
	if err := r.store.putAll(many); err != nil {
		t.Fatal(err)
	}
	want = append(want[:20], many...)
	r.await("it tries", func() bool { return r.log.with("kafka takes no events") == 1 })
	stop()
	r.close()
	r.open()
	r.put("last")
	want = append(want, "last")
	other := event("p.events.store", "other")
	other.Key, other.Headers = nil, nil
	if err := r.Put(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	k.set(func() { k.down = nil })
	r.drainOn(k)
	r.await("drained", func() bool { return r.metric("events") == 0 })
	if diff := cmp.Diff(want, k.ids("p.events.website")); diff != "" {
		t.Errorf("order: %s", diff)
	}
	if diff := cmp.Diff(event("p.events.website", "a-0"), k.recs[0], cmp.Comparer(equalTimes)); diff != "" {
		t.Errorf("the record: %s", diff)
	}
	if diff := cmp.Diff(other, k.recs[len(k.recs)-1], cmp.Comparer(equalTimes)); diff != "" {
		t.Errorf("the other: %s", diff)
	}
	if n := r.log.with("the spool is drained"); n != 1 {
		t.Errorf("%d lines say that it is drained\n%s", n, r.log)
	}
	r.await("the file is new", func() bool { return !inFile(t, r.o.Dir, "jane@example.com") })
	if s, d, age := r.metric("spooled_total"), r.metric("drained_total"), r.metric("oldest_age_seconds"); s != 2 || d != float64(len(want)+1) || age != 0 {
		t.Errorf("%v spooled in this process, %v drained, oldest %v", s, d, age)
	}
	r.put("after") // the new file takes records too
	r.await("drained again", func() bool { return slices.Contains(k.ids(""), "after") })
}

// inFile says whether a text stands in the file of records.
func inFile(t *testing.T, dir, text string) bool {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, recordsFile))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(b, []byte(text))
}

// TestRefusedIsSetAside: what Kafka refuses holds up nothing else, is counted, outlives restarts, and is drained once Kafka takes it.
func TestRefusedIsSetAside(t *testing.T) {
	r := newRig(t)
	k := &kafka{cluster: "one"}
	k.refuse = func(rec *stream.Record) error {
		switch {
		case rec.Topic == "p.events.gone":
			return fmt.Errorf("publishing: %w", stream.ErrMissing)
		case idOf(rec) == "large":
			return &stream.TooLargeError{}
		}
		return nil
	}
	for _, id := range []string{"gone-1", "gone-2"} {
		if err := r.Put(t.Context(), event("p.events.gone", id)); err != nil {
			t.Fatal(err)
		}
	}
	r.put("large", "a", "b")
	stop := r.drainOn(k)
	r.await("the others are drained", func() bool { return r.metric("set_aside_events") == 3 && r.metric("drained_total") == 2 })
	if diff := cmp.Diff([]string{"a", "b"}, k.ids("")); diff != "" {
		t.Error(diff)
	}
	if a, b, n := r.metric("set_aside_total", "no_topic"), r.metric("set_aside_total", "too_large"), r.metric("events"); a != 2 || b != 1 || n != 3 {
		t.Errorf("no topic %v, too large %v, held %v", a, b, n)
	}
	if n := r.log.with("kafka refuses events of the spool"); n != 1 || strings.Contains(r.log.String(), "jane@") {
		t.Errorf("%d lines:\n%s", n, r.log)
	}
	stop()
	r.close()
	k.set(func() { k.refuse = nil })
	r.open()
	r.drainOn(k)
	r.await("all is drained", func() bool { return r.metric("events") == 0 })
	if diff := cmp.Diff([]string{"a", "b", "gone-1", "gone-2", "large"}, k.ids("")); diff != "" {
		t.Error(diff)
	}
}

// TestUnavailableStays: what is not answered stays, and what of a batch was answered is not sent again.
func TestUnavailableStays(t *testing.T) {
	r := newRig(t)
	k := &kafka{cluster: "one", refuse: func(rec *stream.Record) error {
		if strings.HasPrefix(idOf(rec), "b") {
			return errDown
		}
		return nil
	}}
	r.put("a", "b-1", "c", "b-2", "d")
	r.drainOn(k)
	r.await("it goes on trying", func() bool {
		k.mu.Lock()
		defer k.mu.Unlock()
		return k.tries > 3
	})
	if diff := cmp.Diff([]string{"b-1", "b-2"}, r.contents(queued)); diff != "" || r.metric("events") != 2 {
		t.Error(diff)
	}
	k.set(func() { k.refuse = nil })
	r.await("drained", func() bool { return r.metric("events") == 0 })
	if diff := cmp.Diff([]string{"a", "c", "d", "b-1", "b-2"}, k.ids("")); diff != "" {
		t.Error(diff)
	}
}

// TestDrainWhilePutting: callers put while the drain takes out; each event goes to Kafka once.
func TestDrainWhilePutting(t *testing.T) {
	r := newRig(t)
	k := &kafka{cluster: "one"}
	r.drainOn(k)
	done := make(chan error)
	const callers, each = 4, 50
	for c := range callers {
		go func() {
			for i := range each {
				if err := r.Put(t.Context(), event("p.events.website", fmt.Sprintf("%d-%d", c, i))); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range callers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	r.await("drained", func() bool { return r.metric("events") == 0 && k.count() >= callers*each })
	got := k.ids("")
	slices.Sort(got)
	if n := len(slices.Compact(got)); n != callers*each || k.count() != n {
		t.Errorf("%d events, %d of them different", k.count(), n)
	}
	if bytes := r.metric("bytes"); bytes != 0 {
		t.Errorf("%v bytes are left", bytes)
	}
}

// TestAnotherInstallation: a spool with events of another prefix or cluster is refused: at the start as far as it is known then, and
// as soon as Kafka says who it is; an empty one, or one whose mark was removed, is taken.
func TestAnotherInstallation(t *testing.T) {
	r := newRig(t)
	r.put("a")
	first := &kafka{cluster: "one", down: errDown}
	stop := r.drainOn(first)
	r.await("marked", func() bool { m, err := readInstallation(r.o.Dir); return err == nil && m.ClusterID == "one" })
	stop()
	r.close()

	r.o.Prefix = "other."
	if err := r.try(); err == nil || !strings.Contains(err.Error(), r.o.Dir) || !strings.Contains(err.Error(), `"p."`) || !strings.Contains(err.Error(), "run: rm") {
		t.Errorf("another prefix: %v", err)
	}
	r.o.Prefix = "p."
	r.open() // Kafka is away: nobody can know
	r.put("b")
	second := &kafka{}
	stop = r.drainOn(second)
	second.set(func() { second.cluster = "two" })
	r.await("it is noticed", func() bool { return r.Err() != nil })
	if err := r.Put(t.Context(), event("p.events.website", "c")); err == nil || !strings.Contains(err.Error(), `"one"`) || r.metric("refused_total", "foreign") != 1 {
		t.Errorf("put: %v", err)
	}
	if second.count() != 0 {
		t.Error("events went to another cluster")
	}
	if n := r.log.with("level=ERROR"); n != 1 {
		t.Errorf("%d errors in the log\n%s", n, r.log)
	}
	stop()
	r.close()

	r.open() // with the cluster that it is for, all is well
	first.set(func() { first.down = nil })
	stop = r.drainOn(first)
	r.await("drained", func() bool { return first.count() == 2 && r.metric("events") == 0 })
	stop()
	r.close()

	r.open() // empty: it may go to another cluster
	stop = r.drainOn(second)
	r.await("adopted", func() bool { m, err := readInstallation(r.o.Dir); return err == nil && m.ClusterID == "two" })
	stop()
	r.put("d")
	r.close()

	if err := os.Remove(filepath.Join(r.o.Dir, installationFile)); err != nil {
		t.Fatal(err)
	}
	r.open()
	if n := r.log.with("does not say whose it is"); n != 1 {
		t.Errorf("%d lines\n%s", n, r.log)
	}
	r.drainOn(first)
	r.await("drained", func() bool { return slices.Contains(first.ids(""), "d") })
}
