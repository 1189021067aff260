package source

import (
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// maxDebt is how long a request that is larger than the burst holds up those behind it.
	maxDebt = 10 * time.Second
	// savings are the events beyond the burst that a source may have left unused: as many as a request may bring.
	savings = 10_000
	// most is a rate and a burst that nothing reaches.
	most = 1_000_000_000
)

// bucket is the rate of one class of a source's senders. A request larger than the burst is let in when the burst is there, so that
// no size is refused for ever, and leaves a debt of maxDebt at most; the rest of it is paid from what the source left unused before.
type bucket struct {
	perSecond float64
	burst     int
	debt      int // events; what large requests may take beyond the burst

	mu    sync.Mutex
	short *rate.Limiter // holds burst and debt: what is below debt is owed
	long  *rate.Limiter // holds burst and savings, and is never owed anything: it keeps the rate in the long run
	last  time.Time     // that was asked at: a limiter that is asked at an earlier one counts the time between twice
}

// newBucket returns nil for no limit. A burst of 0 is one second's worth.
func newBucket(perSecond float64, burst int) *bucket {
	if perSecond <= 0 {
		return nil
	}
	perSecond = min(perSecond, most)
	if burst <= 0 {
		burst = int(math.Ceil(perSecond))
	}
	burst = min(burst, most)
	b := &bucket{perSecond: perSecond, burst: burst, debt: int(perSecond * maxDebt.Seconds())}
	b.short = rate.NewLimiter(rate.Limit(perSecond), burst+b.debt)
	b.long = rate.NewLimiter(rate.Limit(perSecond), burst+max(savings, b.debt))
	return b
}

// take takes n events; not ok: come back after wait, which is never longer than the debt and the request's part of the burst take.
func (b *bucket) take(now time.Time, n int) (wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now.Before(b.last) { // its body was slow
		now = b.last
	}
	b.last = now
	part := min(n, b.burst)
	short := float64(b.debt+part) - b.short.TokensAt(now)
	whole := min(n, b.long.Burst())
	long := float64(whole) - b.long.TokensAt(now)
	if lack := max(short, long); lack > tiny {
		return min(b.timeOf(lack), b.timeOf(float64(b.debt+part))), false
	}
	b.short.ReserveN(now, min(n, b.burst+b.debt))
	b.long.ReserveN(now, whole)
	return 0, true
}

// tiny is less than any event: what rounding leaves over.
const tiny = 1e-6

// timeOf is how long events take at the rate.
func (b *bucket) timeOf(events float64) time.Duration {
	return time.Duration(min(events/b.perSecond*float64(time.Second), math.MaxInt64/2))
}
