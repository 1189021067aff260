package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/trace"
	"github.com/omnicapi/omnicapi/pkg/visible"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/letters"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/table"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/tracer"
)

type traceCommand struct {
	configFlags
	outputFlags
	EventID string `arg:"" name:"event-id" help:"The event's id."`
	Since   string `placeholder:"TIME" help:"Read only records since then: 2026-11-25, a full time, or how long ago (24h, 7d)."`
}

func (traceCommand) Help() string {
	return "It reads the topics from the start, or from --since. Where several senders gave the id, it shows each one's event.\n\nExamples:\n  omnicapi trace order-10001\n  omnicapi trace order-10001 --since 24h --output json"
}

func (c *traceCommand) Run(ctx context.Context, t terminal) error {
	since, err := letters.ParseTime(c.Since, time.Now())
	if err != nil {
		return usagef("--since: %w", err)
	}
	s, err := c.open(ctx, t)
	if err != nil {
		return err
	}
	defer s.Close()
	infos, err := s.Topics(ctx, s.names.Prefix)
	if err != nil {
		return err
	}
	var topics []string
	for _, i := range infos {
		if i.Records > 0 {
			topics = append(topics, i.Name)
		}
	}
	found, lost, err := tracer.Find(ctx, s.Client, s.names, topics, since, c.EventID)
	if err != nil {
		return err
	}
	unended := func(one *trace.Trace) bool { return one.Fate == trace.InFlight }
	if lost > 0 && (len(found) == 0 || slices.ContainsFunc(found, unended)) {
		t.warn("%d records were gone before they were consumed (%q on %s): the event may be one of them", lost, "lost", s.names.Outcomes())
	}
	if len(found) == 0 {
		return fmt.Errorf("no record of event %s: is the id right, and is it younger than the topics keep", visible.Text(c.EventID))
	}
	for i, one := range found {
		if one.Dataset == "" { // it ended before a dataset's topic: its source says where it was to go
			one.Dataset = s.cfg.Sources[one.Source].Dataset
		}
		if err := c.print(t, one, i > 0); err != nil {
			return err
		}
	}
	if len(found) > 1 && !c.json() {
		t.say("\n%d events have this id: of different senders, so none is a copy of another", len(found))
	}
	return nil
}

// print prints one event of the id: a line of JSON, or tables, apart from the event before.
func (c *traceCommand) print(t terminal, one *trace.Trace, another bool) error {
	if c.json() {
		return printJSON(t.stdout, one)
	}
	if another {
		t.say("")
	}
	return printTrace(t, one)
}

func printTrace(t terminal, f *trace.Trace) error {
	t.say("event    %s %s", f.EventName, f.EventID)
	t.say("from     %s, source %s (%s), to dataset %s", f.Channel, f.Source, f.Trust, f.Dataset)
	t.say("fate     %s %s", table.Paint(f.Fate, fateColor(f.Fate), t.color()), reasonText(f.Reason, f.Detail))
	if f.FBTraceID != "" {
		t.say("fbtrace  %s", f.FBTraceID)
	}
	t.say("")
	tab := table.New("AT", "STAGE", "DID", "TOPIC", "PARTITION", "OFFSET").Cut("DID", "TOPIC")
	for _, st := range f.Stages {
		did := st.Fate
		if did == "" {
			did = map[string]string{"ingest": "stored", "normalizer": "published"}[st.Stage]
		}
		if st.Reason != "" {
			did += " " + st.Reason
		}
		tab.Add(st.At.Local().Format("01-02 15:04:05.000"), st.Stage, table.Cell{Text: did, Color: fateColor(st.Fate)}, st.Topic,
			st.Partition, st.Offset)
	}
	if err := tab.Write(t.stdout, t.screen()); err != nil {
		return err
	}
	for _, st := range f.Stages {
		if st.BatchID != "" {
			t.say("%s: batch %s, attempts: %d", st.Stage, st.BatchID, st.Attempts)
		}
	}
	return nil
}

func fateColor(fate string) table.Color {
	switch fate {
	case "delivered":
		return table.Green
	case "dead":
		return table.Red
	case "dropped", trace.InFlight:
		return table.Yellow
	}
	return table.Plain
}

func reasonText(reason, detail string) string {
	if detail == "" {
		return reason
	}
	return reason + " (" + detail + ")"
}
