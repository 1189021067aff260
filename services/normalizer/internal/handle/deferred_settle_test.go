package handle_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestHeldSettled: a held record keeps the committed offset before it, so that the next owner reads it again; settled, it
// is not read a third time.
func TestHeldSettled(t *testing.T) {
	answers := jane(t)
	client, own := kafkatest.Client(t), kafkatest.Names(t)
	kafkatest.Create(t, client, own, 1)
	events := own.Events("crm")
	producer := client.NewProducer(stream.ProducerConfig{})
	defer producer.Close(context.Background())
	send := func(source, lead string) {
		if err := producer.Publish(t.Context(), leadRecord(own, source, lead)); err != nil {
			t.Fatal(err)
		}
	}
	// consume runs one owner until all of want are published, and returns what it published.
	consume := func(g *graph, want ...string) string {
		p := &watched{called: make(chan []stream.Record, 16)}
		w, _ := crm(t, p, g, own)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		c := client.NewConsumer(stream.GroupConfig{Group: own.Group("normalizer", events), Topics: []string{events}, Drain: time.Second}, w.Work)
		go func() { done <- c.Run(ctx) }()
		limit := time.After(90 * time.Second)
		for all := false; !all; {
			select {
			case <-p.called:
			case <-limit:
				t.Errorf("published %v, want %v", p.published(), want)
				all = true
			}
			got := strings.Join(p.published(), ", ")
			all = all || func() bool {
				for _, w := range want {
					if !strings.Contains(got, w) {
						return false
					}
				}
				return true
			}()
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		return strings.Join(p.published(), ", ")
	}
	send("leads", leadA)
	send("plain", leadB)
	if got := consume(&graph{class: capi.Transient}, leadB); strings.Contains(got, leadA) {
		t.Errorf("the first owner published %s", got)
	}
	if got := consume(&graph{answers: answers}, leadB, leadA+" with em"); !strings.Contains(got, leadB) {
		t.Errorf("the second owner published %s", got)
	}
	send("plain", "1234567890123458")
	if got := consume(&graph{answers: answers}, "1234567890123458"); got != "1234567890123458" {
		t.Errorf("after all was settled the third owner published %s", got)
	}
}
