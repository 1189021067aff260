package event

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/record"
)

// TestRecordIn: records in one arena are as those with memory of their own, and stay so while more are made.
func TestRecordIn(t *testing.T) {
	var a Arena
	for range 2 {
		var got, want []record.Record
		for i := range 40 {
			s := fullSignal()
			s.ID = fmt.Appendf(nil, "event-%d", i)
			if i%3 == 0 {
				s.Params, s.Value, s.Currency = nil, nil, nil
			}
			got, want = append(got, s.RecordIn(&a, "t", nil)), append(want, s.Record("t", nil))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		a.Begin(1 << 20)
	}
	if s := fullSignal(); testing.AllocsPerRun(100, func() { a.Begin(1 << 20); s.RecordIn(&a, "t", nil) }) != 0 {
		t.Error("a record in an arena that is large enough allocates")
	}
	if a.Begin(0); a.bytes != nil || a.headers != nil {
		t.Error("more than wanted is kept")
	}
}

// TestAppendStampProperty holds our writing of times against the library's.
func TestAppendStampProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-80_000_000_000, 300_000_000_000).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))
		at = at.In(time.FixedZone("", rapid.IntRange(-50_000, 50_000).Draw(t, "zone")))
		if got, want := string(appendStamp(nil, at)), at.UTC().Format(timeLayout); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	})
}
