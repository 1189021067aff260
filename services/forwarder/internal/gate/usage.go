package gate

import (
	"slices"
	"time"
)

// Between these usage figures the number of POSTs falls in a straight line from all of them to a tenth.
const (
	slowFrom   = 0.75
	slowestAt  = 0.95
	lowestRate = 0.1
)

// A POST waits for its turn no longer than this: a lane that makes fewer is not what uses up the limit. A full batch can't grow,
// and a backlog that comes to a lane which made few calls before must not wait until it is dead.
const (
	longestWait     = 10 * time.Minute
	longestFullWait = 10 * time.Second
)

// Usage is how near Meta says the dataset is to its rate limits, and what follows from it. A lane has one for as long as the
// process runs: a rebalance is no reason to forget it. The zero value is ready.
//
// Near the limit three things hold a POST back. Posters rest after each POST, so that a lane whose posters are all busy makes
// fewer; that alone slows no lane whose posters are idle. So the time between two POSTs is stretched too: from what it was
// before the figure rose; and for a batch that is not full, from what it would be if no batch had to wait. Such a batch
// stays open meanwhile, and grows.
type Usage struct {
	figure     float64     // the last one; 1 is the limit
	rests      []time.Time // their ends
	began      time.Time   // of the last POST
	beganSmall time.Time   // of the last one of a batch that was not full
	before     pace        // of the POSTs while nothing held them back
	small      pace        // of the batches that waited as long as they should and were not full by then
}

// leastBefore is how many times between POSTs must be known: as long as a lane is held back it learns nothing more of them.
const leastBefore = 8

// begin notes a POST.
func (u *Usage) begin(now time.Time, small bool) {
	if u.slowed() {
		u.before.last = time.Time{} // the time between two that were held back says nothing
	} else {
		u.before.add(now)
	}
	u.began = now
	if small {
		u.beganSmall = now
	}
}

func (u *Usage) slowed() bool { return rateAt(u.figure) < 1 }

// next is when the next POST may begin.
func (u *Usage) next() time.Time {
	if u.before.n < leastBefore {
		return time.Time{}
	}
	return u.began.Add(u.stretched(&u.before, longestFullWait))
}

// nextSmall is when the next one may be of a batch that is not full.
func (u *Usage) nextSmall() time.Time {
	at := u.next()
	if small := u.beganSmall.Add(u.stretched(&u.small, longestWait)); small.After(at) {
		at = small
	}
	return at
}

// stretched is the time between two at the present figure, at most longest; 0 while nothing holds them back.
func (u *Usage) stretched(p *pace, longest time.Duration) time.Duration {
	if !u.slowed() {
		return 0
	}
	return min(longest, time.Duration(float64(p.mean())/rateAt(u.figure)))
}

// rest begins the rest of a poster whose POST took d and ended at a time.
func (u *Usage) rest(took time.Duration, ended time.Time) {
	if d := restAfter(u.figure, took); d > 0 {
		u.rests = append(u.rests, ended.Add(d))
	}
}

// resting is how many posters rest; rests that are over are forgotten.
func (u *Usage) resting(now time.Time) int {
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
