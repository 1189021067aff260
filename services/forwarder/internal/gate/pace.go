package gate

import "time"

// pace is the time between things of a kind: the mean of the last ones.
type pace struct {
	gaps [32]time.Duration
	n    int       // how many gaps there ever were
	last time.Time // the last thing; zero: the next gap does not count
}

// add notes one more.
func (p *pace) add(now time.Time) {
	if !p.last.IsZero() {
		p.gaps[p.n%len(p.gaps)] = now.Sub(p.last)
		p.n++
	}
	p.last = now
}

// mean is 0 if there is no gap yet.
func (p *pace) mean() time.Duration {
	n := min(p.n, len(p.gaps))
	sum := time.Duration(0)
	for _, gap := range p.gaps[:n] {
		sum += gap
	}
	return sum / time.Duration(max(1, n))
}
