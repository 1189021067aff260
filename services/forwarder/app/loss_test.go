package app_test

import (
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestLossIsOnOutcomes (F60): retention took signals while no forwarder ran. The next one says so on outcomes, of its dataset, and
// posts the rest; a run after that says nothing new.
func TestLossIsOnOutcomes(t *testing.T) {
	t.Parallel()
	client, names, g := kafkatest.Client(t), kafkatest.Names(t), newGraph(t)
	kafkatest.Create(t, client, names, 1, "shop")
	datasets := map[string]config.Dataset{"shop": datasetConfig("111", tokenFile(t, "", rightToken))}
	publish(t, client, names, "shop", 0, 10)
	f := start(t, names, g, datasets)
	until(t, "the first", func() bool { return len(g.accepted("111")) == 10 })
	f.stop()
	publish(t, client, names, "shop", 10, 10)
	kafkatest.DeleteBefore(t, names.Signals("shop"), 0, 13)
	for range 2 {
		f = start(t, names, g, datasets)
		until(t, "the rest", func() bool { return len(g.accepted("111")) == 17 })
		until(t, "ready", f.ready)
		f.stop()
	}
	ids := map[string]*event.Loss{}
	err := client.Scan(t.Context(), names.Outcomes(), time.Time{}, func(r *stream.Record) error {
		l, err := event.DecodeLoss(r.Value)
		if l != nil {
			ids[l.ID()] = l
		}
		return err
	})
	if err != nil || len(ids) != 1 {
		t.Fatalf("%d losses, %v", len(ids), err)
	}
	want := event.Lost{Group: names.Group("forwarder", names.Signals("shop")), Topic: names.Signals("shop"), From: 10, To: 13, Count: 3, Cause: fault.Retention}
	for _, l := range ids {
		if l.Lost != want || l.Stage != fault.Forwarder || l.Dataset != "shop" {
			t.Errorf("%+v", l)
		}
	}
	if got := len(fates(t, client, names)); got != 17 {
		t.Errorf("%d events have a fate", got)
	}
}
