package stream

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/omnicapi/omnicapi/pkg/backoff"
)

// pingEvery is how often Kafka is tried while it can't be used, and how old a try may be.
const pingEvery = 2 * time.Second

// trouble is why Kafka can't be used at all: one cause for all consumers and producers of a process, in one line of the log.
type trouble struct {
	cause    atomic.Pointer[error]
	answered atomic.Bool // Kafka has, once: the configuration is not what is wrong

	asking  sync.Mutex // one try at a time
	asked   time.Time
	said    string
	watched bool

	newsMu sync.Mutex
	news   map[string]time.Time // when it was last logged

	ctx    context.Context //nolint:containedctx // the client's own: ends with Close
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// Trouble is why Kafka can't be used, as far as is known: address, TLS, password. nil: it can.
func (c *Client) Trouble() error {
	if cause := c.trouble.cause.Load(); cause != nil {
		return *cause
	}
	return nil
}

// diagnose finds out why Kafka can't be used; nil: it can. It is asked after something failed. Until it can be used again, it is
// tried from time to time.
func (c *Client) diagnose(ctx context.Context) error {
	t := &c.trouble
	t.asking.Lock()
	defer t.asking.Unlock()
	if time.Since(t.asked) < pingEvery {
		return c.Trouble()
	}
	err := c.Ping(ctx)
	if ctx.Err() != nil {
		return c.Trouble()
	}
	t.asked = time.Now()
	if err == nil {
		if t.cause.Swap(nil) != nil {
			c.log.Info("kafka can be used again")
		}
		t.said = ""
		return nil
	}
	if cause := changing.ReplaceAllString(err.Error(), ""); cause != t.said {
		t.said = cause
		c.log.Error("kafka can't be used", "error", err)
	}
	t.cause.Store(&err)
	if !t.watched && t.ctx.Err() == nil {
		t.watched = true
		t.wg.Go(c.watchTrouble)
	}
	return err
}

// changing is what differs between two errors of the same cause: the own port, the time of day.
var changing = regexp.MustCompile(`[0-9.:\[\]a-f]+->|: current time .*$`)

func (c *Client) watchTrouble() {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-c.trouble.ctx.Done():
			return
		case <-tick.C:
		}
		err := c.diagnose(c.trouble.ctx)
		c.trouble.asking.Lock()
		if err == nil {
			c.trouble.watched = false
			c.trouble.asking.Unlock()
			return
		}
		c.trouble.asking.Unlock()
	}
}

// suspect diagnoses without making the caller wait.
func (c *Client) suspect() {
	if c.trouble.ctx.Err() == nil && c.trouble.asking.TryLock() { // else somebody is at it
		c.trouble.asking.Unlock()
		c.trouble.wg.Go(func() { _ = c.diagnose(c.trouble.ctx) })
	}
}

// sameNews is how long what fails alike for all consumers is one line of the log.
const sameNews = time.Minute

// connectionFailed logs that a connection failed, which is then made anew. If Kafka can't be used at all, that is said instead. It
// does not make the caller wait.
func (c *Client) connectionFailed(doing string, err error) {
	t := &c.trouble
	if t.ctx.Err() != nil || !t.asking.TryLock() { // somebody is at it
		return
	}
	rest := pingEvery - time.Since(t.asked) // until what was found out before the failure counts no more
	t.asking.Unlock()
	t.wg.Go(func() {
		if !backoff.Wait(t.ctx, max(rest, 1)) || c.diagnose(t.ctx) != nil || t.ctx.Err() != nil {
			return
		}
		if t.isNews(kindOf(err)) {
			c.log.Warn("a connection to kafka failed: it is tried again", "error", doing+": "+err.Error())
		}
	})
}

// isNews says whether something was not logged for a while, by any of the process's consumers.
func (t *trouble) isNews(what string) bool {
	t.newsMu.Lock()
	defer t.newsMu.Unlock()
	if time.Since(t.news[what]) < sameNews {
		return false
	}
	t.news[what] = time.Now()
	return true
}

// kindOf is what errors of connections have in common.
func kindOf(err error) string {
	switch {
	case endedBy(err):
		return "ended"
	case isTimeout(err):
		return "timeout"
	}
	return changing.ReplaceAllString(err.Error(), "")
}

// ofConnection says whether an error is no answer of Kafka's, so that what is wrong may be the way to it.
func ofConnection(err error) bool {
	var code kafka.Error
	return err != nil && !errors.Is(err, context.Canceled) && (!errors.As(err, &code) || code == kafka.SASLAuthenticationFailed || code == kafka.UnsupportedSASLMechanism)
}

// Writable is nil if topics are there and Kafka lets the client write to them; else it says what is wrong. It makes no write.
func (c *Client) Writable(ctx context.Context, topics []string) error {
	r, err := c.freshRoutes(ctx)
	if err != nil {
		return c.asking(err)
	}
	if missing := r.missing(topics); len(missing) > 0 {
		return c.Absent(ctx, missing)
	}
	res, err := c.askIDs(ctx, topics)
	if err != nil {
		return c.asking(err)
	}
	return denied(topics, "writing to", func(name string) bool { return res.denied[name] || res.may[name].lack(write) })
}

// asking is what is wrong when Kafka does not answer: what is known of it, else the error itself.
func (c *Client) asking(err error) error {
	if ofConnection(err) {
		c.suspect()
	}
	if trouble := c.Trouble(); trouble != nil {
		return trouble
	}
	return err
}

// Absent says why topics that Kafka does not list can't be used: it can't be asked, it denies access to them (it does not list
// those either), or they don't exist.
func (c *Client) Absent(ctx context.Context, topics []string) error {
	if err := c.diagnose(ctx); err != nil {
		return err
	}
	if res, err := c.askIDs(ctx, topics); err == nil {
		if err := denied(topics, "access to", func(name string) bool { return res.denied[name] }); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return fmt.Errorf("topic %s is missing: run omnicapi topics apply", strings.Join(topics, ", "))
}

// denied names the topics for which isDenied holds; nil: none.
func denied(topics []string, what string, isDenied func(name string) bool) error {
	names := slices.DeleteFunc(slices.Clone(topics), func(name string) bool { return !isDenied(name) })
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("kafka denies %s topic %s: its ACLs lack the user of kafka.sasl", what, strings.Join(names, ", "))
}
