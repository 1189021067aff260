package pipeline_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"

	"github.com/omnicapi/omnicapi/pkg/admin"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/pipeline"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Example is a whole consumer: it reads a dataset's signals, and is safe as it is written. A record whose handling
// fails is tried again, one that can never be handled becomes a dead letter, and an offset is committed only after the
// effects of its record are durable.
func Example() {
	defer exampleEnd()
	ctx, stop := signal.NotifyContext(exampleContext(), os.Interrupt)
	defer stop()
	log, reg, names := slog.New(slog.DiscardHandler), admin.NewRegistry("example"), topic.Names{Prefix: "example."}
	client, err := stream.Open(stream.Config{Brokers: exampleBrokers(), ClientID: "audience"}, log, reg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	consumer, err := pipeline.New(pipeline.Config{
		Name: "audience", Topics: []string{names.Signals("shop")}, Names: names, Client: client, Log: log, Registry: reg,
	}, func(_ context.Context, r *stream.Record) error {
		if len(r.Value) == 0 {
			return fault.New(fault.Undecodable, "value") // never: a dead letter
		}
		fmt.Printf("%s: %s\n", r.Header("ce_eventname"), r.Key) // an error here: tried again
		stop()                                                  // the example ends with its first record
		return nil                                              // done: the offset moves
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	operators := admin.New("audience", "127.0.0.1:0", reg, &slog.LevelVar{}, log, admin.Check{Name: "consumer", Fn: consumer.Ready})
	if err := operators.Start(); err != nil {
		fmt.Println(err)
		return
	}
	defer operators.Stop(context.Background())
	if err := consumer.Run(ctx); err != nil {
		fmt.Println(err)
	}
	// Output: Purchase: order-1
}
