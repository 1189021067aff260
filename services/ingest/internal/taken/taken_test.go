package taken_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/services/ingest/internal/taken"
)

func sumOf(n int) taken.Sum { return taken.SumOf([]byte(strconv.Itoa(n))) }

// TestRepeats: a sender's own retries are stored again, what comes later or more often is not.
func TestRepeats(t *testing.T) {
	var m taken.Memory
	at := time.Unix(1795426200, 0)
	if m.Repeats(sumOf(1), at) {
		t.Error("the first of all repeats something")
	}
	m.Stored(sumOf(1), at)
	m.Stored(sumOf(2), at)
	for i := range taken.Retries {
		if m.Repeats(sumOf(1), at.Add(time.Duration(i)*time.Minute)) {
			t.Errorf("retry %d is not stored", i+1)
		}
		m.Stored(sumOf(1), at.Add(time.Duration(i)*time.Minute)) // it stays the first time that counts
	}
	if !m.Repeats(sumOf(1), at.Add(time.Minute)) {
		t.Error("there is no end of retries")
	}
	if m.Repeats(sumOf(2), at.Add(taken.Late-1)) || !m.Repeats(sumOf(2), at.Add(taken.Late)) {
		t.Error("an hour is no hour")
	}
	if m.Repeats(sumOf(3), at.Add(48*time.Hour)) {
		t.Error("another request repeats one")
	}
	var none *taken.Memory
	none.Stored(sumOf(1), at)
	if none.Repeats(sumOf(1), at.Add(time.Hour)) {
		t.Error("no memory remembers")
	}
}

// TestBounded: the oldest are forgotten, one for each new one.
func TestBounded(t *testing.T) {
	var m taken.Memory
	at := time.Unix(1795426200, 0)
	for n := range taken.Remembered + 100 {
		m.Stored(sumOf(n), at)
	}
	for n, want := range map[int]bool{0: false, 99: false, 100: true, taken.Remembered: true, taken.Remembered + 99: true} {
		if got := m.Repeats(sumOf(n), at.Add(taken.Late)); got != want {
			t.Errorf("%d: %v", n, got)
		}
	}
}
