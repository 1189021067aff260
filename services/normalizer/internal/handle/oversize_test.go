package handle_test

import (
	"context"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// narrow is a producer whose topics take little: no dead letter with a value, no signal of the event "large".
type narrow struct{ publisher }

func (n *narrow) Publish(ctx context.Context, recs ...stream.Record) error {
	var large []int
	for i := range recs {
		r := &recs[i]
		if r.Topic == names.DeadLetters() && r.Value != nil || r.Topic == names.Signals("shop") && string(r.Key) == "large" {
			large = append(large, i)
			continue
		}
		if err := n.publisher.Publish(ctx, *r); err != nil {
			return err
		}
	}
	if large == nil {
		return nil
	}
	return &stream.TooLargeError{Topic: recs[large[0]].Topic, Index: large[0], Indexes: large}
}

// TestOversize (F53): a record that its dead letter does not hold, and one whose signal the topic does not take, become letters
// without a value; all others of the chunk go on, each once.
func TestOversize(t *testing.T) {
	named := func(source, id string) *stream.Record {
		return raw(source, "capi", lead, func(r *event.Raw) { r.ID = []byte(id) })
	}
	p, reg := &narrow{}, prometheus.NewPedanticRegistry()
	work(newWorker(t, p, reg), t.Context(), chunkOf(named("capi", "first"), named("capi", "large"), named("nobody", "stranger"), named("capi", "last")))
	type ending struct{ topic, key, reason, detail string }
	got := map[ending]int{}
	fates := map[string]fault.Reason{}
	for _, call := range p.calls {
		for i := range call {
			r := &call[i]
			if r.Topic == names.Outcomes() {
				o, err := event.DecodeOutcome(r.Value)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range o.Events {
					fates[f.ID] = f.Reason
				}
				continue
			}
			got[ending{r.Topic, string(r.Key), string(r.Header("dlq_reason")), string(r.Header("dlq_detail"))}]++
		}
	}
	want := []ending{
		{names.Signals("shop"), "first", "", ""},
		{names.Signals("shop"), "last", "", ""},
		{names.DeadLetters(), "stranger", "oversize", "unknown_source"},
		{names.DeadLetters(), "large", "oversize", "oversize"},
	}
	for _, w := range want {
		if got[w] != 1 {
			t.Errorf("%v: %d times", w, got[w])
		}
	}
	if len(got) != len(want) || len(fates) != 2 || fates["stranger"] != fault.UnknownSource || fates["large"] != fault.Oversize {
		t.Errorf("published %v, fates %v", got, fates)
	}
	for result, n := range map[string]float64{"published": 2, "dead": 2} {
		if is := metric(t, reg, "omnicapi_normalizer_events_total", "result", result); is != n {
			t.Errorf("%s: %v, want %v", result, is, n)
		}
	}
}
