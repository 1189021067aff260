package stream_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCommitted: where a group goes on, none where it has committed nothing.
func TestCommitted(t *testing.T) {
	g := newGround(t, 2)
	check := func(want map[int]int64) {
		t.Helper()
		got, err := g.client.Committed(t.Context(), g.group, g.topic)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	check(map[int]int64{})
	g.commit(3)
	check(map[int]int64{0: 3})
	if _, err := g.client.Committed(t.Context(), g.group, g.topic+".absent"); err == nil {
		t.Error("of a topic that is not there: no error")
	}
}
