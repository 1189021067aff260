package nearest_test

import (
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/nearest"
)

// TestWord: a slip of the hand is near, another word is not.
func TestWord(t *testing.T) {
	known := []string{"csv", "pos", "custom_data.value", "custom_data.currency", "event_time"}
	for word, want := range map[string]string{
		"cvs": "csv", "CSV": "csv", "custom_data.valeu": "custom_data.value", "event-time": "event_time", "curency": "", "x": "", "": "",
		strings.Repeat("a", 100): "",
	} {
		if got := nearest.Word(word, known); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
	if got := nearest.DidYouMean("cvs", known) + nearest.DidYouMean("zzzzzz", known); got != ": did you mean csv?" {
		t.Error(got)
	}
}
