package stream_test

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestBrokersComeAndGo (F24): brokers join and leave the cluster under load, and each time partitions and coordinator move;
// nothing is lost, repeated in the log or out of order.
func TestBrokersComeAndGo(t *testing.T) {
	t.Parallel()
	c, g := newCluster(t, 4)
	s := &seen{}
	_, stop := g.consume(s.settleAll)
	end := g.load(g.producer(stream.ProducerConfig{}), loadKeys...)
	progress := func() {
		t.Helper()
		before := s.distinct()
		g.await("progress", func() bool { return s.distinct() > before+30 })
	}
	progress()
	for range 2 {
		added, _, err := c.AddNode(-1, 0)
		if err != nil {
			t.Fatal(err)
		}
		progress()
		if err := c.RemoveNode(added); err != nil {
			t.Fatal(err)
		}
		progress()
	}
	counts := end()
	g.await("all records", func() bool { return s.distinct() == sum(counts) })
	stop()
	g.inOrder(s, sum(counts))
	if got := len(g.stored()); got != sum(counts) {
		t.Errorf("%d records stored, want %d", got, sum(counts))
	}
}
