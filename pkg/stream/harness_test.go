package stream_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// The tests of this package that need a broker are its conformance suite: they hold on every broker of kafkatest.
func TestMain(m *testing.M) { kafkatest.Main(m) }

// patience is how long a test waits for what must happen: far more than it takes.
const patience = 90 * time.Second

// ground is a client and a topic of the test's own.
type ground struct {
	*testing.T
	client  *stream.Client
	addrs   []string
	topic   string
	group   string
	network *network
	log     *lines
	reg     *prometheus.Registry
}

// newGround makes the topic; no partitions: it is missing.
func newGround(t *testing.T, partitions int) *ground {
	t.Helper()
	addrs, _ := kafkatest.Brokers(t)
	return newGroundOn(t, addrs, partitions)
}

func newGroundOn(t *testing.T, addrs []string, partitions int) *ground {
	t.Helper()
	name := kafkatest.Names(t).Outcomes()
	g := &ground{T: t, addrs: addrs, topic: name, group: name + ".group", network: &network{}, log: &lines{}, reg: prometheus.NewRegistry()}
	c, err := stream.Open(stream.Config{Brokers: addrs, ClientID: "test"}, slog.New(slog.NewTextHandler(g.log, nil)), g.reg)
	if err != nil {
		t.Fatal(err)
	}
	c.SetDial(g.network.dial)
	t.Cleanup(c.Close)
	g.client = c
	if partitions > 0 {
		g.create(partitions)
	}
	return g
}

func (g *ground) create(partitions int) {
	g.Helper()
	if _, err := g.client.Apply(g.Context(), []topic.Spec{{Name: g.topic, Partitions: partitions, Replication: 1, Retention: time.Hour}}, false); err != nil {
		g.Fatal(err)
	}
}

// producer is closed with the test.
func (g *ground) producer(cfg stream.ProducerConfig) *stream.Producer {
	p := g.client.NewProducer(cfg)
	g.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := p.Close(ctx); err != nil {
			g.Error(err)
		}
	})
	return p
}

// record has the number as its value; records of the same key lie in one partition.
func (g *ground) record(key string, number int) stream.Record {
	return stream.Record{Topic: g.topic, Key: []byte(key), Value: fmt.Append(nil, number)}
}

// publish publishes the numbers from..to-1, spread over ten keys.
func (g *ground) publish(from, to int) {
	g.Helper()
	p := g.client.NewProducer(stream.ProducerConfig{})
	var recs []stream.Record
	for i := from; i < to; i++ {
		recs = append(recs, g.record(strconv.Itoa(i%10), i))
	}
	if err := p.Publish(g.Context(), recs...); err != nil {
		g.Fatal(err)
	}
	if err := p.Close(g.Context()); err != nil {
		g.Fatal(err)
	}
}

// storedRecords is all of the topic, in order within a partition.
func (g *ground) storedRecords() (recs []stream.Record) {
	g.Helper()
	if err := g.client.Scan(g.Context(), g.topic, time.Time{}, func(r *stream.Record) error {
		c := *r // whose memory is the scan's
		c.Key, c.Value = slices.Clone(r.Key), slices.Clone(r.Value)
		recs = append(recs, c)
		return nil
	}); err != nil {
		g.Fatal(err)
	}
	return recs
}

// stored is their values.
func (g *ground) stored() (values []string) {
	g.Helper()
	for _, r := range g.storedRecords() {
		values = append(values, string(r.Value))
	}
	return values
}

func numbers(from, to int) []string {
	var out []string
	for i := from; i < to; i++ {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

// await waits until cond holds.
func (g *ground) await(what string, cond func() bool) {
	g.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !cond(); <-tick.C {
		if time.Now().After(end) {
			g.Fatalf("after %s still waiting for: %s\n%s", patience, what, g.log)
		}
	}
}

// lines is a log.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write implements io.Writer.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func (l *lines) with(text string) int { return strings.Count(l.String(), text) }

// noise is bytes that no codec makes smaller.
func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return b
}

func sorted(values []string) []string {
	slices.Sort(values)
	return values
}
