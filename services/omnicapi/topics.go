package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/table"
)

type topicsCommand struct {
	Apply topicsApply `cmd:"" help:"Create the topics that are missing; it never changes one."`
	Check topicsCheck `cmd:"" help:"Compare the topics with the configuration; exit 1 when one is missing or wrong."`
	List  topicsList  `cmd:"" help:"List the topics there are, with their records."`
	ACLs  topicsACLs  `cmd:"" name:"acls" help:"Write the rights on Kafka that each service needs, and no more."`
}

type topicsApply struct {
	configFlags
	outputFlags
	DryRun bool `help:"Say what would be created, and create nothing."`
}

func (topicsApply) Help() string {
	return "Examples:\n  omnicapi topics apply -c omnicapi.yaml --dry-run\n  omnicapi topics apply -c omnicapi.yaml"
}

func (c *topicsApply) Run(ctx context.Context, t terminal) error {
	s, err := c.open(ctx, t)
	if err != nil {
		return err
	}
	defer s.Close()
	changes, err := s.Apply(ctx, s.specs(), c.DryRun)
	if len(changes) == 0 && err != nil {
		return err
	}
	if printed := printChanges(t, c.outputFlags, changes, c.DryRun); printed != nil {
		return printed
	}
	return err
}

type topicsCheck struct {
	configFlags
	outputFlags
}

func (topicsCheck) Help() string { return "Example:\n  omnicapi topics check -c omnicapi.yaml" }

func (c *topicsCheck) Run(ctx context.Context, t terminal) error {
	s, err := c.open(ctx, t)
	if err != nil {
		return err
	}
	defer s.Close()
	changes, err := s.Check(ctx, s.specs())
	if len(changes) == 0 && err != nil {
		return err
	}
	if printed := printChanges(t, c.outputFlags, changes, false); printed != nil {
		return printed
	}
	if err != nil {
		return err
	}
	bad := 0
	for _, ch := range changes {
		if !ch.Exists || ch.Wrong != "" || ch.Cuts {
			bad++
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d topics are missing or wrong: %s creates missing ones", bad, len(changes), c.hint(t, "topics apply"))
	}
	return nil
}

func (s *session) specs() []topic.Spec {
	specs := s.names.Specs(slices.Collect(maps.Keys(s.cfg.Datasets)), s.cfg.Kafka.Partitions, s.cfg.Kafka.Replication)
	return topic.Bounded(specs, int64(s.cfg.Kafka.Retention))
}

// topicState is a topic in the JSON output for programs.
type topicState struct {
	Topic       string `json:"topic"`
	Partitions  int    `json:"partitions"`
	Replication int    `json:"replication"`
	Kept        string `json:"kept"`
	State       string `json:"state,omitempty"`
	Wrong       string `json:"wrong,omitempty"`
	Bytes       string `json:"bytes,omitempty"`
	Records     *int64 `json:"records,omitempty"`
}

func stateOf(c stream.Change, dryRun bool) (string, table.Color) {
	switch {
	case c.Wrong != "", c.Cuts:
		return "wrong", table.Red
	case c.Created && dryRun:
		return "would be created", table.Yellow
	case c.Created:
		return "created", table.Green
	case c.Exists:
		return "exists", table.Plain
	}
	return "missing", table.Yellow
}

func printChanges(t terminal, o outputFlags, changes []stream.Change, dryRun bool) error {
	tab := table.New("TOPIC", "PARTITIONS", "REPLICATION", "KEPT", "STATE").Cut("TOPIC")
	for _, c := range changes {
		state, color := stateOf(c, dryRun)
		if o.json() {
			if err := printJSON(t.stdout, topicState{
				Topic: c.Spec.Name, Partitions: c.Spec.Partitions, Replication: c.Spec.Replication,
				Kept: kept(&c.Spec), State: state, Wrong: c.Wrong, Bytes: c.Bytes,
			}); err != nil {
				return err
			}
			continue
		}
		tab.Add(c.Spec.Name, c.Spec.Partitions, c.Spec.Replication, kept(&c.Spec), table.Cell{Text: state, Color: color})
	}
	if o.json() {
		return nil
	}
	if err := tab.Write(t.stdout, t.screen()); err != nil {
		return err
	}
	for _, c := range changes {
		if c.Wrong != "" {
			t.say("%s: %s", c.Spec.Name, c.Wrong)
		}
		if c.Bytes != "" {
			t.say("%s: %s", c.Spec.Name, c.Bytes)
		}
	}
	return nil
}

func kept(s *topic.Spec) string {
	const day = 24 * time.Hour
	d := s.Retention
	switch {
	case s.Compacted:
		return "by key" // its last record, for ever
	case d >= day && d%day == 0:
		return fmt.Sprintf("%d d", d/day)
	}
	return d.String()
}

type topicsList struct {
	configFlags
	outputFlags
}

func (topicsList) Help() string { return "Example:\n  omnicapi topics list --data data --output json" }

func (c *topicsList) Run(ctx context.Context, t terminal) error {
	s, err := c.open(ctx, t)
	if err != nil {
		return err
	}
	defer s.Close()
	topics, err := s.Topics(ctx, s.names.Prefix)
	if err != nil {
		return err
	}
	return printTopics(t, c.outputFlags, topics)
}

func printTopics(t terminal, o outputFlags, topics []stream.TopicInfo) error {
	tab := table.New("TOPIC", "PARTITIONS", "REPLICATION", "KEPT", "RECORDS").Cut("TOPIC")
	for _, i := range topics {
		if o.json() {
			if err := printJSON(t.stdout, topicState{
				Topic: i.Name, Partitions: i.Partitions, Replication: i.Replication,
				Kept: kept(&i.Spec), Records: &i.Records,
			}); err != nil {
				return err
			}
			continue
		}
		tab.Add(i.Name, i.Partitions, i.Replication, kept(&i.Spec), i.Records)
	}
	if o.json() {
		return nil
	}
	return tab.Write(t.stdout, t.screen())
}
