package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/visible"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/letters"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/newfile"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/operation"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/table"
)

type deadlettersCommand struct {
	List   lettersList   `cmd:"" help:"List the dead letters."`
	Show   lettersShow   `cmd:"" help:"Show one dead letter, its values masked."`
	Replay lettersReplay `cmd:"" help:"Send dead letters round again; they leave the list."`
	Export lettersExport `cmd:"" help:"Write dead letters to a file, CSV or JSON lines."`
}

// filterFlags choose the dead letters that a command works on.
type filterFlags struct {
	Stage   string `placeholder:"NAME" complete:"stage" help:"Only those of this stage: normalizer, forwarder, or a consumer of your own."`
	Reason  string `placeholder:"REASON" complete:"reason" help:"Only those of this reason."`
	Channel string `placeholder:"NAME" complete:"channel" help:"Only those of this channel."`
	Dataset string `placeholder:"NAME" complete:"dataset" help:"Only those of this dataset."`
	Since   string `placeholder:"TIME" help:"Only those that failed since then: 2026-11-25, a full time, or how long ago (24h, 7d)."`
	Until   string `placeholder:"TIME" help:"Only those that failed before then."`
	EventID string `name:"event-id" placeholder:"ID" help:"Only those of this event."`
}

func (f filterFlags) filter() (letters.Filter, error) {
	out := letters.Filter{Stage: f.Stage, Reason: f.Reason, Channel: f.Channel, Dataset: f.Dataset, EventID: f.EventID}
	var err error
	now := time.Now()
	if out.Since, err = letters.ParseTime(f.Since, now); err != nil {
		return out, usagef("--since: %w", err)
	}
	if out.Until, err = letters.ParseTime(f.Until, now); err != nil {
		return out, usagef("--until: %w", err)
	}
	if err := out.Check(); err != nil {
		return out, usageError{err}
	}
	return out, nil
}

// pick opens a session and lists the letters that match the filter, without their values if bare. The caller closes the
// session.
func pick(ctx context.Context, t terminal, c configFlags, f letters.Filter, bare bool) (*session, []*letters.Letter, error) {
	s, err := c.open(ctx, t)
	if err != nil {
		return nil, nil, err
	}
	box := letters.Box{
		Names: s.names, Scan: s.Client, Bare: bare,
		DatasetOf: func(source string) string { return s.cfg.Sources[source].Dataset },
	}
	list, unreadable, err := box.List(ctx, f)
	if err != nil {
		s.Close()
		return nil, nil, err
	}
	if unreadable > 0 {
		t.warn("omnicapi: %d records of the topic are no dead letters", unreadable)
	}
	if _, known := s.cfg.Datasets[f.Dataset]; f.Dataset != "" && !known && len(list) == 0 {
		s.Close()
		return nil, nil, usagef("no dataset %q, and no letter of one: type one of %s", f.Dataset,
			strings.Join(slices.Sorted(maps.Keys(s.cfg.Datasets)), ", "))
	}
	return s, list, nil
}

type lettersList struct {
	configFlags
	outputFlags
	filterFlags
	Limit int `placeholder:"N" help:"At most so many, the latest; by default all."`
}

func (lettersList) Help() string {
	return "Examples:\n  omnicapi deadletters list --reason refused --since 24h\n  omnicapi deadletters list --output json --limit 100"
}

func (c *lettersList) Run(ctx context.Context, t terminal) error {
	f, err := c.filter()
	if err != nil {
		return err
	}
	if c.Limit < 0 {
		return usagef("--limit is below 0: leave it out for all")
	}
	s, list, err := pick(ctx, t, c.configFlags, f, true)
	if err != nil {
		return err
	}
	defer s.Close()
	total := len(list)
	if c.Limit > 0 && total > c.Limit {
		list = list[total-c.Limit:]
	}
	if c.json() {
		for _, l := range list {
			if err := printJSON(t.stdout, l); err != nil {
				return err
			}
		}
		return nil
	}
	if total == 0 {
		t.say("no dead letters")
		return nil
	}
	if err := printLetters(t, list); err != nil {
		return err
	}
	t.say("%d of %d; ids are whole with --output json. Next:\n  %s\n  %s\n  %s", len(list), total,
		c.hint(t, "deadletters show EVENT_ID"), c.hint(t, "trace EVENT_ID"), c.hint(t, "deadletters replay --reason REASON --dry-run"))
	return nil
}

// shortTime leaves out the year: dead letters are kept for 14 days only.
const shortTime = "01-02 15:04"

func printLetters(t terminal, list []*letters.Letter) error {
	tab := table.New("FAILED AT", "SOURCE", "DATASET", "EVENT", "EVENT ID", "REASON").Cut("SOURCE", "DATASET", "EVENT", "EVENT ID", "REASON")
	for _, l := range list {
		tab.Add(l.FailedAt.Local().Format(shortTime), senderOf(l), l.Dataset, l.EventName, l.EventID,
			table.Cell{Text: reasonText(l.Reason, l.Detail), Color: table.Red})
	}
	return tab.Write(t.stdout, t.screen())
}

// senderOf is a letter's source, with a word where nothing proved it.
func senderOf(l *letters.Letter) string {
	if l.Trust == string(event.Unproven) {
		return l.Source + " (unproven)"
	}
	return l.Source
}

type lettersShow struct {
	configFlags
	outputFlags
	EventID string `arg:"" name:"event-id" help:"The event's id."`
	Reveal  bool   `help:"Show values: personal data."`
}

func (lettersShow) Help() string {
	return "Example:\n  omnicapi deadletters show order-10001 --reveal"
}

func (c *lettersShow) Run(ctx context.Context, t terminal) error {
	s, list, err := pick(ctx, t, c.configFlags, letters.Filter{EventID: c.EventID}, false)
	if err != nil {
		return err
	}
	defer s.Close()
	if len(list) == 0 {
		return fmt.Errorf("no dead letter of event %s: %s shows what there is", visible.Text(c.EventID), c.hint(t, "deadletters list"))
	}
	if !c.Reveal {
		_, err := c.print(t, list)
		return err
	}
	o := operation.By(t.environ, "deadletters show")
	o.Options, o.Filter = []string{"reveal"}, filterFlags{EventID: c.EventID}.said()
	return s.recorded(ctx, o, list, func() (int, error) { return c.print(t, list) })
}

// print prints the letters, and says how many.
func (c *lettersShow) print(t terminal, list []*letters.Letter) (n int, err error) {
	for _, l := range list {
		if c.json() {
			if err := printJSON(t.stdout, l.Revealed(c.Reveal)); err != nil {
				return n, err
			}
			n++
			continue
		}
		if err := printLetters(t, []*letters.Letter{l}); err != nil {
			return n, err
		}
		for _, h := range l.Headers() {
			if strings.HasPrefix(h.Key, "dlq_key") && !c.Reveal {
				continue // the key of a raw event may be a person's
			}
			t.say("  %s: %s", h.Key, h.Value)
		}
		t.say("%s", valueOf(l, c.Reveal))
		n++
	}
	return n, nil
}

// valueOf is a letter's value for a person: JSON on its lines, else on one.
func valueOf(l *letters.Letter, reveal bool) any {
	value := l.Revealed(reveal).Value
	if json.Valid([]byte(value)) {
		return block(value)
	}
	return value
}

type lettersExport struct {
	configFlags
	filterFlags
	Format string `enum:"csv,json" default:"csv" help:"csv, safe to open in a spreadsheet, or json, one object a line."`
	To     string `short:"o" placeholder:"FILE" complete:"file" help:"The file to write, for its owner alone; a file that is there is replaced, a link is refused. By default standard output."`
	Reveal bool   `help:"Write values: personal data."`
}

func (lettersExport) Help() string {
	return "Example:\n  omnicapi deadletters export --reason invalid_field --since 7d -o letters.csv"
}

func (c *lettersExport) Run(ctx context.Context, t terminal) error {
	f, err := c.filter()
	if err != nil {
		return err
	}
	s, list, err := pick(ctx, t, c.configFlags, f, false)
	if err != nil {
		return err
	}
	defer s.Close()
	if !c.Reveal || len(list) == 0 {
		return c.export(t, list)
	}
	o := operation.By(t.environ, "deadletters export")
	o.Options, o.Filter = []string{"reveal"}, c.said()
	return s.recorded(ctx, o, list, func() (int, error) {
		if err := c.export(t, list); err != nil {
			return 0, err // of a part of it nobody knows how much was seen
		}
		return len(list), nil
	})
}

// export writes the letters to the file, or to standard output.
func (c *lettersExport) export(t terminal, list []*letters.Letter) error {
	if c.To == "" {
		return c.write(t.stdout, list)
	}
	if err := newfile.Write(c.To, func(w io.Writer) error { return c.write(w, list) }); err != nil {
		return fmt.Errorf("writing the export to %s: %w", visible.Text(c.To), err)
	}
	t.say("%d dead letters written to %s", len(list), c.To)
	return nil
}

func (c *lettersExport) write(w io.Writer, list []*letters.Letter) error {
	if c.Format == "json" {
		return letters.ExportJSON(w, list, c.Reveal)
	}
	return letters.ExportCSV(w, list, c.Reveal)
}
