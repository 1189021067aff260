package stream_test

import (
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// newCluster is three brokers whose answers the test chooses.
func newCluster(t *testing.T, partitions int) (*kfake.Cluster, *ground) {
	t.Helper()
	c, err := kfake.NewCluster(kfake.NumBrokers(3))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, newGroundOn(t, c.ListenAddrs(), partitions)
}

// TestWhatPasses: Kafka says that it could not, or not in time, and it may have all the same. Publish goes on until it
// could, and nothing is there twice.
func TestWhatPasses(t *testing.T) {
	t.Parallel()
	for _, err := range []*kerr.Error{
		kerr.RequestTimedOut, kerr.NotEnoughReplicas, kerr.NotEnoughReplicasAfterAppend, kerr.NotLeaderForPartition, kerr.UnknownTopicOrPartition,
		kerr.UnknownServerError, kerr.OutOfOrderSequenceNumber, kerr.UnknownProducerID,
	} {
		t.Run(err.Message, func(t *testing.T) {
			t.Parallel()
			c, g := newCluster(t, 1)
			p := g.producer(stream.ProducerConfig{})
			if err := p.Publish(t.Context(), g.record("k", 0)); err != nil {
				t.Fatal(err)
			}
			fault := c.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Topic: g.topic, Err: err, Count: 3})
			for i := 1; i < 5; i++ {
				if err := p.Publish(t.Context(), g.record("k", i)); err != nil {
					t.Fatal(err)
				}
			}
			if fault.Hits() != 3 {
				t.Errorf("%d faults", fault.Hits())
			}
			if got := g.stored(); !slices.Equal(got, numbers(0, 5)) {
				t.Errorf("stored %v", got)
			}
		})
	}
}

// TestWhatDoesNotPass is said at once.
func TestWhatDoesNotPass(t *testing.T) {
	t.Parallel()
	for want, code := range map[error]*kerr.Error{
		kafka.TopicAuthorizationFailed: kerr.TopicAuthorizationFailed, kafka.InvalidTopic: kerr.InvalidTopicException, stream.ErrTooLarge: kerr.MessageTooLarge,
	} {
		t.Run(code.Message, func(t *testing.T) {
			t.Parallel()
			c, g := newCluster(t, 1)
			p := g.producer(stream.ProducerConfig{})
			fault := c.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Topic: g.topic, Err: code})
			began := time.Now()
			if err := p.Publish(t.Context(), g.record("k", 0)); !errors.Is(err, want) {
				t.Errorf("publishing: %v", err)
			}
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("said after %s", took)
			}
			fault.Remove()
			if err := p.Publish(t.Context(), g.record("k", 1)); err != nil {
				t.Error(err)
			}
			if got := g.stored(); !slices.Equal(got, numbers(1, 2)) {
				t.Errorf("stored %v", got)
			}
		})
	}
}

// TestLeadersMove under load: nothing is lost, repeated or out of order, on the way in and out, and a move is found out
// by asking: here the metadata is never refreshed by itself.
func TestLeadersMove(t *testing.T) {
	t.Parallel()
	c, g := newCluster(t, 0)
	g.client.KeepMetadata()
	g.create(2)
	s := &seen{}
	_, stop := g.consume(s.settleAll)
	end := g.load(g.producer(stream.ProducerConfig{}), loadKeys...)
	for i := range int32(12) {
		before := s.distinct()
		g.await("progress", func() bool { return s.distinct() > before+30 })
		if err := c.MoveTopicPartition(g.topic, i%2, (c.LeaderFor(g.topic, i%2)+1)%3); err != nil {
			t.Fatal(err)
		}
	}
	counts := end()
	g.await("all records", func() bool { return s.distinct() == sum(counts) })
	stop()
	g.inOrder(s, sum(counts))
	if got := len(g.stored()); got != sum(counts) {
		t.Errorf("%d records stored, want %d", got, sum(counts))
	}
}

// TestSilentLeader (F23, F25): a broker hangs with a request, and others lead its partitions by then: the batch goes to them at once,
// not when the request's time is over, and is there once.
func TestSilentLeader(t *testing.T) {
	t.Parallel()
	c, g := newCluster(t, 1)
	p := g.producer(stream.ProducerConfig{})
	if err := p.Publish(t.Context(), g.record("k", 0)); err != nil {
		t.Fatal(err)
	}
	leader := c.LeaderFor(g.topic, 0)
	g.network.silent.Store(g.addrs[leader])
	published := make(chan error, 1)
	sent := g.network.produced.Load()
	go func() { published <- p.Publish(t.Context(), g.record("k", 1)) }()
	g.await("the request", func() bool { return g.network.produced.Load() > sent })
	if err := c.MoveTopicPartition(g.topic, 0, (leader+1)%3); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-published:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(25 * time.Second): // a request has 30
		t.Fatal("it waits for the broker that hangs")
	}
	if got := g.stored(); !slices.Equal(got, numbers(0, 2)) {
		t.Errorf("stored %v", got)
	}
}

// TestBrokerWithoutZstd: a broker that does not know the codec gets the same batch uncompressed, once, and all that follow; the log
// says so once. Who has said `none` sends nothing else.
func TestBrokerWithoutZstd(t *testing.T) {
	t.Parallel()
	c, g := newCluster(t, 1)
	p := g.producer(stream.ProducerConfig{})
	value := strings.Repeat("same ", 1000)
	publish := func(p *stream.Producer) {
		t.Helper()
		if err := p.Publish(t.Context(), stream.Record{Topic: g.topic, Key: []byte("k"), Value: []byte(value)}); err != nil {
			t.Fatal(err)
		}
	}
	var mu sync.Mutex
	var all []int
	c.ControlKey(int16(kmsg.Produce), func(r kmsg.Request) (kmsg.Response, error, bool) {
		mu.Lock()
		defer mu.Unlock()
		c.KeepControl()
		all = append(all, len(r.(*kmsg.ProduceRequest).Topics[0].Partitions[0].Records))
		return nil, nil, false
	})
	sizes := func() []int {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
	publish(p)
	if got := sizes(); len(got) != 1 || got[0] > 200 {
		t.Errorf("compressed to %v bytes", got)
	}
	fault := c.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Topic: g.topic, Err: kerr.UnsupportedCompressionType, Count: 1})
	publish(p)
	publish(p)
	if n := fault.Hits(); n != 1 {
		t.Errorf("%d refusals", n)
	}
	if got := sizes(); len(got) != 4 || got[1] > 200 || got[2] < len(value) || got[3] < len(value) {
		t.Errorf("behind the refusal: %v", got)
	}
	if n := g.log.with("does not take zstd"); n != 1 {
		t.Errorf("said %d times", n)
	}
	if got := g.stored(); !slices.Equal(got, []string{value, value, value}) {
		t.Errorf("stored %d", len(got))
	}
	plain, err := stream.Open(stream.Config{Brokers: g.addrs, ClientID: "plain", Compression: stream.Uncompressed}, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	q := plain.NewProducer(stream.ProducerConfig{})
	publish(q)
	if err := q.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := sizes(); len(got) != 5 || got[4] < len(value) {
		t.Errorf("with none: %v", got)
	}
}
