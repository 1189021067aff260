package demo

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

func TestSamplesAreWhole(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	channels := map[string]bool{}
	for _, p := range posts {
		text, err := body(p.file, now)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text, "$") {
			t.Errorf("%s: a place is not filled", p.file)
		}
		if strings.HasSuffix(p.file, ".json") && !json.Valid([]byte(text)) {
			t.Errorf("%s is no JSON", p.file)
		}
		for _, e := range p.events {
			channels[e.Channel] = true
			if !strings.Contains(text, e.ID) {
				t.Errorf("%s holds no %s", p.file, e.ID)
			}
		}
	}
	for _, c := range topic.Channels {
		if !channels[c] {
			t.Errorf("no event of channel %s", c)
		}
	}
}

// TestEveryFormatIsSent: the demo sends an event of every format, each by a source of its own configuration.
func TestEveryFormatIsSent(t *testing.T) {
	cfg, err := (&Demo{Folder: t.TempDir()}).configure()
	if err != nil {
		t.Fatal(err)
	}
	events, err := Events()
	if err != nil {
		t.Fatal(err)
	}
	sent := map[string]bool{}
	for _, e := range events {
		sent[e.Format] = true
		if _, has := cfg.Sources[e.Source]; e.Source != "" && !has {
			t.Errorf("%s: no source %s", e.Format, e.Source)
		}
	}
	for _, name := range all.Names() {
		if !sent[name] {
			t.Errorf("no event of %s", name)
		}
	}
}

func TestMatchGivesEachEventItsFate(t *testing.T) {
	one := func(f fault.Fate, r fault.Reason) *fate { return &fate{EventFate: event.EventFate{Fate: f, Reason: r}} }
	events := []Event{
		{ID: "a", Fate: fault.Delivered},
		{ID: "b", Fate: fault.Delivered},
		{ID: "a", Fate: fault.Dropped, Reason: fault.Duplicate},
		{ID: "c", Fate: fault.Delivered},
	}
	ended, all := match(events, map[string][]*fate{
		"a": {one(fault.Dropped, fault.Duplicate), one(fault.Delivered, fault.None)}, // in any order
		"b": {one(fault.Dead, fault.Refused)},
	})
	if all {
		t.Error("c has no fate")
	}
	for i, want := range []bool{true, false, true, false} {
		if ended[i].AsExpected() != want {
			t.Errorf("%+v", ended[i])
		}
	}
	if ended[1].Got != fault.Dead {
		t.Errorf("%+v", ended[1])
	}
	_, all = match(events[:3], map[string][]*fate{"a": {one(fault.Delivered, fault.None)}, "b": {one(fault.Delivered, fault.None)}})
	if all {
		t.Error("one fate was given to two events")
	}
}
