package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
	ingest "github.com/omnicapi/omnicapi/services/ingest/app"
	normalizer "github.com/omnicapi/omnicapi/services/normalizer/app"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/sender"
)

// dryRunFlags are the flags that only send --dry-run has.
type dryRunFlags struct {
	DryRun  bool      `help:"Send nothing: show what ingest would answer and which events Meta would get, values hashed. No Kafka, no ingest. Exit 1 when an event would be refused or dead."`
	Format  string    `placeholder:"FORMAT" complete:"format" help:"With --dry-run and without --source: the format of the files, by a source that says nothing else."`
	Mapping string    `placeholder:"FILE" complete:"file" type:"path" help:"With --dry-run and --format csv, xlsx or json: the mapping file."`
	Header  []string  `placeholder:"NAME: VALUE" sep:"none" help:"With --dry-run: a header of the request that the file is the body of; may be repeated."`
	Reveal  bool      `help:"With --dry-run: show what was hashed, in clear and normalized. It is personal data: for this screen, not for logs."`
	At      time.Time `placeholder:"TIME" help:"With --dry-run: when the files arrive, like 2026-11-23T09:30:00Z; by default now."`
}

func (f dryRunFlags) any() bool {
	return f.Format != "" || f.Mapping != "" || len(f.Header) > 0 || f.Reveal || !f.At.IsZero()
}

// explained says what would become of one file; for programs it is printed as one JSON object a line.
type explained struct {
	File    string           `json:"file"`
	Status  int              `json:"status"`
	Answer  string           `json:"answer"`
	Refused []refusedItem    `json:"refused,omitempty"`
	Events  []explainedEvent `json:"events"`
}

// refusedItem is what ingest's own answer says of an item that would not be stored.
type refusedItem struct {
	Index  int    `json:"index"`
	Row    int    `json:"row,omitempty"` // of a file
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason"`
	Detail string `json:"detail,omitempty"`
}

type explainedEvent struct {
	EventID string          `json:"event_id"`
	Name    string          `json:"event_name,omitempty"`
	Fate    string          `json:"fate"` // published, dropped, dead
	Reason  fault.Reason    `json:"reason,omitempty"`
	Detail  string          `json:"detail,omitempty"`
	Dropped []string        `json:"values_dropped,omitempty"`
	Event   json.RawMessage `json:"event,omitempty"`

	Revealed []normalizer.Revealed `json:"revealed,omitempty"` // only with --reveal
}

// published is what a dry run shows as the fate of an event that would go on to the forwarder.
const published = "published"

// dryRun shows what would become of the files.
func (c *sendCommand) dryRun(ctx context.Context, t terminal) error {
	at := c.At
	if at.IsZero() {
		at = time.Now()
	}
	bad := false
	for _, file := range c.Files {
		one, err := c.explain(ctx, t, file, at)
		if err != nil {
			return err
		}
		bad = bad || !one.good()
		if c.json() {
			err = printJSON(t.stdout, one)
		} else {
			err = one.print(t)
		}
		if err != nil {
			return err
		}
	}
	if bad {
		return errQuiet
	}
	return nil
}

// explain takes one file through ingest and the normalizer.
func (c *sendCommand) explain(ctx context.Context, t terminal, file string, at time.Time) (*explained, error) {
	sample, err := readSample(file, c.Header)
	if err != nil {
		return nil, err
	}
	cfg, name, err := c.dryRunConfig(t, sample)
	if err != nil {
		return nil, err
	}
	if file := cfg.Sources[name].Mapping; file != "" {
		m, err := mapfile.Load(file)
		if err != nil {
			return nil, usagef("the mapping file is wrong:\n%w", err)
		}
		for _, doubt := range m.Doubts() {
			t.warn("warning: %s: %s", file, doubt)
		}
	}
	trusted := *cfg
	trusted.Ingest.TrustedProxies = append([]string{sampleProxy}, cfg.Ingest.TrustedProxies...)
	r, err := sample.request(ctx, name, cfg.Sources[name].Format)
	if err != nil {
		return nil, usagef("%s: %w", file, err)
	}
	stored, err := ingest.Explain(&trusted, name, r, at)
	if err != nil {
		return nil, err
	}
	mapped, err := normalizer.Explain(&trusted, stored.Records, at, c.Reveal)
	if err != nil {
		return nil, err
	}
	one := &explained{File: file, Status: stored.Status, Answer: strings.TrimSpace(printable(stored.Answer)), Events: []explainedEvent{}}
	var own struct {
		Rejected []refusedItem `json:"rejected"`
	}
	if json.Unmarshal(stored.Answer, &own) == nil {
		one.Refused = own.Rejected
	}
	for _, m := range mapped {
		one.Events = append(one.Events, eventOf(m))
	}
	return one, nil
}

// printable returns an answer's body as text; of a binary one, like an image, only the number of bytes.
func printable(body []byte) string {
	if bytes.IndexByte(body, 0) >= 0 {
		return fmt.Sprintf("(%d bytes)", len(body))
	}
	return string(body)
}

func eventOf(m normalizer.Explained) explainedEvent {
	e := explainedEvent{EventID: m.ID, Fate: published, Dropped: m.Dropped, Event: m.Event, Revealed: m.Revealed}
	if m.End != nil {
		e.Fate, e.Reason, e.Detail = string(fault.Dead), m.End.Reason, m.End.Detail
		if m.End.Reason.IsDrop() {
			e.Fate = string(fault.Dropped)
		}
		return e
	}
	var named struct {
		Name string `json:"event_name"`
	}
	if json.Unmarshal(m.Event, &named) == nil {
		e.Name = named.Name
	}
	return e
}

// good says whether ingest would accept the whole file and none of its events would be dead.
func (x *explained) good() bool {
	if x.Status >= 400 {
		return false
	}
	for _, e := range x.Events {
		if e.Fate == string(fault.Dead) {
			return false
		}
	}
	return len(x.Refused) == 0
}

// print shows the result to a person.
func (x *explained) print(t terminal) error {
	t.say("%s: answered %d %s", x.File, x.Status, block(x.Answer))
	for _, r := range x.Refused {
		where := fmt.Sprintf("item %d", r.Index+1)
		if r.Row > 0 {
			where = fmt.Sprintf("row %d", r.Row)
		}
		t.say("%s refused: %s", where, reasonOf(sender.Refusal{Field: r.Field, Reason: r.Reason, Detail: r.Detail}))
	}
	if len(x.Events) == 0 {
		t.say("nothing of it would be stored")
	}
	for i, e := range x.Events {
		line := fmt.Sprintf("%d. event_id %s: %s", i+1, e.EventID, e.Fate)
		if e.Name != "" {
			line = fmt.Sprintf("%d. %s, event_id %s: %s", i+1, e.Name, e.EventID, e.Fate)
		}
		if e.Reason != "" {
			line += ", " + string(e.Reason)
		}
		if e.Detail != "" {
			line += ": " + e.Detail
		}
		t.say("%s", line)
		for _, d := range e.Dropped {
			t.say("   left out: %s", d)
		}
		for _, r := range e.Revealed {
			t.say("   %s %s is %s", r.Field, r.Hash, strconv.Quote(r.Value)) // its spaces count
		}
		if e.Event == nil {
			continue
		}
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, e.Event, "   ", "  "); err != nil {
			return fmt.Errorf("printing an event: %w", err)
		}
		t.say("   %s", block(pretty.String()))
	}
	return nil
}

// dryRunConfig returns the configuration and the name of the source: those of --source, or a minimal configuration whose
// only source has the format of --format.
func (c *sendCommand) dryRunConfig(t terminal, s *sample) (*config.Config, string, error) {
	if c.Source != "" {
		cfg, source, err := c.sourceOf(t)
		switch {
		case err != nil:
			return nil, "", err
		case c.Format != "" && c.Format != source.Format:
			return nil, "", usagef("source %s is of format %s, not %s: leave --format out", c.Source, source.Format, c.Format)
		case c.Mapping != "":
			return nil, "", usagef("the source has its own mapping file: leave --mapping or --source out")
		}
		return cfg, c.Source, nil
	}
	if c.Format == "" {
		return nil, "", usagef("of what format is the file? type --format FORMAT, or --source NAME of the configuration")
	}
	format := all.Named(c.Format)
	switch {
	case format == nil:
		return nil, "", usagef("no format %s: type --format with one of %s", c.Format, strings.Join(all.Names(), ", "))
	case format.Mapping && c.Mapping == "":
		return nil, "", usagef("format %s is read by a mapping file: type --mapping FILE", c.Format)
	case !format.Mapping && c.Mapping != "":
		return nil, "", usagef("format %s takes no mapping file: leave --mapping out", c.Format)
	}
	cfg, err := bareConfig(format, s.channel(format), c.Mapping)
	return cfg, bareSource, err
}

// bareSource is the name of the source that --format makes.
const bareSource = "dry-run"

func bareConfig(format *format.Format, channel, mapping string) (_ *config.Config, err error) {
	dir, err := os.MkdirTemp("", "omnicapi-dry-run-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for the configuration: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	source := map[string]string{"channel": channel, "format": format.Name, "dataset": bareSource, "auth": "none"}
	if mapping != "" {
		if source["mapping"], err = filepath.Abs(mapping); err != nil {
			return nil, fmt.Errorf("finding the mapping file: %w", err)
		}
		if _, err := os.Stat(mapping); err != nil {
			return nil, usagef("%s: %w: type --mapping with the path of a mapping file", mapping, cause(err))
		}
	}
	text, err := json.Marshal(map[string]any{ // JSON is YAML, too
		"datasets": map[string]any{bareSource: map[string]string{"id": "1", "token_file": "token"}},
		"sources":  map[string]any{bareSource: source},
	})
	if err != nil {
		return nil, fmt.Errorf("writing the configuration: %w", err)
	}
	file := filepath.Join(dir, "omnicapi.yaml")
	for name, content := range map[string][]byte{file: text, filepath.Join(dir, "token"): []byte("none")} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			return nil, fmt.Errorf("writing the configuration: %w", err)
		}
	}
	cfg, _, err := config.Load(file, nil, config.RoleLocal)
	if err != nil {
		return nil, wrongConfig("of --format", err)
	}
	if !format.PageSecret { // its senders have a secret, or may have one, which a file does not show
		proven := cfg.Sources[bareSource]
		proven.Auth = ""
		cfg.Sources[bareSource] = proven
	}
	return cfg, nil
}
