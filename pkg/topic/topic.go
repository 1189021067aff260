// Package topic holds the topics as data: their names, retention and sizes. Every service takes its topic names from
// here, and `omnicapi topics` creates the topics that Specs lists. It refuses to talk to a broker.
package topic

import (
	"slices"
	"strings"
	"time"
)

// Channels are the ways in which a customer meets the business. Each has a raw topic.
var Channels = []string{"website", "app", "whatsapp", "store", "crm", "cdp", "platform", "tagmanager"}

// IsChannel says whether name is one of Channels.
func IsChannel(name string) bool { return slices.Contains(Channels, name) }

const day = 24 * time.Hour

// MaxRecordBytes is the largest record of any topic but that of dead letters. ingest.max_event is at most half of it, which
// leaves room for the envelope. MaxLetterBytes is the largest dead letter: a record, and why and where it failed.
const (
	MaxRecordBytes = 1 << 20
	MaxLetterBytes = MaxRecordBytes + 64<<10
)

const deadLetters = "deadletters"

// MaxBytes is the largest record of a topic.
func MaxBytes(name string) int {
	if strings.HasSuffix(name, deadLetters) { // whatever the prefix
		return MaxLetterBytes
	}
	return MaxRecordBytes
}

// Spec is the shape a topic must have.
type Spec struct {
	Name        string
	Partitions  int
	Replication int
	Retention   time.Duration
	Bytes       int64 // that a partition keeps, as it lies on the disk; 0: no bound
	Compacted   bool  // Kafka keeps the last record of each key for ever, whatever Retention and Bytes say
}

// InSync is how many replicas must have a record before it is acknowledged (min.insync.replicas): where there are three, two, so
// that the loss of one takes neither records nor writes.
func (s Spec) InSync() int {
	if s.Replication >= 3 {
		return 2
	}
	return 1
}

// Names makes topic names under one prefix.
type Names struct{ Prefix string }

// Events returns the name of a channel's raw topic.
func (n Names) Events(channel string) string { return n.Prefix + "events." + channel }

// Signals returns the name of a dataset's canonical topic.
func (n Names) Signals(dataset string) string { return n.Prefix + "signals." + dataset }

// DeadLetters returns the name of the topic of dead letters: events that cannot go on.
func (n Names) DeadLetters() string { return n.Prefix + deadLetters }

// Outcomes returns the name of the topic that says how events ended.
func (n Names) Outcomes() string { return n.Prefix + "outcomes" }

// Audit returns the name of the topic that says what operators did.
func (n Names) Audit() string { return n.Prefix + "audit" }

// Suppressions returns the name of the topic of persons whose events are dropped.
func (n Names) Suppressions() string { return n.Prefix + "suppressions" }

// Channel returns the channel of a raw topic, "" for another topic.
func (n Names) Channel(name string) string {
	c, ok := strings.CutPrefix(name, n.Prefix+"events.")
	if !ok {
		return ""
	}
	return c
}

// Dataset returns the dataset of a canonical topic, "" for another topic.
func (n Names) Dataset(name string) string {
	d, ok := strings.CutPrefix(name, n.Prefix+"signals.")
	if !ok {
		return ""
	}
	return d
}

// Group returns the consumer group of a service on one topic: omnicapi.forwarder.signals.shop. Each topic has a group
// of its own, so that a missing topic or a rebalance holds up no other topic.
func (n Names) Group(service, name string) string {
	return n.Prefix + service + "." + strings.TrimPrefix(name, n.Prefix)
}

// Bounded returns specs whose partitions keep so many bytes each; 0: no bound. Retention by time alone leaves it to senders how much
// of the disk a topic takes. A compacted topic, which only operators write, has no bound: it must forget nobody.
func Bounded(specs []Spec, bytes int64) []Spec {
	for i := range specs {
		if !specs[i].Compacted {
			specs[i].Bytes = bytes
		}
	}
	return specs
}

// SegmentBytes is the size of the files that a bounded topic is kept in, 0 for Kafka's own: whole files are removed, and the one that
// is written to is kept.
func (s Spec) SegmentBytes() int64 {
	const kafkas, least, parts = 1 << 30, 16 << 20, 16
	if s.Bytes == 0 || s.Bytes >= parts*kafkas {
		return 0
	}
	return max(s.Bytes/parts, least)
}

// Specs lists every topic of a deployment: all raw topics, one canonical topic a dataset, dead letters, outcomes, audit, suppressions. The
// last has one partition: every process reads all of it, and its order is that of what operators did.
func (n Names) Specs(datasets []string, partitions, replication int) []Spec {
	var specs []Spec
	add := func(name string, kept time.Duration) {
		specs = append(specs, Spec{Name: name, Partitions: partitions, Replication: replication, Retention: kept})
	}
	for _, c := range Channels {
		add(n.Events(c), 7*day)
	}
	for _, d := range slices.Sorted(slices.Values(datasets)) {
		add(n.Signals(d), 14*day)
	}
	add(n.DeadLetters(), 14*day)
	add(n.Outcomes(), 14*day)
	add(n.Audit(), 90*day)
	specs = append(specs, Spec{Name: n.Suppressions(), Partitions: 1, Replication: replication, Compacted: true})
	return specs
}
