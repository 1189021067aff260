package e2e

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// TestMetrics scrapes each process after events went through and compares with the metrics promised in README: each is
// there, with just these labels, and the labels that are closed lists hold no other value.
func TestMetrics(t *testing.T) {
	s := newStack(t, "")
	events, ids := numbered(t, "metrics", 20)
	s.take(shopID, events...)
	s.waitFates(time.Minute, ids)
	var scrapes map[string]string
	eventually(t, time.Minute, "each metric has a series", func() (bool, string) { // a fate is counted once it is written
		scrapes = s.scrapeAll()
		var none []string
		for _, m := range promised {
			for _, service := range m.services {
				if len(seriesOf(scrapes[service], m.name)) == 0 {
					none = append(none, service+": no "+m.name)
				}
			}
		}
		return len(none) == 0, strings.Join(none, ", ")
	})
	for name := range scrapes {
		for _, common := range []string{"omnicapi_build_info", "omnicapi_config_info", "go_goroutines", "process_resident_memory_bytes"} {
			if !strings.Contains(scrapes[name], "\n"+common) {
				t.Errorf("%s: no %s", name, common)
			}
		}
	}
	for _, m := range promised {
		for _, service := range m.services {
			for _, labels := range seriesOf(scrapes[service], m.name) {
				checkLabels(t, service, m, labels)
			}
		}
	}
}

// scrapeAll reads the metrics of the three services.
func (s *stack) scrapeAll() map[string]string {
	s.t.Helper()
	scrapes := map[string]string{}
	for name, addr := range map[string]string{"ingest": s.ingestAdmin, "normalizer": s.normalizerAdmin, "forwarder": s.forwarderAdmin} {
		_, scrapes[name] = get(s.t, "http://"+addr+"/metrics")
	}
	return scrapes
}

type metric struct {
	name     string
	labels   []string
	services []string
}

var (
	inIngest     = []string{"ingest"}
	inNormalizer = []string{"normalizer"}
	inForwarder  = []string{"forwarder"}
	inConsumers  = []string{"normalizer", "forwarder"}
)

var promised = []metric{
	{"omnicapi_ingest_events_total", []string{"channel", "format", "source", "trust", "result"}, inIngest},
	{"omnicapi_ingest_request_seconds_count", []string{"route", "code"}, inIngest},
	{"omnicapi_ingest_pending_bytes", []string{"pool"}, inIngest},
	{"omnicapi_ingest_no_room_total", []string{"pool"}, inIngest},
	{"omnicapi_ingest_replaced_ids_total", []string{"source"}, inIngest},
	{"omnicapi_normalizer_events_total", []string{"channel", "source", "trust", "result", "reason"}, inNormalizer},
	{"omnicapi_normalizer_match_keys_total", []string{"channel", "key"}, inNormalizer},
	{"omnicapi_normalizer_values_dropped_total", []string{"key", "reason"}, inNormalizer},
	{"omnicapi_forwarder_events_total", []string{"dataset", "trust", "result", "reason"}, inForwarder},
	{"omnicapi_forwarder_batch_events_count", nil, inForwarder},
	{"omnicapi_forwarder_request_seconds_count", []string{"dataset", "class"}, inForwarder},
	{"omnicapi_lane_parked", []string{"dataset", "reason"}, inForwarder},
	{"omnicapi_lane_throttle_seconds", []string{"dataset"}, inForwarder},
	{"omnicapi_usage_ratio", []string{"dataset"}, inForwarder},
	{"omnicapi_consumer_lag_records", []string{"topic", "partition"}, inConsumers},
	{"omnicapi_consumer_oldest_age_seconds", []string{"topic", "partition"}, inConsumers},
	{"omnicapi_consumer_in_group", []string{"group"}, inConsumers},
	{"omnicapi_consumer_rebalances_total", []string{"group"}, inConsumers},
	{"omnicapi_consumer_rebalance_seconds_count", []string{"group"}, inConsumers},
	{"omnicapi_deadletters_total", []string{"stage", "reason"}, inConsumers},
	{"omnicapi_end_to_end_seconds_count", []string{"channel"}, inForwarder},
	{"omnicapi_build_info", []string{"version", "commit", "go"}, []string{"ingest", "normalizer", "forwarder"}},
	{"omnicapi_config_info", []string{"hash"}, []string{"ingest", "normalizer", "forwarder"}},
	{"omnicapi_ready", nil, []string{"ingest", "normalizer", "forwarder"}},
	{"omnicapi_ready_check", []string{"check"}, []string{"ingest", "normalizer", "forwarder"}},
}

// closed returns all values that a label may have, for labels whose values are a closed list.
func closed(m metric, label string) []string {
	switch {
	case label == "channel" && strings.Contains(m.name, "ingest"): // a request that is no source's has no channel
		return append([]string{"unknown"}, topic.Channels...)
	case label == "channel":
		return topic.Channels
	case label == "dataset":
		return []string{"shop", "other"}
	case label == "stage":
		return []string{string(fault.Ingest), string(fault.Normalizer), string(fault.Forwarder)}
	case label == "result" && strings.Contains(m.name, "ingest"):
		return []string{"accepted", "rejected", "ignored", "refused", "failed", "repeated"}
	case label == "result":
		return []string{string(fault.Delivered), string(fault.Dead), string(fault.Dropped), "published"}
	case label == "class":
		return []string{"ok", "partial", "transient", "throttle", "setup", "invalid", "toolarge", "unknown"}
	case label == "reason" && (strings.Contains(m.name, "events") || strings.Contains(m.name, "deadletters")):
		reasons := []string{""}
		for _, r := range slices.Concat(fault.DropReasons, fault.DeadReasons) {
			reasons = append(reasons, string(r))
		}
		return reasons
	}
	return nil
}

func checkLabels(t *testing.T, service string, m metric, labels map[string]string) {
	t.Helper()
	if len(labels) != len(m.labels) {
		t.Errorf("%s: %s has labels %v, want %v", service, m.name, labels, m.labels)
	}
	for _, name := range m.labels {
		value, ok := labels[name]
		if !ok {
			t.Errorf("%s: %s has no label %s", service, m.name, name)
		}
		if list := closed(m, name); list != nil && !slices.Contains(list, value) {
			t.Errorf("%s: %s has %s=%q, which is on no list", service, m.name, name, value)
		}
		if len(value) > 64 {
			t.Errorf("%s: %s has a long %s: an id?", service, m.name, name)
		}
	}
}

var label = regexp.MustCompile(`(\w+)="((?:[^"\\]|\\.)*)"`)

// seriesOf returns the labels of each series of a metric.
func seriesOf(scrape, name string) []map[string]string {
	var all []map[string]string
	for line := range strings.Lines(scrape) {
		rest, ok := strings.CutPrefix(line, name)
		if !ok || (rest[0] != '{' && rest[0] != ' ') {
			continue
		}
		labels := map[string]string{}
		for _, m := range label.FindAllStringSubmatch(rest, -1) {
			labels[m[1]] = m[2]
		}
		all = append(all, labels)
	}
	return all
}
