package pipeline_test

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/omnicapi/omnicapi/pkg/broker"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// exampleBroker holds one signal; an example has no testing.T to hang a broker on, so it ends with the example's context.
var exampleBroker = sync.OnceValue(func() string {
	b, err := broker.Start(broker.Options{})
	if err != nil {
		panic(err)
	}
	context.AfterFunc(exampleContext(), func() { _ = b.Close() })
	c, err := stream.Open(stream.Config{Brokers: []string{b.Addr()}, ClientID: "example"}, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		panic(err)
	}
	defer c.Close()
	names := topic.Names{Prefix: "example."}
	if _, err := c.Apply(exampleContext(), names.Specs([]string{"shop"}, 1, 1), false); err != nil {
		panic(err)
	}
	p := c.NewProducer(stream.ProducerConfig{})
	signal := stream.Record{
		Topic: names.Signals("shop"), Key: []byte("order-1"), Value: []byte(`{"event_name":"Purchase"}`),
		Headers: []stream.Header{{Key: "ce_eventname", Value: []byte("Purchase")}},
	}
	if err := p.Publish(exampleContext(), signal); err != nil {
		panic(err)
	}
	if err := p.Close(exampleContext()); err != nil {
		panic(err)
	}
	return b.Addr()
})

// exampleContext ends by itself if the example never sees its record.
func exampleContext() context.Context { return exampleTime().ctx }

// exampleEnd ends the broker.
func exampleEnd() { exampleTime().cancel() }

type limited struct {
	ctx    context.Context
	cancel context.CancelFunc
}

var exampleTime = sync.OnceValue(func() limited {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	return limited{ctx, cancel}
})

func exampleBrokers() []string { return []string{exampleBroker()} }
