package stream

import (
	"context"
	"log/slog"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segmentio/kafka-go"

	"github.com/omnicapi/omnicapi/pkg/fault"
)

// TestForget: what was lost with a topic made anew is said by who owned a partition last, or who owns it now, once, and its place
// starts anew; what is another's now is that one's to say.
func TestForget(t *testing.T) {
	const was, is = topicID("old"), topicID("new")
	key := func(p int) partitionKey { return partitionKey{"t", p} }
	anew := place{topic: is, mark: kafka.FirstOffset}
	lost := func(p int, from, to int64) Loss {
		return Loss{Group: "g", Topic: "t", Partition: p, From: from, To: to, Cause: fault.MadeAnew}
	}
	for name, c := range map[string]struct {
		owned, found, after map[partitionKey]place
		keeps               map[partitionKey]place
		now                 map[string]topicID
		lost                []Loss
	}{
		"the topic is the same": {
			owned: map[partitionKey]place{key(0): {was, 5, 9}}, found: map[partitionKey]place{key(0): {was, 5, 9}}, now: map[string]topicID{"t": was},
			after: map[partitionKey]place{key(0): {was, 5, 9}}, keeps: map[partitionKey]place{key(0): {was, 5, 9}},
		},
		"another's now": {
			owned: map[partitionKey]place{key(0): {is, 5, 9}}, found: map[partitionKey]place{}, now: map[string]topicID{"t": is},
			after: map[partitionKey]place{}, keeps: map[partitionKey]place{},
		},
		"owned before and now, further than committed": {
			owned: map[partitionKey]place{key(0): {was, 7, 9}}, found: map[partitionKey]place{key(0): {was, 5, 8}}, now: map[string]topicID{"t": is},
			after: map[partitionKey]place{key(0): anew}, keeps: map[partitionKey]place{}, lost: []Loss{lost(0, 7, 9)},
		},
		"found only": {
			owned: map[partitionKey]place{}, found: map[partitionKey]place{key(0): {was, 5, 8}}, now: map[string]topicID{"t": is},
			after: map[partitionKey]place{key(0): anew}, keeps: map[partitionKey]place{}, lost: []Loss{lost(0, 5, 8)},
		},
		"a partition that is gone": {
			owned: map[partitionKey]place{key(3): {was, -1, 4}}, found: map[partitionKey]place{}, now: map[string]topicID{"t": is},
			after: map[partitionKey]place{}, keeps: map[partitionKey]place{}, lost: []Loss{lost(3, 0, 4)},
		},
		"ids are not known": {
			owned: map[partitionKey]place{key(0): {was, 5, 9}}, found: map[partitionKey]place{key(0): {was, 5, 9}}, now: nil,
			after: map[partitionKey]place{key(0): {was, 5, 9}}, keeps: map[partitionKey]place{key(0): {was, 5, 9}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var said []Loss
			record := func(_ context.Context, l Loss) error { said = append(said, l); return nil }
			client := &Client{log: slog.New(slog.DiscardHandler), metrics: newMetrics()}
			consumer := client.NewConsumer(GroupConfig{Group: "g", Lost: record}, nil)
			consumer.owned = maps.Clone(c.owned)
			if !consumer.forget(t.Context(), c.now, c.found) {
				t.Error("not done")
			}
			for what, diff := range map[string]string{
				"lost": cmp.Diff(c.lost, said), "found": cmp.Diff(c.after, c.found, cmp.AllowUnexported(place{}, partitionKey{})),
				"owned": cmp.Diff(c.keeps, consumer.owned, cmp.AllowUnexported(place{}, partitionKey{})),
			} {
				if diff != "" {
					t.Errorf("%s: %s", what, diff)
				}
			}
		})
	}
}

// TestForgetNothingUnrecorded: what could not be recorded before the generation ended is said again by the next one.
func TestForgetNothingUnrecorded(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	fails := func(context.Context, Loss) error { end(); return context.Canceled }
	client := &Client{log: slog.New(slog.DiscardHandler), metrics: newMetrics()}
	consumer := client.NewConsumer(GroupConfig{Group: "g", Lost: fails}, nil)
	key := partitionKey{"t", 0}
	found := map[partitionKey]place{key: {"old", 5, 9}}
	if consumer.forget(ended, map[string]topicID{"t": "new"}, found) {
		t.Error("done without a record")
	}
	if found[key] != (place{"old", 5, 9}) || consumer.owned[key] != (place{"old", 5, 9}) {
		t.Errorf("forgotten: %v, %v", found, consumer.owned)
	}
}
