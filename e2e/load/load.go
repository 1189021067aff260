package load

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// Options of a run.
type Options struct {
	URL  string  // of ingest
	Rate float64 // events a second, of all senders together; 100
	Seed uint64  // of what the senders choose by chance: sizes, and which events die
	Run  string  // is part of every event_id; the time by default, so that a run repeats no other's ids
}

// Load is a running load.
type Load struct {
	url    string
	run    string
	number int64 // of this run, for senders whose orders have numbers
	client *http.Client
	ledger *Ledger

	stopMaking, stopSending context.CancelFunc
	done                    sync.WaitGroup
}

// Start starts the senders.
func Start(o Options) *Load {
	now := time.Now()
	if o.Rate == 0 {
		o.Rate = 100
	}
	if o.Run == "" {
		o.Run = fmt.Sprintf("%x", now.UnixMilli())
	}
	l := &Load{url: o.URL, run: o.Run, number: now.UnixMilli() % 1e9, ledger: newLedger()}
	l.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: open}}
	making, stopMaking := context.WithCancel(context.Background())
	sending, stopSending := context.WithCancel(context.Background())
	l.stopMaking, l.stopSending = stopMaking, stopSending
	senders := l.senders()
	for i, s := range senders {
		s.load, s.rng = l, newRand(o.Seed, i)
		l.done.Go(func() { s.run(making, sending, o.Rate/float64(len(senders))) })
	}
	return l
}

func newRand(seed uint64, sender int) *rand.Rand { return rand.New(rand.NewPCG(seed, uint64(sender))) }

// Ledger is what was promised, also while the load runs.
func (l *Load) Ledger() *Ledger { return l.ledger }

// Stop ends the making of events, and returns when every request that is repeatable has been answered 2xx, or ctx has ended.
func (l *Load) Stop(ctx context.Context) {
	l.stopMaking()
	defer context.AfterFunc(ctx, l.stopSending)()
	l.done.Wait()
	l.stopSending()
	l.client.CloseIdleConnections()
}
