package config

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestMergeLaysLayers: the environment goes before the file, the file before the defaults; what a layer leaves out stays,
// and an empty list or section is something said.
func TestMergeLaysLayers(t *testing.T) {
	file := map[string]any{
		"kafka":    map[string]any{"brokers": []string{"a:1"}, "prefix": "x."},
		"datasets": map[string]any{"shop": map[string]any{"batch": map[string]any{"events": 5}}, "shoes": map[string]any{}},
		"sources": map[string]any{
			"a.b": map[string]any{"origins": []string{}, "events": map[string]any{"v1.order": "Purchase", "v1.login": "drop"}, "rate": map[string]any{"burst": 3}},
			"c":   map[string]any{"events": map[string]any{}, "consent": map[string]any{"unknown": "deny"}},
		},
		"ingest": map[string]any{"max_body": Size(7)},
	}
	env := map[string]any{
		"kafka":    map[string]any{"prefix": "y."},
		"datasets": map[string]any{"shop": map[string]any{"deadline": time.Minute}},
		"sources":  map[string]any{"a.b": map[string]any{"events": map[string]any{"v1.login": "Lead"}, "rate": map[string]any{"events_per_second": 2.5}}},
	}
	want := Default()
	want.Kafka.Brokers, want.Kafka.Prefix, want.Ingest.MaxBody = []string{"a:1"}, "y.", 7
	shop := DefaultDataset()
	shop.Batch.Events, shop.Deadline = 5, time.Minute
	want.Datasets = map[string]Dataset{"shop": shop, "shoes": DefaultDataset()}
	ab, c := DefaultSource(), DefaultSource()
	ab.Origins, ab.Events, ab.Rate = []string{}, map[string]string{"v1.order": "Purchase", "v1.login": "Lead"}, Rate{EventsPerSecond: 2.5, Burst: 3}
	c.Events, c.Consent.Unknown = map[string]string{}, "deny"
	want.Sources = map[string]Source{"a.b": ab, "c": c}
	if diff := cmp.Diff(want, merge(file, env)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestMergeOfNothingIsTheDefault(t *testing.T) {
	want := Default()
	want.Kafka.Partitions, want.Kafka.Replication, want.Kafka.Retention = embeddedPartitions, embeddedReplication, embeddedRetention
	if diff := cmp.Diff(want, merge(nil, nil)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
