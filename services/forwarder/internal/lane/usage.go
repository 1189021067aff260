package lane

import "time"

// Between these usage ratios the rate falls in a straight line from all of it to a tenth.
const (
	usageSlow  = 0.75
	usageLow   = 0.95
	slowestCut = 0.1
)

// rate is the part of its full rate that a lane may use at a usage ratio.
func rate(usage float64) float64 {
	switch {
	case !(usage > usageSlow):
		return 1
	case usage >= usageLow:
		return slowestCut
	}
	return 1 - (1-slowestCut)*(usage-usageSlow)/(usageLow-usageSlow)
}

// rest is how long a poster rests after a post that took d, so that posts start at that part of the full rate.
func rest(usage float64, d time.Duration) time.Duration {
	return time.Duration(float64(d) * (1/rate(usage) - 1))
}
