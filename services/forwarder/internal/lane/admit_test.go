package lane

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

func TestDuplicates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.Dedup = 10
		h := start(t, cfg)
		lc, _ := h.chunkOf(0, []event.Signal{signal("h1")})
		lc.History = true
		h.in <- lc

		replay := signal("a")
		replay.Replays = 1
		renamed := signal("a")
		renamed.EventName = []byte("Lead")
		h.feed(0, signal("h1"))                      // known from before the committed offset
		h.feed(0, signal("a"), signal("a"), renamed) // the second is a duplicate, another name is not
		h.feed(1, signal("a"))                       // another partition is none
		h.feed(0, replay, signal("a"))               // a replay never is; after it the sender's repeat still is
		wait(3 * time.Second)
		if got := h.bus.ids(fault.Dropped, fault.Duplicate); !slices.Equal(got, []string{"a", "a", "h1"}) {
			t.Errorf("duplicates %v", got)
		}
		h.want(fault.Delivered, fault.None, 4)
		h.wantSettled(7)

		h.feed(0, signals(0, 10)...) // 10 records later it is forgotten
		h.feed(0, signal("a"))
		wait(3 * time.Second)
		h.want(fault.Delivered, fault.None, 15)
		h.end()
	})
}

// TestUndecodableCountsAsRecord: the filter looks back over records, readable or not.
func TestUndecodableCountsAsRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.Dedup = 2
		h := start(t, cfg)
		lc, c := h.chunkOf(0, []event.Signal{signal("a"), signal("x"), signal("y"), signal("a"), signal("b"), signal("a")})
		lc.Records[1].Headers, lc.Records[2].Headers = nil, nil
		h.chunks = append(h.chunks, c)
		h.in <- lc
		wait(3 * time.Second)
		if got := h.bus.ids(fault.Dropped, fault.Duplicate); !slices.Equal(got, []string{"a"}) {
			t.Errorf("duplicates %v", got)
		}
		h.want(fault.Delivered, fault.None, 3)
		h.end()
	})
}

// TestDuplicateCheckedOnce: an event that waits for room is not taken for its own duplicate.
func TestDuplicateCheckedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.InFlight, cfg.Limits.Events = 1, 3
		h := start(t, cfg)
		h.feed(0, signals(0, 50)...)
		wait(time.Minute)
		h.want(fault.Delivered, fault.None, 50)
		h.end()
	})
}

func TestEndsBeforeAnyPost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.Limits.Bytes = 1000
		h := start(t, cfg)
		late := signal("late")
		late.EventTime = time.Now().Add(-7*24*time.Hour + 30*time.Minute).Unix()
		overdue := signal("overdue")
		overdue.Time = time.Now().Add(-169 * time.Hour)
		h.feed(0, late, signal("fresh"), overdue)

		broken := stream.Record{Topic: "signals.shop", Partition: 3, Key: []byte("broken"), Value: []byte("{}")}
		huge := signal("huge")
		big := huge.Record("signals.shop", []byte(`{"x":"`+fmt.Sprintf("%01000d", 0)+`"}`))
		big.Partition, big.Offset = 3, 1
		c := &chunk{h: h, records: []stream.Record{broken, big}, settled: make([]bool, 2)}
		h.chunks = append(h.chunks, c)
		h.in <- Chunk{Partition: 3, Records: c.records, Settler: c}
		wait(3 * time.Second)
		h.want(fault.Dead, fault.Expired, 2)
		h.want(fault.Dead, fault.Oversize, 1)
		if l := h.bus.letters["broken"]; !l.Reason.Known() || l.Partition != 3 {
			t.Errorf("dead letter %+v", l)
		}
		h.want(fault.Delivered, fault.None, 1)
		h.wantSettled(5)
		if n := h.meta.count(); n != 1 {
			t.Errorf("%d posts", n)
		}
		h.end()
	})
}
