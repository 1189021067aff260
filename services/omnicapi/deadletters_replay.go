package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/letters"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/operation"
)

type lettersReplay struct {
	configFlags
	filterFlags
	All    bool `help:"Replay every letter, when no filter is given."`
	DryRun bool `help:"Show what would be replayed, and replay nothing."`
	Again  bool `help:"Replay also what Meta may count twice: what was delivered already, or arrived over 48 hours ago."`
}

func (lettersReplay) Help() string {
	return `A letter goes back to the topic where it failed, with the same id, for the stage where it failed: repair the cause first, else
it fails again. Left out unless --again is given: events that were delivered already, and those that arrived over 48 hours
ago, for Meta joins events of the same id for so long only.

Examples:
  omnicapi deadletters replay --reason unknown_source --dry-run
  omnicapi deadletters replay --event-id order-10001
  omnicapi deadletters replay --stage audience --all`
}

func (c *lettersReplay) Run(ctx context.Context, t terminal) error {
	f, err := c.filter()
	if err != nil {
		return err
	}
	if !f.Any() && !c.All {
		return usagef("replay which letters? type a filter like --reason, or --all")
	}
	s, list, err := pick(ctx, t, c.configFlags, f, c.DryRun)
	if err != nil {
		return err
	}
	defer s.Close()
	if len(list) == 0 {
		t.say("no dead letters")
		return nil
	}
	list, left, err := c.choose(ctx, s, list)
	if err != nil {
		return err
	}
	if c.DryRun {
		if err := printLetters(t, list); err != nil {
			return err
		}
		t.say("%d would be replayed", len(list))
		sayOwners(t, list)
		if left.say(t); left.count() > 0 {
			t.say("--again would replay these too")
		}
		return nil
	}
	if err := c.replay(ctx, t, s, list); err != nil {
		return err
	}
	left.say(t)
	if n := left.count(); n > 0 {
		return fmt.Errorf("%d left out, which Meta may count twice: add --again to replay them too", n)
	}
	if n := len(left.gone); n > 0 {
		return fmt.Errorf("%d left out, whose letters are without the event: its sender has to send it again", n)
	}
	return nil
}

// leftOut are the letters that a replay leaves out.
type leftOut struct{ delivered, old, gone []*letters.Letter }

// count is how many --again would replay; what is gone nobody can.
func (l leftOut) count() int { return len(l.delivered) + len(l.old) }

// choose returns the letters to replay, and those to leave out.
func (c *lettersReplay) choose(ctx context.Context, s *session, list []*letters.Letter) (chosen []*letters.Letter, left leftOut, err error) {
	list, left.gone = whole(list)
	if c.Again {
		return list, left, nil
	}
	box := letters.Box{Names: s.names, Scan: s.Client}
	doubts, err := box.Doubts(ctx, list, time.Now())
	if err != nil {
		return nil, left, err
	}
	for _, l := range list {
		switch doubts[l] {
		case letters.Delivered:
			left.delivered = append(left.delivered, l)
		case letters.Old:
			left.old = append(left.old, l)
		default:
			chosen = append(chosen, l)
		}
	}
	return chosen, left, nil
}

// whole splits a list into the letters that hold their record's value, and the others.
func whole(list []*letters.Letter) (whole, gone []*letters.Letter) {
	for _, l := range list {
		if l.Gone() {
			gone = append(gone, l)
		} else {
			whole = append(whole, l)
		}
	}
	return whole, gone
}

func (c *lettersReplay) replay(ctx context.Context, t terminal, s *session, list []*letters.Letter) error {
	if len(list) == 0 {
		return nil
	}
	o := operation.By(t.environ, "deadletters replay")
	o.Filter = c.said()
	if c.All {
		o.Options = append(o.Options, "all")
	}
	if c.Again {
		o.Options = append(o.Options, "again")
	}
	return s.recorded(ctx, o, list, func() (int, error) { return publish(ctx, t, s, list) })
}

// publish sends the letters round again, and says how many.
func publish(ctx context.Context, t terminal, s *session, list []*letters.Letter) (replayed int, err error) {
	p := s.NewProducer(stream.ProducerConfig{})
	err = letters.Replay(ctx, s.names, p, list, func(n int) { replayed += n })
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingWithin)
	defer cancel()
	closed := p.Close(within)
	t.say("%d of %d replayed", replayed, len(list))
	sayOwners(t, list)
	if err != nil {
		return replayed, err
	}
	return replayed, closed
}

// say names what is left out, and why.
func (l leftOut) say(t terminal) {
	if n := len(l.gone); n > 0 {
		t.say("%d left out, the letter is without the event: %s", n, someIDs(l.gone))
	}
	if n := len(l.delivered); n > 0 {
		t.say("%d left out, delivered already: %s", n, someIDs(l.delivered))
	}
	if n := len(l.old); n > 0 {
		t.say("%d left out, arrived over %.0f hours ago, and Meta joins no twins so late: %s", n, letters.TwinWindow.Hours(), someIDs(l.old))
	}
}

// sayOwners says which letters go to consumers of somebody's own, and only there.
func sayOwners(t terminal, list []*letters.Letter) {
	count := map[string]int{}
	for _, l := range list {
		if l.OwnConsumer() {
			count[l.Stage]++
		}
	}
	for _, stage := range slices.Sorted(maps.Keys(count)) {
		t.say("%d for the consumer %s alone", count[stage], stage)
	}
}

// someIDs is the first few of the letters' ids.
func someIDs(list []*letters.Letter) string {
	const few = 5
	var ids []string
	for _, l := range list[:min(few, len(list))] {
		ids = append(ids, l.EventID)
	}
	if len(list) > few {
		ids = append(ids, "…")
	}
	return strings.Join(ids, ", ")
}
