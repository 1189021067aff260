package stream

import (
	"context"
	"net"
	"time"

	"github.com/segmentio/kafka-go"
)

const coordinatorPatience = 30 * time.Second

// coordinatorDialer is a Dialer for a consumer group alone. kafka-go's group forgets its member id on any coordinator
// error, and the ghost that it leaves stops the whole group for a session (segmentio/kafka-go#1215). It dials on every
// join, so the dial is the place to wait: no connection is given out before the group's coordinator is known, reachable
// and has loaded the group. Kafka keeps the members over a coordinator's death, so the join then succeeds.
func (c *Client) coordinatorDialer(ctx context.Context, group string) *kafka.Dialer {
	d := *c.dialer
	d.Timeout = coordinatorPatience + dialTimeout
	d.DialFunc = func(dialing context.Context, network, addr string) (net.Conn, error) {
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for end := time.Now().Add(coordinatorPatience); time.Now().Before(end) && ctx.Err() == nil; {
			if err := c.coordinatorReady(dialing, group); err == nil || isDenial(err) { // the join will say it
				break
			}
			select {
			case <-tick.C:
			case <-ctx.Done(): // let it fail for itself
			case <-dialing.Done():
				return nil, dialing.Err()
			}
		}
		return c.dial(dialing, network, addr)
	}
	return &d
}

func (c *Client) coordinatorReady(ctx context.Context, group string) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	r, err := c.kafka.DescribeGroups(ctx, &kafka.DescribeGroupsRequest{GroupIDs: []string{group}})
	if err == nil && len(r.Groups) == 1 {
		err = r.Groups[0].Error // being loaded, or not this broker's
	}
	return err
}
