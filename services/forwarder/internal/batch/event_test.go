package batch

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestMoment: moments are in the order of their times, whatever a header says.
func TestMoment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := time.Unix(rapid.Int64Range(-1e18, 1e18).Draw(t, "a"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))
		b := time.Unix(rapid.Int64Range(-1e18, 1e18).Draw(t, "b"), 0)
		if rapid.Bool().Draw(t, "near") {
			b = a.Add(time.Duration(rapid.Int64Range(-1e10, 1e10).Draw(t, "apart")))
		}
		if before, after := At(a), At(b); before <= 0 || (a.Before(b) && before > after) || (b.Before(a) && before < after) {
			t.Fatalf("%v is %d, %v is %d", a, before, b, after)
		}
		if at := a.Truncate(time.Millisecond); a.Unix() > 0 && a.Unix() < last/1000 && !At(a).Time().Equal(at) {
			t.Fatalf("%v is told as %v", at, At(a).Time())
		}
	})
	if now := time.Now(); !(&Event{Deadline: At(now)}).Expired(now) || (&Event{Deadline: At(now) + 1}).Expired(now) {
		t.Error("an event expires at its deadline, not before")
	}
}
