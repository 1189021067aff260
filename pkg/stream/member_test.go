package stream_test

import (
	"context"
	"sync"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// seen is what consumers were handed.
type seen struct {
	mu      sync.Mutex
	records []stream.Record // live ones, in order of arrival
	history int
}

func (s *seen) add(c *stream.Chunk) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.History {
		s.history += len(c.Records)
		return
	}
	s.records = append(s.records, c.Records...)
}

func (s *seen) values() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]string, len(s.records))
	for i := range s.records {
		out[i] = string(s.records[i].Value)
	}
	return out
}

// distinct counts the different records, by key and value.
func (s *seen) distinct() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]bool{}
	for i := range s.records {
		all[string(s.records[i].Key)+" "+string(s.records[i].Value)] = true
	}
	return len(all)
}

// settleAll is the Work of a consumer that has nothing else to do.
func (s *seen) settleAll(_, _ context.Context, in <-chan stream.Chunk) {
	for c := range in {
		s.add(&c)
		c.SettleAll()
	}
}

// settleTo is the Work of a consumer that gets stuck at an offset.
func (s *seen) settleTo(end int64) stream.Work {
	return func(_, _ context.Context, in <-chan stream.Chunk) {
		for c := range in {
			s.add(&c)
			for i := range c.Records {
				if c.Records[i].Offset < end {
					c.Settle(i)
				}
			}
		}
	}
}

// settleNone is one of a consumer that gets nothing done.
func (s *seen) settleNone(_, _ context.Context, in <-chan stream.Chunk) {
	for c := range in {
		s.add(&c)
	}
}

// consume starts a member of the ground's group; stop stops it as a service would, and waits.
func (g *ground) consume(work stream.Work, change ...func(*stream.GroupConfig)) (c *stream.Consumer, stop func()) {
	g.Helper()
	cfg := stream.GroupConfig{Group: g.group, Topics: []string{g.topic}}
	for _, f := range change {
		f(&cfg)
	}
	c = g.client.NewConsumer(cfg, work)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				g.Errorf("a consumer that was asked to stop: %v", err)
			}
		})
	}
	g.Cleanup(stop)
	return c, stop
}

// read consumes until n values were seen.
func (g *ground) read(n int, settle bool, change ...func(*stream.GroupConfig)) *seen {
	g.Helper()
	s := &seen{}
	work := s.settleNone
	if settle {
		work = s.settleAll
	}
	_, stop := g.consume(work, change...)
	g.await("records", func() bool { return s.distinct() >= n })
	stop()
	return s
}
