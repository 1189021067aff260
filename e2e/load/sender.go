package load

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// open is how many requests of a sender may wait for their answer at a time: events go on happening during an outage, and no
// shop has endless room for them.
const open = 8

// answerWithin is how long a sender waits for an answer, longer than ingest.deadline.
const answerWithin = 10 * time.Second

// request is one request of a sender with the events in it. It is repeated as it is.
type request struct {
	path   string
	header http.Header
	body   []byte
	events []Event
}

// sender posts events of one format for one dataset.
type sender struct {
	load   *Load
	name   string
	most   int // events of a request
	repeat bool
	make   func(s *sender, n int) request
	rng    *rand.Rand
	seq    int
}

// run makes requests at a rate of events a second until making ends, and returns when all are done.
func (s *sender) run(making, sending context.Context, rate float64) {
	var requests sync.WaitGroup
	defer requests.Wait()
	room := make(chan struct{}, open)
	next := time.Now()
	for {
		n := 1 + s.rng.IntN(s.most)
		next = next.Add(time.Duration(float64(n) / rate * float64(time.Second)))
		if late := time.Now().Add(-time.Second); next.Before(late) { // what an outage kept from being made is not made up for
			next = late
		}
		if !wait(making, time.Until(next)) {
			return
		}
		select {
		case <-making.Done():
			return
		case room <- struct{}{}:
		}
		r, again := s.make(s, n), s.repeat && s.rng.IntN(50) == 0
		s.load.ledger.made(r.events)
		requests.Go(func() {
			defer func() { <-room }()
			if s.untilAccepted(sending, r) && again {
				s.untilAccepted(sending, r)
			}
		})
	}
}

// untilAccepted repeats a request until it is answered 2xx; a sender that does not repeat tries once.
func (s *sender) untilAccepted(ctx context.Context, r request) bool {
	for try := 0; ; try++ {
		status, text := s.load.post(ctx, r)
		if ctx.Err() != nil && status == 0 {
			s.load.ledger.answered(r.events, 0, text)
			return false
		}
		s.load.ledger.answered(r.events, status, text)
		if !isRepeatable(status) || !s.repeat {
			return isAccepted(status)
		}
		if !wait(ctx, time.Duration(min(1<<try, 10))*100*time.Millisecond) {
			return false
		}
	}
}

// post returns the status, 0 if no answer came, and what was said.
func (l *Load) post(ctx context.Context, r request) (status int, text string) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.url+r.path, bytes.NewReader(r.body))
	if err != nil {
		return 0, err.Error()
	}
	req.Header = r.header.Clone()
	res, err := l.client.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return 0, err.Error()
	}
	return res.StatusCode, fmt.Sprint(res.StatusCode, " ", string(answer))
}

func isAccepted(status int) bool { return status/100 == 2 }

func isRepeatable(status int) bool {
	return status == 0 || status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable
}

// wait returns false if ctx ends first.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
