package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/letters"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/operation"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/table"
)

type operationsCommand struct {
	List operationsList `cmd:"" help:"List the replays, and the looks at values: who, when, with which filter, how many."`
}

type operationsList struct {
	configFlags
	outputFlags
	Since string `placeholder:"TIME" help:"Only those that began since then: 2026-11-25, a full time, or how long ago (24h, 7d)."`
	Limit int    `placeholder:"N" help:"At most so many, the latest; by default all."`
}

func (operationsList) Help() string {
	return "The topic audit holds them for 90 days. Who it was is what the machine said where it was typed.\n\n" +
		"Examples:\n  omnicapi operations list --since 7d\n  omnicapi operations list --output json"
}

func (c *operationsList) Run(ctx context.Context, t terminal) error {
	since, err := letters.ParseTime(c.Since, time.Now())
	switch {
	case err != nil:
		return usagef("--since: %w", err)
	case c.Limit < 0:
		return usagef("--limit is below 0: leave it out for all")
	}
	s, err := c.open(ctx, t)
	if err != nil {
		return err
	}
	defer s.Close()
	there, err := s.Topics(ctx, s.names.Audit())
	if err != nil {
		return err
	}
	if len(there) == 0 {
		return s.Absent(ctx, []string{s.names.Audit()})
	}
	list, unreadable, err := operation.List(ctx, s.Client, s.names.Audit(), since)
	if err != nil {
		return err
	}
	if unreadable > 0 {
		t.warn("omnicapi: %d records of the topic are no operations", unreadable)
	}
	if c.Limit > 0 && len(list) > c.Limit {
		list = list[len(list)-c.Limit:]
	}
	return printOperations(t, c.outputFlags, list)
}

// shownOperation is an operation in the JSON output for programs: Seen without what is of one record alone.
type shownOperation struct {
	*operation.Seen
	Phase bool `json:"phase,omitempty"`
	At    bool `json:"at,omitempty"`
}

func printOperations(t terminal, o outputFlags, list []*operation.Seen) error {
	if o.json() {
		for _, seen := range list {
			if err := printJSON(t.stdout, shownOperation{Seen: seen}); err != nil {
				return err
			}
		}
		return nil
	}
	if len(list) == 0 {
		t.say("no operations")
		return nil
	}
	tab := table.New("BEGAN", "USER", "HOST", "COMMAND", "FILTER", "LETTERS", "RESULT").Cut("USER", "HOST", "COMMAND", "FILTER")
	for _, s := range list {
		user, command := s.User, []string{strings.TrimPrefix(s.Command, "deadletters ")}
		if s.SudoUser != "" {
			user = s.SudoUser + " as " + user
		}
		for _, option := range s.Options {
			command = append(command, "--"+option)
		}
		var filter []string
		for _, name := range slices.Sorted(maps.Keys(s.Filter)) {
			filter = append(filter, name+"="+s.Filter[name])
		}
		color := table.Plain
		if s.Result != event.Done {
			color = table.Yellow
		}
		tab.Add(s.BeganAt.Local().Format(shortTime), user, s.Host, strings.Join(command, " "), strings.Join(filter, " "),
			fmt.Sprintf("%d of %d", s.Worked, s.Letters), table.Cell{Text: string(s.Result), Color: color})
	}
	return tab.Write(t.stdout, t.screen())
}

// recorded does what an operator typed once that is recorded on the topic audit, and records how it ended (ADR 39).
func (s *session) recorded(ctx context.Context, o event.Operation, list []*letters.Letter, do func() (worked int, err error)) (err error) {
	p := s.NewProducer(stream.ProducerConfig{})
	defer func() {
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingWithin)
		defer cancel()
		err = errors.Join(err, p.Close(within))
	}()
	return operation.Log{Kafka: s.Client, To: p, Topic: s.names.Audit()}.Do(ctx, o, list, do)
}

// said is the filter as it is recorded: of an event id, which may be anything that its sender chose, only that there was one.
func (f filterFlags) said() map[string]string {
	all := map[string]string{"stage": f.Stage, "reason": f.Reason, "channel": f.Channel, "dataset": f.Dataset, "since": f.Since, "until": f.Until}
	if f.EventID != "" {
		all["event-id"] = "given"
	}
	maps.DeleteFunc(all, func(_, value string) bool { return value == "" })
	return all
}
