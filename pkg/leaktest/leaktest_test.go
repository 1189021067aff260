package leaktest

import (
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// TestFind: what ends late is no leak.
func TestFind(t *testing.T) {
	others := goleak.IgnoreCurrent()
	go late()
	if err := goleak.Find(others); err == nil || !strings.Contains(err.Error(), "leaktest.late") {
		t.Errorf("it ended at once, the test shows nothing: %v", err)
	}
	if err := Find(others); err != nil {
		t.Error(err)
	}
}

func late() { <-time.After(2 * time.Second) }
