package lane

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
)

func TestDelivers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		for i := range 5 {
			h.feed(i%3, signals(i*500, 500)...)
		}
		wait(2 * time.Second)
		h.want(fault.Delivered, fault.None, 2500)
		h.wantSettled(2500)
		if h.meta.count() != 3 || h.meta.widest > 4 {
			t.Errorf("%d posts, %d wide", h.meta.count(), h.meta.widest)
		}
		o := h.bus.outcomes[0]
		if o.Stage != fault.Forwarder || o.Dataset != "shop" || o.FBTraceID != "A1" || o.Attempts != 1 || o.EndedAt.Sub(o.StartedAt) != 100*time.Millisecond {
			t.Errorf("outcome %+v", o)
		}
		f := o.Events[0]
		if f.Name != "Purchase" || f.Channel != "website" || f.Source != "web" || f.Value != "9.50" || f.Currency != "EUR" || f.Topic == "" && f.Partition > 2 {
			t.Errorf("fate %+v", f)
		}
		if n := h.metric("omnicapi_forwarder_events_total", "dataset", "shop", "result", "delivered"); n != 2500 {
			t.Errorf("counted %v", n)
		}
		if n := h.metric("omnicapi_end_to_end_seconds", "channel", "website"); n != 2500 {
			t.Errorf("observed %v ends", n)
		}
		h.end()
	})
}
