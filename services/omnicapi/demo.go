package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/omnicapi/omnicapi/pkg/telemetry"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/demo"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/local"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/table"
)

type demoCommand struct {
	Exit    bool `help:"End when every event has its fate: exit 0 only if each is as expected."`
	Verbose bool `short:"v" help:"Show the services' log."`
}

func (demoCommand) Help() string {
	return `Events of every channel and format, samples and recorded requests of real senders, go through ingest, Kafka, normalizer and forwarder to a sandbox in Meta's place. One of
them has no consent, one is sent twice, one is refused by Meta, and one can't be mapped.

Examples:
  omnicapi demo
  omnicapi demo --exit`
}

func (c *demoCommand) Run(ctx context.Context, t terminal) (err error) {
	folder, err := os.MkdirTemp("", "omnicapi-demo-")
	if err != nil {
		return fmt.Errorf("making a folder for the demo: %w", err)
	}
	defer func() {
		if removed := os.RemoveAll(folder); err == nil && removed != nil {
			err = fmt.Errorf("removing the demo's folder: %w", removed)
		}
	}()
	var held heldLog
	log, level := telemetry.Logger(&held, "demo")
	if c.Verbose {
		log, level = telemetry.Logger(t.stderr, "demo")
	}
	d := demo.Demo{Folder: folder, Apps: apps, Log: log, Level: level, Step: func(text string) { t.say("• %s", text) }}
	t.say("Omni-CAPI demo: a rehearsal, nothing reaches Meta.")
	good, all := 0, 1
	show := func(ended []demo.Ended) error {
		all = len(ended)
		if good, err = printFates(t, ended); err != nil {
			return err
		}
		c.next(t, &d, folder)
		return nil
	}
	stay := func(ctx context.Context) error {
		if c.Exit {
			return nil
		}
		t.say("\nIt keeps running: press Ctrl-C to end it and remove %s.", folder)
		<-ctx.Done()
		return nil
	}
	err = d.Run(ctx, show, stay)
	if ctx.Err() != nil && !c.Exit && good > 0 {
		return nil // Ctrl-C is how it ends
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	if err != nil {
		t.warn("%s", block(held.tail()))
		return err
	}
	if c.Exit && good < all {
		t.warn("%s", block(held.tail()))
		return fmt.Errorf("%d of %d events did not meet their expected fate", all-good, all)
	}
	return nil
}

// printFates prints the table of the events' fates and counts the events that ended as expected.
func printFates(t terminal, ended []demo.Ended) (good int, err error) {
	t.say("")
	tab := table.New("", "CHANNEL", "FORMAT", "EVENT", "EVENT ID", "FATE").Cut("EVENT", "EVENT ID")
	var unexpected []string
	for _, e := range ended {
		mark := table.Cell{Text: "✓", Color: table.Green}
		fate := strings.TrimSpace(string(e.Got) + " " + string(e.GotReason))
		if e.Got == "" {
			fate = "none yet"
		}
		if e.AsExpected() {
			good++
		} else {
			mark = table.Cell{Text: "✗", Color: table.Red}
			unexpected = append(unexpected, fmt.Sprintf("✗ %s %s: %s, expected %s %s", e.Name, e.ID, reasonText(fate, e.Detail), e.Fate, e.Reason))
		}
		name := table.Cell{Text: e.Name}
		if e.Name == "" {
			name = table.Cell{Text: "(no name)", Color: table.Dim}
		}
		tab.Add(mark, e.Channel, e.Format, name, e.ID, table.Cell{Text: fate, Color: fateColor(string(e.Got))})
	}
	if err := tab.Write(t.stdout, t.screen()); err != nil {
		return 0, err
	}
	for _, text := range unexpected {
		t.say("%s", text)
	}
	t.say("\n%d of %d events met their expected fate.", good, len(ended))
	return good, nil
}

// next tells a person what to look at next.
func (c *demoCommand) next(t terminal, d *demo.Demo, folder string) {
	if c.Exit {
		t.say("Run it without --exit to look around.")
		return
	}
	flags := configFlags{Data: filepath.Join(folder, local.DefaultData)}
	t.say(`
Where to look next, in another terminal:
  # every stage of one event
  %s
  # what could not go on, and why
  %s
  %s
  # what "Meta" got: hashed
  curl %s/_sandbox/events
  # the forwarder's figures
  curl %s/metrics`, flags.hint(t, "trace demo-order-1001"), flags.hint(t, "deadletters list"),
		flags.hint(t, "deadletters show demo-nameless-1"), d.Addr("sandbox"), d.Addr("forwarder admin"))
}

// heldLog keeps the end of the services' log, to be shown if something fails.
type heldLog struct {
	mu   sync.Mutex
	text []byte
}

func (h *heldLog) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.text = append(h.text, p...)
	if len(h.text) > 64<<10 {
		h.text = append([]byte(nil), h.text[len(h.text)-32<<10:]...)
	}
	return len(p), nil
}

func (h *heldLog) tail() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return string(bytes.TrimSpace(h.text))
}
