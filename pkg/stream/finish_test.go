package stream

import (
	"errors"
	"testing"
	"time"
)

var testTime = time.Unix(1_700_000_000, 0)

// finished ends a batch of one record as the producer does, after attempts tries, and returns the memory of its bytes.
func finished(p *Producer, attempts int, err error) *byte {
	q := &queue{topic: "t", busy: true}
	b := newRecordBatch(testTime)
	b.add(&Record{Value: []byte("v")}, 0, 0)
	b.encode(stamp{}, true)
	b.attempts, q.sending = attempts, b
	first := &b.raw[0]
	p.finish(q, err)
	return first
}

// TestOnlyUnreadBytesAreReused: a batch's buffer may serve the next batch only if no request can still be reading it.
// One that failed, or was tried again, leaves a request behind that kafka-go may be writing.
func TestOnlyUnreadBytesAreReused(t *testing.T) {
	p := &Producer{drained: make(chan struct{})}
	for _, c := range []struct {
		name     string
		attempts int
		err      error
		reused   bool
	}{
		{"written at once", 1, nil, true},
		{"written by a second attempt", 2, nil, false},
		{"given up", 3, errors.New("no answer"), false},
		{"refused at once", 1, errors.New("refused"), false},
	} {
		reused := false
		for range 200 { // a pool may forget, under the race detector it does so on purpose
			first := finished(p, c.attempts, c.err)
			next := newRecordBatch(testTime)
			reused = reused || &next.raw[0] == first
		}
		if reused != c.reused {
			t.Errorf("%s: reused %v, want %v", c.name, reused, c.reused)
		}
	}
}

// TestPendingIsLetGoFirst: who is woken by an answer and looks at Pending does not see the answered bytes any more.
func TestPendingIsLetGoFirst(t *testing.T) {
	p := &Producer{pending: load{all: 10}, drained: make(chan struct{})}
	q := &queue{topic: "t", busy: true}
	b := newRecordBatch(testTime)
	b.add(&Record{}, 0, 10)
	q.sending = b
	p.mu.Lock() // the bytes cannot be let go now: nobody may be woken
	finished := make(chan struct{})
	go func() { p.finish(q, nil); close(finished) }()
	select {
	case <-b.done:
		t.Error("woken before the bytes were let go")
	case <-time.After(50 * time.Millisecond):
	}
	p.mu.Unlock()
	<-finished
	<-b.done
	if got := p.Pending(); got != 0 {
		t.Errorf("%d bytes pending", got)
	}
}

// TestHalvesAnswerToTheirRoot: the halves of a batch, halved again, end one after another, each with its own error; the
// waiters wake once, after the last, and each finds the error of its record.
func TestHalvesAnswerToTheirRoot(t *testing.T) {
	const n = 8
	p := &Producer{drained: make(chan struct{})}
	q := &queue{topic: "t", partition: 0, busy: true}
	b := newRecordBatch(testTime)
	for i := range n {
		b.add(&Record{Value: []byte{byte(i)}}, 0, 1)
	}
	b.encode(stamp{}, true)
	p.pending, q.sending = load{all: n}, b
	bad := map[int]error{2: errors.New("two"), 5: errors.New("five")}
	for ended := 0; ended < n; {
		switch s := q.take(); {
		case s.count > 1:
			halves := s.split()
			q.sending = nil
			q.again(halves[0], halves[1])
		default:
			select {
			case <-b.done:
				t.Fatalf("woken after %d of %d records", ended, n)
			default:
			}
			if s.offset != ended {
				t.Fatalf("record %d comes after %d", s.offset, ended-1)
			}
			s.encode(stamp{}, true)
			q.sending = s
			if ended++; ended == n {
				q.busy = false
			}
			q.mu.Lock()
			rest := q.waiting
			q.waiting = nil // so that finish schedules nothing
			q.mu.Unlock()
			p.finish(q, bad[s.offset])
			q.waiting = rest
		}
	}
	<-b.done
	for i := range n {
		if got := b.errOf(i); !errors.Is(got, bad[i]) {
			t.Errorf("record %d: %v, want %v", i, got, bad[i])
		}
	}
	if p.pending.all != 0 {
		t.Errorf("%d bytes pending", p.pending.all)
	}
}
