package stream

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/prometheus/client_golang/prometheus"
)

// THIS FILE IS THE AGREED API (signatures); the owner of pkg/stream replaces it by real files of one type each.

// Config says how to reach the cluster.
type Config struct {
	Brokers  []string
	ClientID string
	TLS      *tls.Config // nil: plain text
	SASL     SASL
}

// SASL says who we are; an empty Mechanism is nobody.
type SASL struct {
	Mechanism string // plain, scram-sha-256, scram-sha-512
	Username  string
	Password  func() string
}

// Client is one process's connection to the cluster, shared by its producers, consumers and admin calls.
type Client struct{}

// Open checks cfg and prepares the client; it does not touch the network.
func Open(cfg Config, log *slog.Logger, reg prometheus.Registerer) (*Client, error) { panic("unbuilt") }

// Close ends all connections.
func (c *Client) Close() { panic("unbuilt") }

// Ping reaches the cluster once; its error says which of address, TLS and password is wrong.
func (c *Client) Ping(ctx context.Context) error { panic("unbuilt") }

// Publisher is what a service needs of a producer.
type Publisher interface {
	// Publish returns nil when every record is on Kafka with acks=all. On an error some may be.
	Publish(ctx context.Context, recs ...Record) error
}

// ErrFull: the producer holds MaxPending bytes already. ErrClosed: after Close.
var (
	ErrFull   = errors.New("too many bytes are waiting for kafka")
	ErrClosed = errors.New("producer is closed")
)

// ProducerConfig bounds a producer; zero values take the defaults.
type ProducerConfig struct {
	MaxPending int64         // bytes; 64 MiB
	RetryFor   time.Duration // 60 s
}

// Producer is the group-commit queue: see producer.go.
type Producer struct{}

// NewProducer returns a running producer.
func (c *Client) NewProducer(cfg ProducerConfig) *Producer { panic("unbuilt") }

// Publish implements Publisher.
func (p *Producer) Publish(ctx context.Context, recs ...Record) error { panic("unbuilt") }

// Pending is the bytes not yet acknowledged.
func (p *Producer) Pending() int64 { panic("unbuilt") }

// Close waits for everything queued, until ctx ends.
func (p *Producer) Close(ctx context.Context) error { panic("unbuilt") }

// GroupConfig is one consumer group on one topic (or some).
type GroupConfig struct {
	Group    string
	Topics   []string
	Lookback int           // records before the committed offset, read again on assignment and handed on as History
	Drain    time.Duration // what a rebalance or a stop waits for unsettled records; 8 s
}

// Work handles one generation (the time between two rebalances). ctx ends with the generation; Work then has until
// drain ends to settle what it holds, and must return. in is closed after the last chunk.
type Work func(ctx, drain context.Context, in <-chan Chunk)

// Chunk is what one fetch of one partition brought, in offset order.
type Chunk struct {
	Topic     string
	Partition int
	Records   []Record
	History   bool // before the committed offset (Lookback): for memory only, never settled
}

// Settle marks Records[i] as done: its effects are on Kafka. Any order, any goroutine, once.
func (c *Chunk) Settle(i int) { panic("unbuilt") }

// SettleAll marks all of them.
func (c *Chunk) SettleAll() { panic("unbuilt") }

// Consumer is a member of a group.
type Consumer struct{}

// NewConsumer returns a consumer that Run starts.
func (c *Client) NewConsumer(cfg GroupConfig, work Work) *Consumer { panic("unbuilt") }

// Run consumes until ctx ends; nil after a requested stop. A missing topic is waited for.
func (c *Consumer) Run(ctx context.Context) error { panic("unbuilt") }

// Ready is nil while the consumer is a member of its group and its topics exist; else it says what is missing.
func (c *Consumer) Ready() error { panic("unbuilt") }

// Change is what Apply did or would do to a topic, or what Check found: Wrong is "" or what differs.
type Change struct {
	Spec    topic.Spec
	Exists  bool
	Created bool
	Wrong   string // e.g. "has 6 partitions, not 12"
}

// Apply creates the missing topics (dryRun: says which). It never alters one: a wrong shape is an error.
func (c *Client) Apply(ctx context.Context, specs []topic.Spec, dryRun bool) ([]Change, error) {
	panic("unbuilt")
}

// Check compares the cluster with specs.
func (c *Client) Check(ctx context.Context, specs []topic.Spec) ([]Change, error) { panic("unbuilt") }

// TopicInfo is a topic as it is.
type TopicInfo struct {
	topic.Spec
	Records int64 // end minus start offsets
}

// Topics lists the topics whose name has the prefix.
func (c *Client) Topics(ctx context.Context, prefix string) ([]TopicInfo, error) { panic("unbuilt") }

// Scan reads a topic once, from since (zero: the start) to the end it has at the call, every partition, and calls fn
// for each record, one at a time, in order within a partition. A record is valid until fn returns.
func (c *Client) Scan(ctx context.Context, topic string, since time.Time, fn func(*Record) error) error {
	panic("unbuilt")
}

// ConfigOf reads the TLS and password files that the configuration names.
func ConfigOf(k config.Kafka, clientID string) (Config, error) { panic("unbuilt") }
