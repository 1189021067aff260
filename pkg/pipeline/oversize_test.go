package pipeline

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestOversize (F53): a record whose dead letter is larger than any record becomes one without its value, and what is behind it
// on its partition is handled.
func TestOversize(t *testing.T) {
	t.Parallel()
	client, names := kafkatest.Client(t), kafkatest.Names(t)
	kafkatest.Create(t, client, names, 1, "shop")
	producer := client.NewProducer(stream.ProducerConfig{})
	defer producer.Close(context.Background())
	in := names.Signals("shop")
	giant := stream.Record{Topic: in, Key: bytes.Repeat([]byte("k"), 500_000), Value: make([]byte, 500_000)}
	if err := producer.Publish(t.Context(), giant, stream.Record{Topic: in, Key: []byte("behind")}); err != nil {
		t.Fatal(err)
	}
	behind := make(chan struct{})
	p, err := New(Config{Name: "audience", Topics: []string{in}, Names: names, Client: client, Log: slog.New(slog.DiscardHandler)},
		func(_ context.Context, r *stream.Record) error {
			if string(r.Key) == "behind" {
				close(behind)
				return nil
			}
			return fault.New(fault.InvalidField, "value")
		})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	select {
	case <-behind:
	case <-time.After(90 * time.Second):
		t.Error("the partition stands still")
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	var letters int
	err = client.Scan(t.Context(), names.DeadLetters(), time.Time{}, func(r *stream.Record) error {
		var d event.DeadLetter
		if err := d.Decode(r); err != nil || d.Reason != fault.Oversize || d.Detail != "invalid_field" || d.Topic != in || d.Offset != 0 || r.Value != nil {
			t.Errorf("%+v, %v", d, err)
		}
		letters++
		return nil
	})
	if err != nil || letters != 1 {
		t.Errorf("%d letters, %v", letters, err)
	}
}
