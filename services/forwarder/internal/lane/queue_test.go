package lane

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// TestStoreRowsGoApart: rows older than 7 days never travel with others, also when they become so while they wait.
func TestStoreRowsGoApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		store := func(id string, age time.Duration) event.Signal {
			s := signal(id)
			s.ActionSource, s.EventTime = []byte("physical_store"), time.Now().Add(-age).Unix()
			return s
		}
		day := 24 * time.Hour
		var down atomic.Bool
		down.Store(true)
		h.meta.set(func(ids []string) Answer {
			if down.Load() {
				return failed(capi.Transient, 503, 2, 0)
			}
			if slices.Contains(ids, "old") && slices.Contains(ids, "web") || slices.Contains(ids, "aging") && slices.Contains(ids, "web") {
				t.Errorf("rows travel together: %v", ids)
			}
			return ok()
		})
		h.feed(0, signal("web"), store("old", 20*day), store("aging", 6*day), store("ancient", 63*day))
		wait(2 * day)
		down.Store(false)
		wait(5 * time.Minute)
		h.want(fault.Delivered, fault.None, 3)
		h.want(fault.Dead, fault.Expired, 1)
		h.end()
	})
}

// TestParamsNeverMix: events of different parameters travel in different requests, more kinds than the window has places.
func TestParamsNeverMix(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.InFlight = 2
		h := start(t, cfg)
		h.meta.set(func(ids []string) Answer {
			for _, id := range ids {
				if number(id)%7 != number(ids[0])%7 {
					t.Errorf("kinds mix: %v", ids)
				}
			}
			return ok()
		})
		sigs := signals(0, 200)
		for i := range sigs {
			if k := i % 7; k > 0 {
				sigs[i].Params = fmt.Appendf(nil, `{"partner_agent":"p%d"}`, k)
			}
		}
		h.feed(0, sigs...)
		wait(5 * time.Minute)
		h.want(fault.Delivered, fault.None, 200)
		h.end()
	})
}

// TestKindsFillTheirBatches: two kinds that come by turns share the window, and neither's batches are closed before they are full:
// a backlog with an old store row now and then is posted in as many POSTs as one without.
func TestKindsFillTheirBatches(t *testing.T) {
	const events, rare = 4000, 40
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.InFlight, cfg.Limits.Events = 4, 100
		h := start(t, cfg)
		h.meta.took = 4 * time.Second
		sigs := signals(0, events)
		for i := range sigs {
			sigs[i].ActionSource = []byte("physical_store")
			if i%rare == 0 {
				sigs[i].EventTime = time.Now().Add(-20 * 24 * time.Hour).Unix()
			}
		}
		h.feed(0, sigs...)
		wait(time.Hour)
		h.want(fault.Delivered, fault.None, events)
		if n := h.meta.count(); n > 2*events/100 {
			t.Errorf("%d POSTs for %d events, 100 fit into one", n, events)
		}
		h.end()
	})
}
