package app_test

import (
	"context"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestCorrectedResendOverRestarts: an event that Meta refused, corrected and sent again under the same name and id, is
// delivered: by the process that saw it die, and by the next one, which has it from Kafka only. Repeats of what was delivered
// are dropped by both, however many come.
func TestCorrectedResendOverRestarts(t *testing.T) {
	t.Parallel()
	client, names, g := kafkatest.Client(t), kafkatest.Names(t), newGraph(t)
	kafkatest.Create(t, client, names, 1, "shop")
	datasets := map[string]config.Dataset{"shop": datasetConfig("111", tokenFile(t, "", rightToken))}
	resend := func(id, price string, n int) {
		t.Helper()
		r := signalOf(names, "shop", id, `{"event_name":"Purchase","event_id":"`+id+`","price":`+price+`}`)
		recs := make([]stream.Record, n)
		for i := range recs {
			recs[i] = r
		}
		p := client.NewProducer(stream.ProducerConfig{})
		defer func() { _ = p.Close(context.Background()) }()
		if err := p.Publish(t.Context(), recs...); err != nil {
			t.Fatal(err)
		}
	}
	ended := func(id, how string, n int) {
		t.Helper()
		until(t, id+" "+how, func() bool { return fates(t, client, names)[id][how] == n })
	}

	g.bad = "late"
	f := start(t, names, g, datasets)
	resend("sold", "1", 1)
	resend("late", "1", 1)
	ended("late", "dead refused T100", 1)
	ended("sold", "delivered T200", 1)
	resend("late", "2", 1)
	ended("late", "dead refused T100", 2)
	g.set(func() { g.bad = "never" })
	resend("late", "3", 1)
	ended("late", "delivered T200", 1)
	g.set(func() { g.bad = "early" })
	resend("early", "1", 1)
	ended("early", "dead refused T100", 1)
	f.stop()

	g.set(func() { g.bad = "never" })
	f = start(t, names, g, datasets)
	resend("sold", "1", 500)
	resend("early", "2", 500)
	ended("early", "delivered T200", 1)
	ended("early", "dropped duplicate ", 499)
	ended("sold", "dropped duplicate ", 500)
	f.stop()
	count := map[string]int{}
	for _, id := range g.accepted("111") {
		count[id]++
	}
	if len(count) != 3 || count["sold"] != 1 || count["late"] != 1 || count["early"] != 1 {
		t.Errorf("Meta took %v", count)
	}
}
