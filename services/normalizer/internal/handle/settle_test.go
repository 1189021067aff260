package handle_test

import (
	"context"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// watched tells each call before it answers, and may end the consumer.
type watched struct {
	publisher
	called chan []stream.Record
}

func (p *watched) Publish(ctx context.Context, recs ...stream.Record) error {
	err := p.publisher.Publish(ctx, recs...)
	select {
	case p.called <- recs:
	default:
	}
	return err
}

// TestSettled: what could not be published is read again by the next owner; what was is not.
func TestSettled(t *testing.T) {
	client, own := kafkatest.Client(t), kafkatest.Names(t)
	kafkatest.Create(t, client, own, 1)
	topic := own.Events("website")
	producer := client.NewProducer(stream.ProducerConfig{})
	defer producer.Close(context.Background())
	send := func(id string) {
		rec := *raw("capi", "capi", lead, func(r *event.Raw) { r.ID = []byte(id) })
		rec.Topic = topic
		if err := producer.Publish(t.Context(), rec); err != nil {
			t.Fatal(err)
		}
	}
	// consume runs one owner until its first publish, and returns the id it began with.
	consume := func(refuse int) string {
		p := &watched{publisher: publisher{refuse: refuse}, called: make(chan []stream.Record, 1)}
		w := newWorker(t, p, prometheus.NewPedanticRegistry())
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		c := client.NewConsumer(stream.GroupConfig{Group: own.Group("normalizer", topic), Topics: []string{topic}, Drain: time.Second}, w.Work)
		go func() { done <- c.Run(ctx) }()
		var id string
		select {
		case recs := <-p.called:
			id = string(recs[0].Key)
		case <-time.After(90 * time.Second):
			t.Error("nothing was published")
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		return id
	}
	send("first")
	if id := consume(-1); id != "first" {
		t.Errorf("the first owner began with %q", id)
	}
	if id := consume(0); id != "first" {
		t.Errorf("after a failed publish the next owner began with %q", id)
	}
	send("second")
	if id := consume(0); id != "second" {
		t.Errorf("after a settled chunk the next owner began with %q", id)
	}
}
