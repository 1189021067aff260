package source

import (
	"math"
	"time"

	"golang.org/x/time/rate"

	"github.com/omnicapi/omnicapi/pkg/event"
)

// Limit bounds the source's events, those of proven and of unproven senders each: what pages send takes nothing from their shop's
// server. perSecond 0 does not. A burst of 0 is one second's worth.
func (s *Source) Limit(perSecond float64, burst int) {
	if perSecond <= 0 {
		return
	}
	if burst <= 0 {
		burst = int(math.Ceil(perSecond))
	}
	s.proven, s.unproven = rate.NewLimiter(rate.Limit(perSecond), burst), rate.NewLimiter(rate.Limit(perSecond), burst)
}

// PerMinute is how many events a minute a class of the source's senders may post for long; 0: no limit.
func (s *Source) PerMinute() int {
	if s.proven == nil {
		return 0
	}
	return max(int(float64(s.proven.Limit())*60), 1)
}

// Take takes n events of a sender of this trust from the source's rate; not ok: come back after wait. A request larger than the burst is let in
// when the bucket is full and leaves a debt, so that the rate holds and no size is refused for ever.
func (s *Source) Take(now time.Time, n int, trust event.Trust) (wait time.Duration, ok bool) {
	limiter := s.proven
	if trust == event.Unproven {
		limiter = s.unproven
	}
	if limiter == nil || n == 0 {
		return 0, true
	}
	burst := limiter.Burst()
	r := limiter.ReserveN(now, min(n, burst))
	if d := r.DelayFrom(now); d > 0 {
		r.CancelAt(now)
		return d, false
	}
	for left := n - burst; left > 0; left -= burst {
		limiter.ReserveN(now, min(left, burst))
	}
	return 0, true
}
