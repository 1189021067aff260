package stream

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
)

// Group timing. A session bounds how long a killed member holds its partitions. A member that drains still sends heartbeats, so
// Drain may be as long, but must stay below rebalance: that is how long Kafka waits for a member to join again.
const (
	heartbeat    = time.Second
	session      = 8 * time.Second
	rebalance    = 30 * time.Second
	joinBackoff  = 300 * time.Millisecond
	commitEvery  = 500 * time.Millisecond
	watchTopics  = 5 * time.Second
	watchIDs     = time.Second
	defaultDrain = 8 * time.Second
	awaitTopics  = time.Second
)

// Consumer is a member of a group.
type Consumer struct {
	client *Client
	cfg    GroupConfig
	work   Work

	owned      map[partitionKey]place // of the last generations; one after the other uses it
	rebalances rebalances

	mu     sync.Mutex
	waits  error             // why it has not joined its group
	joined *kafka.Generation // nil: none
	stands error             // what keeps it from going on, until somebody acts
	said   map[string]string // the last logged error of each activity

	unrecorded map[string]error // the losses that could not be recorded yet
}

// NewConsumer returns a consumer that Run starts.
func (c *Client) NewConsumer(cfg GroupConfig, work Work) *Consumer {
	if cfg.Drain == 0 {
		cfg.Drain = defaultDrain
	}
	return &Consumer{client: c, cfg: cfg, work: work, waits: errNotAnswered, said: map[string]string{}, owned: map[partitionKey]place{}, unrecorded: map[string]error{}}
}

var errNotAnswered = errors.New("kafka has not answered yet")

// Ready is nil while the consumer is a member of its group, Kafka lets it read, and what was lost is recorded; else it says what is wrong.
func (c *Consumer) Ready() error {
	if err := c.client.Trouble(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.joined == nil && c.waits != nil:
		return c.waits
	case c.joined == nil:
		return fmt.Errorf("not joined to group %s", c.cfg.Group)
	}
	for _, err := range c.unrecorded {
		return err
	}
	return c.stands
}

func (c *Consumer) inGroup() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.joined != nil
}

func (c *Consumer) setWaits(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waits = err
}

func (c *Consumer) setJoined(g *kafka.Generation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.joined = g; g != nil {
		c.waits, c.stands = nil, nil
	}
}

// left notes that g has ended. A generation that was never served may end after the next one has begun.
func (c *Consumer) left(g *kafka.Generation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.joined == g {
		c.joined = nil
	}
}

// Run consumes until ctx ends; nil after a requested stop. A missing topic is waited for: joining without it would create
// it on a broker with auto-creation, and spin on one without.
func (c *Consumer) Run(ctx context.Context) error {
	defer c.client.metrics.run(c)()
	for ctx.Err() == nil {
		if !c.awaitTopics(ctx) {
			return nil
		}
		if err := c.member(ctx); err != nil {
			return err
		}
	}
	return nil
}

// awaitTopics returns true once all topics exist, false when ctx ends.
func (c *Consumer) awaitTopics(ctx context.Context) bool {
	tick := time.NewTicker(awaitTopics)
	defer tick.Stop()
	for {
		r, err := c.client.freshRoutes(ctx)
		if err == nil {
			missing := r.missing(c.cfg.Topics)
			if len(missing) == 0 {
				c.setWaits(nil)
				return true
			}
			err = c.client.Absent(ctx, missing)
		}
		if trouble := c.client.diagnose(ctx); trouble != nil {
			err = trouble
		}
		c.setWaits(err)
		c.report("waiting for topics", err)
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
}

// member joins the group and serves its generations until ctx ends, or a topic is gone.
func (c *Consumer) member(ctx context.Context) error {
	c.rebalances.begin()
	group, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{
		ID: c.cfg.Group, Brokers: c.client.cfg.Brokers, Topics: c.cfg.Topics, Dialer: c.client.coordinatorDialer(ctx, c.cfg.Group),
		HeartbeatInterval: heartbeat, SessionTimeout: session, RebalanceTimeout: rebalance, JoinGroupBackoff: joinBackoff,
		StartOffset: kafka.FirstOffset, WatchPartitionChanges: true, PartitionWatchInterval: watchTopics,
		GroupBalancers: []kafka.GroupBalancer{kafka.RangeGroupBalancer{}, kafka.RoundRobinGroupBalancer{}},
	})
	if err != nil {
		return fmt.Errorf("joining group %s: %w", c.cfg.Group, err)
	}
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(closed)
		// Close leaves the group once the running generation has drained, so that the next owner need not wait for
		// the session to end. Its error is that of the leave request, which nobody can act on.
		_ = group.Close()
	})
	defer func() {
		if stop() {
			_ = group.Close() // as above
		} else {
			<-closed
		}
	}()
	for {
		generation, err := group.Next(context.WithoutCancel(ctx))
		switch {
		case errors.Is(err, kafka.ErrGroupClosed):
			return nil
		case err != nil:
			c.setJoined(nil)
			c.setWaits(fmt.Errorf("not joined to group %s: %w", c.cfg.Group, err))
			c.report("joining the group", err)
			continue
		}
		if owns(generation) == 0 && c.topicsGone(ctx) {
			return nil // it leaves, and waits for them outside: kafka-go would join again at once, and again
		}
		c.setJoined(generation)
		c.report("", nil)
		generation.Start(func(ended context.Context) {
			c.generation(ended, generation)
			c.left(generation)
		})
	}
}

// owns is how many partitions a generation gives its member.
func owns(g *kafka.Generation) (n int) {
	for _, partitions := range g.Assignments {
		n += len(partitions)
	}
	return n
}

// topicsGone says whether a topic of the group has been deleted.
func (c *Consumer) topicsGone(ctx context.Context) bool {
	r, err := c.client.freshRoutes(ctx)
	return err == nil && len(r.missing(c.cfg.Topics)) > 0
}

// report logs an error unless it repeats the last one of the same activity, or another activity has it too: an outage is one
// line, not one a second and partition. What makes Kafka unusable for all is the client's to log. A nil error says that the
// activity works again; report("", nil), that all of them do.
func (c *Consumer) report(doing string, err error) {
	if movedOn(err) || errors.Is(err, context.Canceled) {
		err = nil
	}
	if ofConnection(err) && !errors.Is(err, errUnpacked) { // which ends the connection, and is not its fault
		c.client.connectionFailed(doing, err)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err != nil:
		text := changing.ReplaceAllString(err.Error(), "")
		known := slices.Contains(slices.Collect(maps.Values(c.said)), text)
		c.said[doing] = text
		if isDenial(err) {
			c.stands = fmt.Errorf("%s: kafka denies it to the user of kafka.sasl: %w", doing, err)
		}
		if errors.Is(err, errUnpacked) {
			c.stands = fmt.Errorf("%s: %w", doing, err)
		}
		if !known && (isDenial(err) || c.client.trouble.isNews(text)) { // what is denied, is denied to a group or topic of its own
			c.client.log.Warn("consumer waits", "group", c.cfg.Group, "error", doing+": "+err.Error())
		}
	case doing == "":
		clear(c.said)
	default:
		delete(c.said, doing)
	}
}

// movedOn says that the group has gone on without the member, which joins again: so it is after each outage of more than a session.
func movedOn(err error) bool {
	return errors.Is(err, kafka.RebalanceInProgress) || errors.Is(err, kafka.UnknownMemberId) || errors.Is(err, kafka.IllegalGeneration)
}

// isDenial says whether an ACL is missing.
func isDenial(err error) bool {
	return errors.Is(err, kafka.TopicAuthorizationFailed) || errors.Is(err, kafka.GroupAuthorizationFailed) || errors.Is(err, kafka.ClusterAuthorizationFailed)
}
