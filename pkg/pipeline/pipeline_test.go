package pipeline

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

func TestMain(m *testing.M) { kafkatest.Main(m) }

// outbox keeps what was published; fail holds the errors that it returns first.
type outbox struct {
	fail []error
	got  []stream.Record
}

func (o *outbox) Publish(_ context.Context, recs ...stream.Record) error {
	if len(o.fail) > 0 {
		err := o.fail[0]
		o.fail = o.fail[1:]
		return err
	}
	o.got = append(o.got, recs...)
	return nil
}

func testChain(t *testing.T, o *outbox, giveUp time.Duration, h Handler) (Handler, *letters) {
	t.Helper()
	m, err := newMetrics("test", nil)
	if err != nil {
		t.Fatal(err)
	}
	l := &letters{stage: "test", topic: "deadletters", publisher: o, metrics: m, now: time.Now}
	return chain(h, l, retry{pauses: Backoff{}.pauses(), giveUp: giveUp, log: slog.New(slog.DiscardHandler)}, m), l
}

func record() *stream.Record {
	return &stream.Record{Topic: "signals.shop", Partition: 2, Offset: 7, Key: []byte("id-1"), Value: []byte("value"), Time: time.Unix(1, 0)}
}

func TestTransientErrorIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, tries := &outbox{}, 0
		h, l := testChain(t, o, 0, func(context.Context, *stream.Record) error {
			if tries++; tries < 5 {
				return errors.New("dialing")
			}
			return nil
		})
		if err := h(t.Context(), record()); err != nil || tries != 5 || len(o.got) != 0 {
			t.Errorf("%v after %d tries, %d dead letters", err, tries, len(o.got))
		}
		if n := testutil.ToFloat64(l.metrics.records.WithLabelValues(retried)); n != 4 {
			t.Errorf("%v retried", n)
		}
	})
}

func TestEndsBecomeDeadLetters(t *testing.T) {
	for name, c := range map[string]struct {
		handle   Handler
		reason   fault.Reason
		detail   string
		attempts int
	}{
		"fault": {func(context.Context, *stream.Record) error { return fault.New(fault.InvalidField, "value") }, fault.InvalidField, "value", 1},
		"panic": {func(context.Context, *stream.Record) error { panic("jane@example.com") }, fault.Panic, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			o := &outbox{}
			h, _ := testChain(t, o, 0, c.handle)
			if err := h(t.Context(), record()); err != nil {
				t.Fatal(err)
			}
			if len(o.got) != 1 {
				t.Fatalf("%d dead letters", len(o.got))
			}
			var d event.DeadLetter
			if err := d.Decode(&o.got[0]); err != nil {
				t.Fatal(err)
			}
			if d.Reason != c.reason || d.Detail != c.detail || d.Attempts != c.attempts || d.Topic != "signals.shop" || d.Offset != 7 || d.Stage != "test" {
				t.Errorf("dead letter: %+v", d)
			}
			if string(o.got[0].Value) != "value" || string(o.got[0].Key) != "id-1" {
				t.Errorf("record: %s %s", o.got[0].Key, o.got[0].Value)
			}
		})
	}
}

func TestGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &outbox{}
		h, _ := testChain(t, o, time.Hour, func(context.Context, *stream.Record) error { return errors.New("down") })
		began := time.Now()
		if err := h(t.Context(), record()); err != nil || len(o.got) != 1 {
			t.Fatalf("%v, %d dead letters", err, len(o.got))
		}
		if took := time.Since(began); took < time.Hour || took > time.Hour+31*time.Second {
			t.Errorf("given up after %s", took)
		}
		if r := string(o.got[0].Header("dlq_reason")); r != string(fault.Failed) {
			t.Errorf("reason %s", r)
		}
	})
}

func TestDeadLetterThatCantBeWrittenHoldsTheRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := errors.New("no leader")
		o := &outbox{fail: slices.Repeat([]error{down}, 1000)}
		h, l := testChain(t, o, 0, func(context.Context, *stream.Record) error { return fault.New(fault.NoIdentity, "") })
		generation, end := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- h(withStop(t.Context(), generation), record()) }()
		<-time.After(time.Minute) // of the bubble
		if err := l.ready(); !errors.Is(err, down) {
			t.Errorf("ready: %v", err)
		}
		end()
		if err := <-ended; !errors.Is(err, down) {
			t.Errorf("%v, want an error: nothing may be settled", err)
		}
	})
}

func TestStopEndsAPauseAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := testChain(t, &outbox{}, 0, func(context.Context, *stream.Record) error { return errors.New("down") })
		generation, end := context.WithCancel(t.Context())
		chunks := make(chan stream.Chunk, 1)
		chunks <- stream.Chunk{Topic: "signals.shop", Records: []stream.Record{*record(), *record()}}
		done := make(chan struct{})
		go func() { defer close(done); work("audience", h)(generation, t.Context(), chunks) }()
		<-time.After(10 * time.Minute) // of the bubble: pauses are long by now
		began := time.Now()
		end()
		close(chunks)
		<-done
		if took := time.Since(began); took != 0 {
			t.Errorf("the stop took %s", took)
		}
	})
}

// TestReplayForAnother: a record that was replayed for another stage is passed by, one for this stage is handled.
func TestReplayForAnother(t *testing.T) {
	replayed := func(stage string) stream.Record {
		r := *record()
		letter := (&event.DeadLetter{Stage: fault.Stage(stage), Reason: fault.Failed, Topic: r.Topic}).Record("deadletters", r.Key, &r)
		return (&event.DeadLetter{Stage: fault.Stage(stage), Topic: r.Topic}).Replay(&letter)
	}
	chunks := make(chan stream.Chunk, 1)
	chunks <- stream.Chunk{Topic: "signals.shop", Records: []stream.Record{*record(), replayed("forwarder"), replayed("audience"), replayed("report")}}
	close(chunks)
	var handled []string
	work("audience", func(_ context.Context, r *stream.Record) error {
		handled = append(handled, string(r.Header("dlq_stage")))
		return nil
	})(t.Context(), t.Context(), chunks)
	if !slices.Equal(handled, []string{"", "audience"}) {
		t.Errorf("handled those of %q", handled)
	}
}

func TestConfigSaysAllThatIsMissing(t *testing.T) {
	_, err := New(Config{Name: "Bad Name", GiveUp: -1}, nil)
	for _, want := range []string{"name", "topics", "client", "log", "give-up"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}

// TestRealKafka runs a consumer for real: one record fails for a while, one for good, all are settled, none is lost.
func TestRealKafka(t *testing.T) {
	c, n := kafkatest.Client(t), kafkatest.Names(t)
	kafkatest.Create(t, c, n, 2, "shop")
	from := n.Signals("shop")
	p := c.NewProducer(stream.ProducerConfig{})
	for _, id := range []string{"a", "b", "c", "d"} {
		if err := p.Publish(t.Context(), stream.Record{Topic: from, Key: []byte(id), Value: []byte(id)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 90*time.Second)
	defer stop()
	handledIDs, failedOnce := make(chan string, 8), false
	reg := prometheus.NewRegistry()
	pipe, err := New(Config{
		Name: "test", Topics: []string{from}, Names: n, Client: c, Log: slog.New(slog.DiscardHandler), Registry: reg,
		Backoff: Backoff{Min: time.Millisecond, Max: time.Millisecond},
	}, func(_ context.Context, r *stream.Record) error {
		switch id := string(r.Value); {
		case id == "b":
			handledIDs <- "dead"
			return fault.New(fault.InvalidField, "value")
		case id == "c" && !failedOnce:
			failedOnce = true
			return errors.New("dialing")
		default:
			handledIDs <- id
			return nil
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- pipe.Run(ctx) }()
	var got []string
	for range 4 {
		select {
		case id := <-handledIDs:
			got = append(got, id)
		case <-ctx.Done():
			t.Fatalf("handled only %v", got)
		}
	}
	if err := pipe.Ready(); err != nil {
		t.Errorf("ready: %v", err)
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	if !slices.Equal(got, []string{"a", "c", "d", "dead"}) {
		t.Errorf("handled %v", got)
	}
	letters := 0
	if err := c.Scan(t.Context(), n.DeadLetters(), time.Time{}, func(*stream.Record) error { letters++; return nil }); err != nil || letters != 1 {
		t.Errorf("%d dead letters, %v", letters, err)
	}
}
