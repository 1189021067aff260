package suppression

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/record"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// script is a topic that says what a test has it say.
type script chan func(stream.Follower)

func (s script) follow(ctx context.Context, _ string, f stream.Follower) error {
	for {
		select {
		case say := <-s:
			say(f)
		case <-ctx.Done():
			return nil
		}
	}
}

// bench is a reader of a script, in a bubble.
type bench struct {
	*Reader
	script script
	log    bytes.Buffer
	begun  bool
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{script: make(script)}
	b.Reader = newReader(b.script.follow, "t.suppressions", slog.New(slog.NewTextHandler(&b.log, nil)), time.Now)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(func() { cancel(); synctest.Wait() })
	go func() { _ = b.Run(ctx) }()
	go func() { _ = b.Then(func(context.Context) error { b.begun = true; return nil })(ctx) }()
	return b
}

func (b *bench) say(fn func(stream.Follower)) {
	b.script <- fn
	synctest.Wait()
}

func (b *bench) want(t *testing.T, what string, begun, ready bool, n int) {
	t.Helper()
	if b.begun != begun || (b.Ready() == nil) != ready || b.List.Len() != n {
		t.Errorf("%s: begun %t, ready %v, %d on the list", what, b.begun, b.Ready(), b.List.Len())
	}
}

func put(t *testing.T, s *event.Suppression) func(stream.Follower) {
	t.Helper()
	rec, err := s.Record("t.suppressions")
	if err != nil {
		t.Fatal(err)
	}
	return func(f stream.Follower) { f.Record(&rec) }
}

func caughtUp(f stream.Follower) { f.CaughtUp() }

// TestNothingBeforeTheList: no event is handled before the list is read to its end; while Kafka is away it stays as it was, and after a
// while the process is not ready.
func TestNothingBeforeTheList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		away := func(f stream.Follower) { f.Failed(errors.New("kafka hangs up")) }
		b.want(t, "at the start", false, false, 0)
		b.say(away)
		b.want(t, "away at the start", false, false, 0)
		if b.log.Len() > 0 {
			t.Errorf("at once: %s", b.log.String())
		}
		<-time.After(moved)
		b.say(away)
		b.say(put(t, listed("em", "jane")))
		b.say(func(f stream.Follower) { f.Record(&record.Record{Key: []byte("CANARY"), Value: []byte("{}")}) })
		b.want(t, "half read", false, false, 1)
		b.say(caughtUp)
		b.want(t, "read", true, true, 1)
		b.say(away)
		b.want(t, "away", true, true, 1)
		<-time.After(stale + time.Second)
		b.say(away)
		b.want(t, "away for long", true, false, 1)
		gone := listed("em", "jane")
		gone.Removed = true
		b.say(put(t, gone))
		b.say(caughtUp)
		b.want(t, "back", true, true, 0)
		if text := b.log.String(); strings.Contains(text, "CANARY") || strings.Count(text, "kafka hangs up") != 2 || !strings.Contains(text, "read again") {
			t.Error(text)
		}
	})
}

// TestNoTopic: an installation from before the topic goes on, and is told once what to run; one to which it is denied is not ready, too.
func TestNoTopic(t *testing.T) {
	for _, denied := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t)
			absent := func(f stream.Follower) { f.Absent(denied, errors.New("it is missing")) }
			b.say(absent)
			b.say(absent)
			b.want(t, "absent", true, !denied, 0)
			if text := b.log.String(); strings.Count(text, "it is missing") != 1 || !strings.Contains(text, "topics apply") {
				t.Error(text)
			}
			b.say(put(t, listed("ph", "1")))
			b.say(caughtUp)
			b.want(t, "made", true, true, 1)
		})
	}
}
