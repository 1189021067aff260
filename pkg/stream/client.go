package stream

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol/metadata"
)

// Client is one process's connection to the cluster, shared by its producers, consumers and admin calls.
type Client struct {
	cfg       Config
	log       *slog.Logger
	transport *kafka.Transport
	kafka     *kafka.Client
	dial      dialFunc
	dialer    *kafka.Dialer // of fetchers; consumer groups have one that waits for their coordinator
	metrics   *metrics

	packs      atomic.Bool // batches are compressed
	refreshing sync.Mutex
	routes     routeCache
	trouble    trouble
}

// Open checks cfg and prepares the client; it does not touch the network. One client a registry; reg may be nil.
func Open(cfg Config, log *slog.Logger, reg prometheus.Registerer) (*Client, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	m := newMetrics()
	if err := m.register(reg); err != nil {
		return nil, err
	}
	mechanism := cfg.SASL.mechanism()
	dial := boundedDial((&net.Dialer{Timeout: dialTimeout}).DialContext)
	t := &kafka.Transport{
		Dial:     dial,
		ClientID: cfg.ClientID, TLS: cfg.TLS, SASL: mechanism,
		DialTimeout: dialTimeout, IdleTimeout: idleTimeout, MetadataTTL: metadataTTL,
	}
	c := &Client{
		cfg: cfg, log: log, dial: dial, transport: t, metrics: m,
		kafka:  &kafka.Client{Addr: kafka.TCP(cfg.Brokers...), Timeout: requestTimeout, Transport: t},
		dialer: &kafka.Dialer{ClientID: cfg.ClientID, TLS: cfg.TLS, SASLMechanism: mechanism, Timeout: dialTimeout, DialFunc: dial},
	}
	c.packs.Store(cfg.Compression != Uncompressed)
	c.trouble.news = map[string]time.Time{}
	c.trouble.ctx, c.trouble.cancel = context.WithCancel(context.Background())
	return c, nil
}

// Close ends all connections. Producers are to be closed and consumers stopped before.
func (c *Client) Close() {
	c.trouble.cancel()
	c.trouble.wg.Wait()
	c.transport.CloseIdleConnections()
	c.metrics.unregister()
}

// metadata returns what the transport knows of the cluster; that costs no request once it knows anything.
func (c *Client) metadata(ctx context.Context) (*metadata.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	r, err := c.transport.RoundTrip(ctx, c.kafka.Addr, &metadata.Request{})
	if err != nil {
		return nil, fmt.Errorf("asking for the topics: %w", err)
	}
	c.trouble.answered.Store(true)
	return r.(*metadata.Response), nil //nolint:forcetypeassert // it answers a metadata.Request
}

// neverATopic is no legal name, so no broker creates it.
const neverATopic = "omnicapi asks for metadata"

// refresh makes the transport ask for metadata now. kafka-go does so by itself only on a timer, and after a request
// that may have created topics; it never does when a leader has moved.
func (c *Client) refresh(ctx context.Context) {
	if !c.refreshing.TryLock() { // somebody is at it: wait for them
		c.refreshing.Lock()
		defer c.refreshing.Unlock()
		return
	}
	defer c.refreshing.Unlock()
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	// An error is not of interest: the caller looks at the metadata, which then is as it was.
	_, _ = c.transport.RoundTrip(ctx, c.kafka.Addr, &metadata.Request{TopicNames: []string{neverATopic}, AllowAutoTopicCreation: true})
}
