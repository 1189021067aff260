package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/fault"
)

func TestReasonsAreOneClosedList(t *testing.T) {
	seen := map[fault.Reason]bool{}
	for _, r := range append(append([]fault.Reason{}, fault.DropReasons...), fault.DeadReasons...) {
		if seen[r] {
			t.Errorf("%q is listed twice", r)
		}
		seen[r] = true
		if !r.Known() {
			t.Errorf("%q is listed and not known", r)
		}
	}
	if fault.None.Known() || fault.Reason("made up").Known() {
		t.Error("a reason that is on no list is known")
	}
	if !fault.Consent.IsDrop() || fault.Expired.IsDrop() {
		t.Error("drops and deaths are mixed up")
	}
}

func TestOf(t *testing.T) {
	end := fault.New(fault.MissingField, "custom_data.currency")
	if got := fault.Of(fmt.Errorf("validating: %w", end)); got != end {
		t.Errorf("wrapped: %v", got)
	}
	if fault.Of(errors.New("dialing")) != nil || fault.Of(nil) != nil {
		t.Error("an error without a reason ends the event")
	}
	if got := end.Error(); got != "missing_field: custom_data.currency" {
		t.Errorf("text: %q", got)
	}
	if got := fault.New(fault.NoIdentity, "").Error(); got != "no_identity" {
		t.Errorf("text: %q", got)
	}
}
