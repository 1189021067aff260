package source

import (
	"math"
	"time"

	"golang.org/x/time/rate"
)

// Limit bounds the source's events; perSecond 0 does not. A burst of 0 is one second's worth.
func (s *Source) Limit(perSecond float64, burst int) {
	if perSecond <= 0 {
		return
	}
	if burst <= 0 {
		burst = int(math.Ceil(perSecond))
	}
	s.limiter = rate.NewLimiter(rate.Limit(perSecond), burst)
}

// PerMinute is how many events a minute the source may post for long; 0: no limit.
func (s *Source) PerMinute() int {
	if s.limiter == nil {
		return 0
	}
	return max(int(float64(s.limiter.Limit())*60), 1)
}

// Take takes n events from the source's rate; not ok: come back after wait. A request larger than the burst is let in
// when the bucket is full and leaves a debt, so that the rate holds and no size is refused for ever.
func (s *Source) Take(now time.Time, n int) (wait time.Duration, ok bool) {
	if s.limiter == nil || n == 0 {
		return 0, true
	}
	burst := s.limiter.Burst()
	r := s.limiter.ReserveN(now, min(n, burst))
	if d := r.DelayFrom(now); d > 0 {
		r.CancelAt(now)
		return d, false
	}
	for left := n - burst; left > 0; left -= burst {
		s.limiter.ReserveN(now, min(left, burst))
	}
	return 0, true
}
