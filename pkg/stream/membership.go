package stream

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
)

// membership is what a member knows of its own place in a generation. kafka-go's heartbeats are out of sight, and it says that
// a generation has ended only when one has failed: a process that was stopped for longer than a session (SIGSTOP, a paused
// machine) wakes up as a zombie whose partitions another owns by then, and goes on until it hears of it. So the member
// sends heartbeats of its own. Kafka keeps a member for a session after it received one, so for a session after it was sent.
type membership struct {
	mu   sync.Mutex
	sent time.Time // the last heartbeat that Kafka has answered well
}

type membershipKey struct{}

// WithAlive returns a context for which Alive gives the answer of alive: that of each generation, and of tests.
func WithAlive(ctx context.Context, alive func() bool) context.Context {
	return context.WithValue(ctx, membershipKey{}, alive)
}

// Alive says whether the generation of ctx is still sure to own its partitions: Kafka has answered a heartbeat that was sent
// less than a session ago. Work asks it before it does what nobody can undo. It is true for a context of no generation.
func Alive(ctx context.Context) bool {
	alive, ok := ctx.Value(membershipKey{}).(func() bool)
	return !ok || alive()
}

func (m *membership) answered(sent time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = sent
}

// alive looks at both clocks: the monotonic one may stand still while the machine sleeps, the wall clock may be set back.
func (m *membership) alive() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	return now.Sub(m.sent) < session && now.Round(0).Sub(m.sent.Round(0)) < session
}

// start sends heartbeats until it is told to stop: through the drain, too, when kafka-go sends none any more. Else Kafka would give
// up a member that drains for a session, and let others read what it is about to commit.
func (m *membership) start(ctx context.Context, send func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var beating sync.WaitGroup
	beating.Go(func() { m.beat(ctx, send) })
	return func() { cancel(); beating.Wait() }
}

// beat sends heartbeats until ctx ends. While a group gathers for its next generation, a member of this one still owns its
// partitions: nobody else is given any before it has joined again, or Kafka has given it up.
func (m *membership) beat(ctx context.Context, send func(context.Context) error) {
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		sent := time.Now()
		sending, cancel := context.WithTimeout(ctx, session/2)
		if err := send(sending); err == nil || errors.Is(err, kafka.RebalanceInProgress) {
			m.answered(sent)
		}
		cancel()
	}
}

// heartbeats returns a function that sends one heartbeat of a generation. It asks for the coordinator anew after any error:
// kafka-go's client sends a heartbeat to whatever broker it is told.
func (c *Client) heartbeats(g *kafka.Generation) func(context.Context) error {
	var coordinator net.Addr
	return func(ctx context.Context) (err error) {
		defer func() {
			if err != nil {
				coordinator = nil
			}
		}()
		if coordinator == nil {
			if coordinator, err = c.coordinator(ctx, g.GroupID); err != nil {
				return err
			}
		}
		res, err := c.kafka.Heartbeat(ctx, &kafka.HeartbeatRequest{Addr: coordinator, GroupID: g.GroupID, GenerationID: g.ID, MemberID: g.MemberID})
		if err != nil {
			return err
		}
		return heartbeatError(res)
	}
}

// heartbeatError finds the error in an answer. From version 1 on it follows the throttle time, and kafka-go (0.4.51) reads them
// the other way round: the code is in the low 16 bits of what it takes for milliseconds, and Error is always nil.
func heartbeatError(res *kafka.HeartbeatResponse) error {
	if res.Error != nil {
		return res.Error
	}
	if code := int16(res.Throttle.Milliseconds()); code != 0 {
		return kafka.Error(code)
	}
	return nil
}

// suspecting asks what is wrong when a heartbeat is not answered: it is what notices first that Kafka is silent.
func (c *Client) suspecting(send func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		err := send(ctx)
		if ofConnection(err) {
			c.suspect()
		}
		return err
	}
}

func (c *Client) coordinator(ctx context.Context, group string) (net.Addr, error) {
	r, err := c.kafka.FindCoordinator(ctx, &kafka.FindCoordinatorRequest{Key: group, KeyType: kafka.CoordinatorKeyTypeConsumer})
	if err == nil {
		err = r.Error
	}
	if err != nil {
		return nil, fmt.Errorf("finding the coordinator of %s: %w", group, err)
	}
	return kafka.TCP(net.JoinHostPort(r.Coordinator.Host, strconv.Itoa(r.Coordinator.Port))), nil
}
