package source

import (
	"math"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/event"
)

// Limit bounds the source's events, those of proven and of unproven senders each: what pages send takes nothing from their shop's
// server. perSecond 0 does not. A burst of 0 is one second's worth.
func (s *Source) Limit(perSecond float64, burst int) {
	s.proven, s.unproven = newBucket(perSecond, burst), newBucket(perSecond, burst)
}

// wave is the burst of senders that prove nothing, where none is configured, in seconds of their rate.
const wave = 10

// LimitUnproven bounds what senders may post that prove nothing, beside Limit: the lower rate counts. Its zeros do not, but for the
// burst, which is then ten seconds' worth.
func (s *Source) LimitUnproven(u config.Unproven) {
	if u.Burst == 0 {
		u.Burst = int(math.Ceil(min(u.EventsPerSecond, most) * wave))
	}
	s.MaxUnproven = PerRequest{Events: u.EventsPerRequest, Bytes: int(u.BytesPerRequest)}
	if b := newBucket(u.EventsPerSecond, u.Burst); b != nil && (s.unproven == nil || b.perSecond < s.unproven.perSecond) {
		s.unproven = b
	}
}

// PerRequest bounds one request; 0: it does not.
type PerRequest struct{ Events, Bytes int }

// PerMinute is how many events a minute the source's senders may post for long, those that prove themselves if it has any; 0: no
// limit.
func (s *Source) PerMinute() int {
	b := s.proven
	if s.Open {
		b = s.unproven
	}
	if b == nil {
		return 0
	}
	return int(min(max(b.perSecond*60, 1), math.MaxInt32))
}

// Take takes n events of a sender of this trust from the source's rate; not ok: come back after wait.
func (s *Source) Take(now time.Time, n int, trust event.Trust) (wait time.Duration, ok bool) {
	b := s.proven
	if trust == event.Unproven {
		b = s.unproven
	}
	if b == nil || n == 0 {
		return 0, true
	}
	return b.take(now, n)
}
