package lane

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// corrected is a signal of the same name and id as the first, and with another value; its record has other bytes.
func corrected(id string) event.Signal {
	s := signal(id)
	s.Value = []byte("19.50")
	return s
}

// refuse has Meta refuse the events of these ids, for a fault of theirs.
func (h *harness) refuse(ids ...string) {
	h.meta.set(func(posted []string) Answer {
		for i, id := range posted {
			if slices.Contains(ids, id) {
				a := failed(capi.Invalid, 400, 100, 2804019)
				a.EventIndex, a.EventFault = i, true
				return a
			}
		}
		return ok()
	})
}

// TestCorrectedResend: an event that ended dead, corrected and sent again under the same name and id, is no duplicate: there
// is nothing that it doubles. However it died; and a repeat of what was delivered still is one.
func TestCorrectedResend(t *testing.T) {
	for name, c := range map[string]struct {
		first  func() event.Signal
		refuse bool
		reason fault.Reason
	}{
		"refused":   {func() event.Signal { return signal("a") }, true, fault.Refused},
		"expired":   {func() event.Signal { s := signal("a"); s.Time = s.Time.Add(-169 * time.Hour); return s }, false, fault.Expired},
		"malformed": {func() event.Signal { s := signal("a"); s.Params = []byte(`{"data":[`); return s }, false, fault.Undecodable},
		"oversize":  {func() event.Signal { s := signal("a"); s.Params = fmt.Appendf(nil, `{"p":"%02000d"}`, 0); return s }, false, fault.Oversize},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := config()
				cfg.Limits.Bytes = 2000
				h := start(t, cfg)
				if c.refuse {
					h.refuse("a")
				}
				h.feed(0, c.first())
				wait(3 * time.Second)
				h.want(fault.Dead, c.reason, 1)
				h.meta.set(func([]string) Answer { return ok() })
				h.feed(0, corrected("a"))
				wait(3 * time.Second)
				h.want(fault.Delivered, fault.None, 1)
				h.feed(0, corrected("a"), signal("a"))
				wait(3 * time.Second)
				h.want(fault.Delivered, fault.None, 1)
				h.want(fault.Dropped, fault.Duplicate, 2)
				h.wantSettled(4)
				h.end()
			})
		})
	}
}

// TestRepeatOfWhatThenDies: a repeat that comes while the first is on its way is not dropped before the first is delivered.
// When that one is dead, one repeat is sent, and the others wait for it.
func TestRepeatOfWhatThenDies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.meta.took = 5 * time.Second
		refused := 0
		h.meta.set(func(ids []string) Answer {
			if ids[0] != "a" || refused == 2 {
				return ok()
			}
			if len(ids) == 1 {
				refused++
			}
			a := failed(capi.Invalid, 400, 100, 2804019)
			a.EventIndex, a.EventFault = 0, true
			return a
		})
		h.feed(0, signal("a"), signal("a"), corrected("a"), signal("a"), signal("a"))
		h.feed(1, signal("b"), signal("b"))
		wait(4 * time.Second)
		h.want(fault.Dropped, fault.Duplicate, 0)
		wait(time.Minute)
		h.want(fault.Dead, fault.Refused, 2)
		h.want(fault.Delivered, fault.None, 2)
		h.want(fault.Dropped, fault.Duplicate, 3)
		h.wantSettled(7)
		h.end()
	})
}

// TestResendAfterTakeover: of what the owner before has ended nobody knows how. The same bytes are a duplicate; what was
// corrected is sent, once. A sender's parameters are sent too, so they belong to the bytes.
func TestResendAfterTakeover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		tagged := signal("b")
		tagged.Params = []byte(`{"partner_agent":"x"}`)
		lc, _ := h.chunkOf(0, []event.Signal{signal("a"), signal("b"), signal("c")})
		lc.History = true
		h.in <- lc
		ac, cs := h.chunkOf(0, []event.Signal{signal("a"), signal("a"), tagged, signal("c"), signal("c")})
		ac.Records[1].Value = []byte(`{"event_name":"Purchase","event_id":"a","custom_data":{"value":1}}`)
		h.chunks = append(h.chunks, cs)
		h.in <- ac
		wait(3 * time.Second)
		if got := h.bus.ids(fault.Delivered, fault.None); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("delivered %v", got)
		}
		if got := h.bus.ids(fault.Dropped, fault.Duplicate); !slices.Equal(got, []string{"a", "c", "c"}) {
			t.Errorf("duplicates %v", got)
		}
		h.wantSettled(5)
		h.end()
	})
}

// TestFloodOfRepeats (F49): however many repeats come while the first is on its way, the lane holds a window of them and reads on
// once it knows; all are dropped, other events go out in the meantime, and nothing stands still.
func TestFloodOfRepeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.InFlight, cfg.Limits.Events = 1, 10
		h := start(t, cfg)
		h.meta.took = time.Minute
		flood := make([]event.Signal, 500)
		for i := range flood {
			flood[i] = signal("a")
		}
		lc, c := h.chunkOf(0, append(flood, signals(0, 5)...))
		h.chunks = append(h.chunks, c)
		h.in <- lc
		wait(30 * time.Second)
		h.want(fault.Dropped, fault.Duplicate, 0)
		wait(10 * time.Minute)
		h.want(fault.Dropped, fault.Duplicate, 499)
		h.want(fault.Delivered, fault.None, 6)
		h.wantSettled(505)
		h.end()
	})
}

// TestHeldRepeatIsReadAgain: a stop settles nothing that waits for the end of another; the next owner reads it again.
func TestHeldRepeatIsReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.meta.took = time.Hour
		h.feed(0, signal("a"), signal("a"))
		wait(5 * time.Second)
		h.stop()
		wait(8 * time.Second)
		h.kill()
		<-h.done
		h.wantSettled(0)
		h.meta.took = time.Second
		h.generation()
		h.offsets[0] = 0
		h.feed(0, signal("a"), signal("a"))
		wait(5 * time.Second)
		h.want(fault.Delivered, fault.None, 1)
		h.want(fault.Dropped, fault.Duplicate, 1)
		h.wantSettled(2)
		h.end()
	})
}

// TestHeldPastDeadline: a repeat whose own deadline passes while it waits is dead when the first is, and a duplicate else.
func TestHeldPastDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.meta.set(func([]string) Answer { return failed(capi.Transient, 503, 2, 0) })
		old := signal("a")
		old.EventTime = time.Now().Add(-5 * 24 * time.Hour).Unix()
		h.feed(0, signal("a"), old)
		wait(3 * 24 * time.Hour)
		h.wantSettled(0)
		wait(6 * 24 * time.Hour)
		h.want(fault.Dead, fault.Expired, 2)
		h.wantSettled(2)
		h.end()
	})
}

// TestReplayForAnother: a letter of somebody's own consumer is replayed to the topic that the lane reads too. The lane sent
// that event when it came first: it passes it by, without a fate, and it is no copy that makes a duplicate of another.
func TestReplayForAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		replay := func(stage string) event.Signal {
			s := signal("a")
			s.Replays, s.ReplayFor = 1, []byte(stage)
			return s
		}
		lc, _ := h.chunkOf(0, []event.Signal{replay("audience")})
		lc.History = true
		h.in <- lc
		broken, c := h.chunkOf(0, []event.Signal{replay("audience")})
		broken.Records[0].Headers = broken.Records[0].Headers[len(broken.Records[0].Headers)-2:] // it is not even readable
		h.chunks = append(h.chunks, c)
		h.in <- broken
		h.feed(0, replay("audience"))
		wait(3 * time.Second)
		h.wantSettled(2)
		if n := h.meta.count() + len(h.bus.fates); n != 0 {
			t.Fatalf("%d posts and fates", n)
		}
		h.feed(0, signal("a"), replay("audience"), replay("forwarder"))
		wait(3 * time.Second)
		h.want(fault.Delivered, fault.None, 2)
		h.wantSettled(5)
		h.end()
	})
}
