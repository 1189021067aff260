package main

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/services/omnicapi/internal/books"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/letters"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/table"
)

type auditCommand struct {
	configFlags
	outputFlags
	Since string `placeholder:"TIME" help:"Only what arrived since then: 2026-11-25, a full time, or how long ago (24h, 7d)."`
	Until string `placeholder:"TIME" help:"Only what arrived before then."`
	By    string `enum:",channel,source,dataset,event,hour" default:"" placeholder:"GROUP" help:"A line for each channel, source, dataset, event or hour."`
}

func (auditCommand) Help() string {
	return "accepted = delivered + dead + dropped + in flight: it counts the events on the raw topics, and looks for the end of each. " +
		"What has neither ended nor is in flight is a gap: it is named, and the exit code is 1.\n\nExamples:\n" +
		"  omnicapi audit --since 24h --by hour\n  omnicapi audit --by source --output json"
}

func (c *auditCommand) Run(ctx context.Context, t terminal) error {
	r, err := c.reader()
	if err != nil {
		return err
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
	for _, i := range infos {
		if i.Records > 0 {
			r.Topics = append(r.Topics, i.Name)
		}
	}
	r.Kafka, r.Names = s.Client, s.names
	r.Dataset = func(source string) string { return s.cfg.Sources[source].Dataset }
	b, err := r.Read(ctx)
	if err != nil {
		return err
	}
	gaps, err := r.Gaps(ctx, b)
	if err != nil {
		return err
	}
	show := c.tables
	if c.json() {
		show = c.lines
	}
	if err := show(t, b, gaps); err != nil {
		return err
	}
	if len(gaps) > 0 || b.Lost > 0 {
		return errQuiet
	}
	return nil
}

func (c *auditCommand) reader() (*books.Reader, error) {
	r, now := new(books.Reader), time.Now()
	var err error
	if r.Since, err = letters.ParseTime(c.Since, now); err != nil {
		return nil, usagef("--since: %w", err)
	}
	if r.Until, err = letters.ParseTime(c.Until, now); err != nil {
		return nil, usagef("--until: %w", err)
	}
	if !r.Until.IsZero() && !r.Since.Before(r.Until) {
		return nil, usagef("--since is not before --until: nothing arrived between them")
	}
	return r, nil
}

// auditLine is a line of the JSON: one of its members is there.
type auditLine struct {
	Group *books.Row `json:"group,omitempty"` // one of --by
	Total *books.Row `json:"total,omitempty"`
	Gap   *books.Gap `json:"gap,omitempty"`
	Lost  int64      `json:"lost,omitempty"` // records that were gone before they were consumed
}

func (c *auditCommand) lines(t terminal, b *books.Books, gaps []books.Gap) error {
	var lines []auditLine
	if c.By != "" {
		for _, row := range b.Rows(c.By) {
			lines = append(lines, auditLine{Group: &row})
		}
	}
	lines = append(lines, auditLine{Total: &b.Rows("")[0]})
	for _, g := range gaps {
		lines = append(lines, auditLine{Gap: &g})
	}
	if b.Lost > 0 {
		lines = append(lines, auditLine{Lost: b.Lost})
	}
	for _, l := range lines {
		if err := printJSON(t.stdout, l); err != nil {
			return err
		}
	}
	return nil
}

func (c *auditCommand) tables(t terminal, b *books.Books, gaps []books.Gap) error {
	total := b.Rows("")[0]
	rows := []books.Row{total}
	if c.By != "" {
		rows = append(b.Rows(c.By), total)
	}
	head := strings.ToUpper(c.By)
	counts := table.New(head, "ACCEPTED", "= DELIVERED", "+ DEAD", "+ DROPPED", "+ IN FLIGHT", "+ GAP", "REPEATS").Cut(head)
	values := table.New(head, "CURRENCY", "ACCEPTED", "= DELIVERED", "+ DEAD", "+ DROPPED", "+ IN FLIGHT", "+ GAP").Cut(head)
	valued := false
	for i, row := range rows {
		key := row.Key
		switch {
		case i == len(rows)-1:
			key = "all"
		case key == "":
			key = "(not known)"
		}
		gap := table.Cell{Text: strconv.Itoa(row.Gap)}
		if row.Gap > 0 {
			gap.Color = table.Red
		}
		counts.Add(key, row.Accepted, row.Delivered, row.Dead, row.Dropped, row.InFlight, gap, row.Repeats)
		for _, currency := range slices.Sorted(maps.Keys(row.Values)) {
			v := row.Values[currency]
			values.Add(key, currency, v.Accepted, v.Delivered, v.Dead, v.Dropped, v.InFlight, v.Gap)
			valued = true
		}
	}
	if err := counts.Write(t.stdout, t.screen()); err != nil {
		return err
	}
	if valued {
		t.say("")
		if err := values.Write(t.stdout, t.screen()); err != nil {
			return err
		}
	}
	return c.gaps(t, b, gaps)
}

// gaps says what does not add up, and what to do.
func (c *auditCommand) gaps(t terminal, b *books.Books, gaps []books.Gap) error {
	if b.Lost > 0 {
		t.say("\n%d records were gone before they were consumed: %q on %s says which", b.Lost, "lost", "outcomes")
	}
	if len(gaps) == 0 {
		return nil
	}
	t.say("\nneither ended nor in flight:")
	tab := table.New("HOUR (UTC)", "DATASET", "EVENT", "EVENTS", "EVENT IDS").Cut("DATASET", "EVENT", "EVENT IDS")
	for _, g := range gaps {
		tab.Add(g.Hour.Format("2006-01-02 15"), g.Dataset, g.Event, g.Events, strings.Join(g.Examples, " "))
	}
	if err := tab.Write(t.stdout, t.screen()); err != nil {
		return err
	}
	t.say("next: %s", c.hint(t, "trace EVENT_ID"))
	return nil
}
