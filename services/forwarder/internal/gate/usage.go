package gate

import (
	"slices"
	"time"
)

// Between these usage figures the rate of POSTs falls in a straight line from all of it to a tenth.
const (
	slowFrom   = 0.75
	slowestAt  = 0.95
	lowestRate = 0.1
)

// usage is how near Meta says the dataset is to its rate limits, and the rests that follow from it.
type usage struct {
	figure float64     // the last one; 1 is the limit
	rests  []time.Time // their ends
}

// rest begins the rest of a poster whose POST took d and ended at a time.
func (u *usage) rest(took time.Duration, ended time.Time) {
	if d := restAfter(u.figure, took); d > 0 {
		u.rests = append(u.rests, ended.Add(d))
	}
}

// resting is how many posters rest; rests that are over are forgotten.
func (u *usage) resting(now time.Time) int {
	u.rests = slices.DeleteFunc(u.rests, func(end time.Time) bool { return !now.Before(end) })
	return len(u.rests)
}

// restAfter is how long a poster rests after a POST that took d, so that POSTs begin at rateAt(figure) of their full rate.
func restAfter(figure float64, d time.Duration) time.Duration {
	return time.Duration(float64(d) * (1/rateAt(figure) - 1))
}

// rateAt is the part of its full rate that a lane may use at a usage figure.
func rateAt(figure float64) float64 {
	switch {
	case !(figure > slowFrom): // written so that NaN is no reason to slow down
		return 1
	case figure >= slowestAt:
		return lowestRate
	}
	return 1 - (1-lowestRate)*(figure-slowFrom)/(slowestAt-slowFrom)
}
