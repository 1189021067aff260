package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Change is what Apply did or would do to a topic, or what Check found: Wrong is "" or what differs.
type Change struct {
	Spec    topic.Spec
	Exists  bool
	Created bool
	Wrong   string // e.g. "has 6 partitions, not 12"
	Bytes   string // e.g. "keeps 1000 bytes of a partition, not 2000": no reason not to use it
	Cuts    bool   // it keeps fewer bytes than it is to
}

// TopicInfo is a topic as it is.
type TopicInfo struct {
	topic.Spec
	Records int64 // end minus start offsets
}

// Apply creates the missing topics (dryRun: says which). It never alters one: a wrong shape is an error that names all of
// them, after what is missing was made.
func (c *Client) Apply(ctx context.Context, specs []topic.Spec, dryRun bool) ([]Change, error) {
	changes, err := c.Check(ctx, specs)
	if err != nil {
		return nil, err
	}
	var wrong []error
	var create []kafka.TopicConfig
	for i := range changes {
		switch ch := &changes[i]; {
		case ch.Wrong != "":
			wrong = append(wrong, fmt.Errorf("topic %s %s", ch.Spec.Name, ch.Wrong))
		case !ch.Exists:
			ch.Created = true
			create = append(create, topicConfig(ch.Spec))
		}
	}
	err = nil
	if len(wrong) > 0 {
		err = fmt.Errorf("checking topics: %w", errors.Join(wrong...))
	}
	if dryRun || len(create) == 0 {
		return changes, err
	}
	failed, made := c.create(ctx, create)
	for i := range changes {
		changes[i].Created = changes[i].Created && !failed[changes[i].Spec.Name]
	}
	return changes, errors.Join(made, err)
}

// create makes topics and names those that could not be made.
func (c *Client) create(ctx context.Context, topics []kafka.TopicConfig) (failed map[string]bool, err error) {
	failed = map[string]bool{}
	res, err := c.kafka.CreateTopics(ctx, &kafka.CreateTopicsRequest{Topics: topics})
	if err != nil {
		for _, t := range topics {
			failed[t.Topic] = true
		}
		return failed, fmt.Errorf("creating topics: %w", err)
	}
	var errs []error
	for name, err := range res.Errors {
		if err != nil && !errors.Is(err, kafka.TopicAlreadyExists) { // another one was faster
			failed[name] = true
			errs = append(errs, fmt.Errorf("creating topic %s: %w", name, err))
		}
	}
	return failed, errors.Join(errs...)
}

// What a topic's configuration calls them.
const (
	retention = "retention.ms"
	minInSync = "min.insync.replicas"
	keptBytes = "retention.bytes"
	cleanup   = "cleanup.policy"
	compact   = "compact"
)

// tombstonesKept is how long a removal is there to be read after compaction: a process that Kafka was away from for longer goes on
// with what it knew, until it is started anew.
const tombstonesKept = 7 * 24 * time.Hour

func topicConfig(s topic.Spec) kafka.TopicConfig {
	entries := []kafka.ConfigEntry{{ConfigName: "max.message.bytes", ConfigValue: strconv.Itoa(topic.MaxBytes(s.Name) + 4096)}}
	if s.Compacted {
		entries = append(entries, kafka.ConfigEntry{ConfigName: cleanup, ConfigValue: compact},
			kafka.ConfigEntry{ConfigName: retention, ConfigValue: "-1"}, kafka.ConfigEntry{ConfigName: keptBytes, ConfigValue: "-1"},
			kafka.ConfigEntry{ConfigName: "delete.retention.ms", ConfigValue: strconv.FormatInt(tombstonesKept.Milliseconds(), 10)})
	} else {
		entries = append(entries, kafka.ConfigEntry{ConfigName: cleanup, ConfigValue: "delete"},
			kafka.ConfigEntry{ConfigName: retention, ConfigValue: strconv.FormatInt(s.Retention.Milliseconds(), 10)})
	}
	if n := s.InSync(); n > 1 {
		entries = append(entries, kafka.ConfigEntry{ConfigName: minInSync, ConfigValue: strconv.Itoa(n)})
	}
	if s.Bytes > 0 {
		entries = append(entries, kafka.ConfigEntry{ConfigName: keptBytes, ConfigValue: strconv.FormatInt(s.Bytes, 10)})
		if n := s.SegmentBytes(); n > 0 {
			entries = append(entries, kafka.ConfigEntry{ConfigName: "segment.bytes", ConfigValue: strconv.FormatInt(n, 10)})
		}
	}
	return kafka.TopicConfig{Topic: s.Name, NumPartitions: s.Partitions, ReplicationFactor: s.Replication, ConfigEntries: entries}
}

// Check compares the cluster with specs.
func (c *Client) Check(ctx context.Context, specs []topic.Spec) ([]Change, error) {
	names := make([]string, len(specs))
	for i, s := range specs {
		names[i] = s.Name
	}
	have, err := c.describe(ctx, names)
	if err != nil {
		if ofConnection(err) {
			c.suspect()
		}
		return nil, err
	}
	changes := make([]Change, len(specs))
	for i, s := range specs {
		changes[i] = Change{Spec: s}
		if is, ok := have[s.Name]; ok {
			changes[i].Exists, changes[i].Wrong = true, differs(is, s)
			changes[i].Bytes, changes[i].Cuts = bytesDiffer(is.Bytes, s.Bytes)
		}
	}
	return changes, nil
}

// shape is that of a topic as it is. inSync is its min.insync.replicas, 0 where Kafka does not tell.
type shape struct {
	topic.Spec
	inSync int
}

func differs(is shape, want topic.Spec) string {
	var d []string
	if is.Partitions != want.Partitions {
		d = append(d, fmt.Sprintf("has %d partitions, not %d", is.Partitions, want.Partitions))
	}
	if is.Replication != want.Replication {
		d = append(d, fmt.Sprintf("has replication %d, not %d", is.Replication, want.Replication))
	}
	if is.Retention < want.Retention && is.Retention >= 0 { // -1 ms: for ever
		d = append(d, fmt.Sprintf("is kept %s, not %s", is.Retention, want.Retention))
	}
	if want.Compacted && !is.Compacted {
		d = append(d, fmt.Sprintf("forgets by age: set its %s to %s", cleanup, compact))
	}
	if want := want.InSync(); is.inSync > 0 && is.inSync < want {
		d = append(d, fmt.Sprintf("acknowledges what %d replica has, not %d: set its %s", is.inSync, want, minInSync))
	}
	return strings.Join(d, "; ")
}

// bytesDiffer compares how many bytes a partition keeps, 0 for no bound. More than wanted is nobody's loss.
func bytesDiffer(is, want int64) (what string, cuts bool) {
	switch {
	case want > 0 && is == 0:
		return fmt.Sprintf("has no %s: what is posted may fill the disk; it is to keep %d bytes of a partition", keptBytes, want), false
	case want > 0 && is < want:
		return fmt.Sprintf("keeps %d bytes of a partition, not %d: set its %s, or kafka.retention_bytes", is, want, keptBytes), true
	}
	return "", false
}

// describe returns the topics of names that exist.
func (c *Client) describe(ctx context.Context, names []string) (map[string]shape, error) {
	r, err := c.freshRoutes(ctx)
	if err != nil {
		return nil, fmt.Errorf("asking for the topics: %w", err)
	}
	have := map[string]shape{}
	req := &kafka.DescribeConfigsRequest{}
	for _, name := range names {
		if t, ok := r.topics[name]; ok {
			have[name] = shape{Spec: topic.Spec{Name: name, Partitions: len(t.leaders), Replication: t.replicas}}
			req.Resources = append(req.Resources, kafka.DescribeConfigRequestResource{
				ResourceType: kafka.ResourceTypeTopic, ResourceName: name, ConfigNames: []string{retention, minInSync, keptBytes, cleanup},
			})
		}
	}
	if len(have) == 0 {
		return have, nil
	}
	res, err := c.kafka.DescribeConfigs(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("asking for the topics' configuration: %w", err)
	}
	for _, resource := range res.Resources {
		if resource.Error != nil {
			return nil, fmt.Errorf("asking for the configuration of topic %s: %w", resource.ResourceName, resource.Error)
		}
		is := have[resource.ResourceName]
		for _, entry := range resource.ConfigEntries {
			if entry.ConfigName == cleanup {
				is.Compacted = entry.ConfigValue == compact // with delete beside it, it forgets
				continue
			}
			n, err := strconv.ParseInt(entry.ConfigValue, 10, 64)
			switch {
			case err != nil:
			case entry.ConfigName == retention:
				is.Retention = time.Duration(n) * time.Millisecond
			case entry.ConfigName == minInSync:
				is.inSync = int(n)
			case entry.ConfigName == keptBytes:
				is.Bytes = max(n, 0) // -1: no bound
			}
		}
		have[resource.ResourceName] = is
	}
	return have, nil
}

// Topics lists the topics whose name has the prefix, with the records they hold.
func (c *Client) Topics(ctx context.Context, prefix string) ([]TopicInfo, error) {
	r, err := c.freshRoutes(ctx)
	if err != nil {
		return nil, fmt.Errorf("asking for the topics: %w", err)
	}
	var names []string
	offsets := map[string][]kafka.OffsetRequest{}
	for name, t := range r.topics {
		if !strings.HasPrefix(name, prefix) || t.internal {
			continue
		}
		names = append(names, name)
		for p := range t.leaders {
			offsets[name] = append(offsets[name], kafka.FirstOffsetOf(p), kafka.LastOffsetOf(p))
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	have, err := c.describe(ctx, names)
	if err != nil {
		return nil, err
	}
	res, err := c.kafka.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: offsets})
	if err != nil {
		return nil, fmt.Errorf("asking for offsets: %w", err)
	}
	infos := make([]TopicInfo, 0, len(names))
	for _, name := range names {
		info := TopicInfo{Spec: have[name].Spec}
		for _, p := range res.Topics[name] {
			if p.Error != nil {
				return nil, fmt.Errorf("asking for offsets of %s/%d: %w", name, p.Partition, p.Error)
			}
			info.Records += p.LastOffset - p.FirstOffset
		}
		infos = append(infos, info)
	}
	sortTopics(infos)
	return infos, nil
}

func sortTopics(infos []TopicInfo) {
	slices.SortFunc(infos, func(a, b TopicInfo) int { return strings.Compare(a.Name, b.Name) })
}
