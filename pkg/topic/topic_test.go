package topic_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/topic"
)

func TestSpecs(t *testing.T) {
	n := topic.Names{Prefix: "omnicapi."}
	var got []string
	kept := map[string]time.Duration{}
	for _, s := range n.Specs([]string{"shop", "app"}, 12, 3) {
		if whole := s.Name == n.Suppressions(); s.Compacted != whole || whole && s.Partitions != 1 || !whole && s.Partitions != 12 || s.Replication != 3 {
			t.Errorf("%s: %d partitions, replication %d", s.Name, s.Partitions, s.Replication)
		}
		got = append(got, s.Name)
		kept[s.Name] = s.Retention
	}
	want := []string{
		"omnicapi.events.website", "omnicapi.events.app", "omnicapi.events.whatsapp", "omnicapi.events.store",
		"omnicapi.events.crm", "omnicapi.events.cdp", "omnicapi.events.platform", "omnicapi.events.tagmanager",
		"omnicapi.signals.app", "omnicapi.signals.shop", "omnicapi.deadletters", "omnicapi.outcomes", "omnicapi.audit",
		"omnicapi.suppressions",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if kept["omnicapi.events.website"] != 7*24*time.Hour || kept["omnicapi.signals.shop"] != 14*24*time.Hour || kept["omnicapi.audit"] != 90*24*time.Hour {
		t.Errorf("kept: %v", kept)
	}
}

func TestBounded(t *testing.T) {
	for bytes, segment := range map[int64]int64{0: 0, 64 << 20: 16 << 20, 2 << 30: 128 << 20, 10 << 30: 640 << 20, 16 << 30: 0, 1 << 40: 0} {
		for _, s := range topic.Bounded(topic.Names{}.Specs([]string{"shop"}, 1, 1), bytes) {
			if s.Compacted {
				bytes, segment = 0, 0
			}
			if s.Bytes != bytes || s.SegmentBytes() != segment {
				t.Errorf("%s of %d bytes: %d, in files of %d", s.Name, bytes, s.Bytes, s.SegmentBytes())
			}
		}
	}
}

func TestNamesReadBack(t *testing.T) {
	n := topic.Names{Prefix: "p."}
	for _, c := range topic.Channels {
		if got := n.Channel(n.Events(c)); got != c {
			t.Errorf("channel of %s: %q", n.Events(c), got)
		}
	}
	if got := n.Dataset(n.Signals("shop")); got != "shop" {
		t.Errorf("dataset: %q", got)
	}
	for _, other := range []string{n.DeadLetters(), n.Outcomes(), n.Audit(), "events.website", "q.signals.shop"} {
		if n.Channel(other) != "" || n.Dataset(other) != "" {
			t.Errorf("%s is taken for a raw or canonical topic", other)
		}
	}
	if got := n.Group("forwarder", n.Signals("shop")); got != "p.forwarder.signals.shop" {
		t.Errorf("group: %q", got)
	}
}
