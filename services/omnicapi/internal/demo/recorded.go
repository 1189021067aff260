package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/recorded"
)

// A recorded request of each format follows the samples: what its real sender posts, moved to today.

// addRecorded adds the sources of the recorded requests to the demo's configuration.
func addRecorded(cfg *config.Config, folder string) error {
	file, err := recorded.WriteConfig(filepath.Join(folder, "recorded"))
	if err != nil {
		return err
	}
	other, _, err := config.Load(file, nil, config.RoleLocal)
	if err != nil {
		return fmt.Errorf("reading the recorded configuration: %w", err)
	}
	d := cfg.Datasets["demo"]
	d.Dedup = 0 // some senders' requests tell of the same sale
	cfg.Datasets["recorded"] = d
	for name, s := range other.Sources {
		if _, taken := cfg.Sources[name]; taken {
			return fmt.Errorf("naming the recorded sources: the demo has a source %s of its own", name)
		}
		s.Dataset = "recorded"
		cfg.Sources[name] = s
	}
	return nil
}

// chosen returns one recorded case of each format: one that delivers a purchase, else one that delivers another event, else
// any; the smallest of these.
func chosen() ([]recorded.Case, error) {
	cases, err := recorded.Cases()
	if err != nil {
		return nil, err
	}
	var list []recorded.Case
	var sizes []int
	for _, c := range cases {
		events, err := eventsOf(c)
		if err != nil {
			return nil, err
		}
		size := len(events)
		if !slices.ContainsFunc(events, func(e Event) bool { return e.Fate == fault.Delivered }) {
			size += larger
		}
		if !slices.ContainsFunc(events, func(e Event) bool { return e.Fate == fault.Delivered && e.Name == "Purchase" }) {
			size += larger
		}
		switch last := len(list) - 1; {
		case len(events) == 0:
		case last < 0 || list[last].Format != c.Format:
			list, sizes = append(list, c), append(sizes, size)
		case size < sizes[last]:
			list[last], sizes[last] = c, size
		}
	}
	return list, nil
}

// larger is more than the size of any case.
const larger = 1 << 20

// eventsOf are the events of a case and how each must end, by its golden files.
func eventsOf(c recorded.Case) ([]Event, error) {
	raws, signals, err := c.Golden()
	if err != nil {
		return nil, err
	}
	if len(raws) != len(signals) {
		return nil, fmt.Errorf("reading the recorded %s: %d raw events, %d signals", c.Name, len(raws), len(signals))
	}
	var events []Event
	for i := range raws {
		var value bytes.Buffer
		if err := json.Compact(&value, raws[i].Value); err != nil {
			return nil, fmt.Errorf("reading the recorded %s: %w", c.Name, err)
		}
		var raw event.Raw
		if err := raw.Decode(value.Bytes()); err != nil {
			return nil, fmt.Errorf("reading the recorded %s: %w", c.Name, err)
		}
		e := Event{Channel: string(raw.Channel), Format: c.Format, Source: string(raw.Source), Fate: fault.Delivered}
		if id := string(raw.ID); recorded.Unlasting(id) == id {
			e.ID = id
		}
		if end := signals[i].End; end != "" {
			reason, _, _ := strings.Cut(end, ":")
			e.Reason = fault.Reason(reason)
			if e.Fate = fault.Dead; e.Reason.IsDrop() {
				e.Fate = fault.Dropped
			}
		} else {
			var named struct {
				Name string `json:"event_name"`
			}
			if err := json.Unmarshal(signals[i].Event, &named); err != nil {
				return nil, fmt.Errorf("reading the recorded %s: %w", c.Name, err)
			}
			e.Name = named.Name
		}
		events = append(events, e)
	}
	return events, nil
}

// sendRecorded sends a case's request as if it were today's.
func (c client) sendRecorded(ctx context.Context, ingest string, rc recorded.Case, now time.Time) error {
	r, err := rc.Request()
	if err != nil {
		return err
	}
	if err := r.Move(recorded.Until(now), now); err != nil {
		return err
	}
	u, err := url.Parse(r.URL)
	if err != nil {
		return fmt.Errorf("reading the recorded URL: %w", err)
	}
	if err := c.do(ctx, r.Method, ingest+u.RequestURI(), string(r.Body), r.Header); err != nil {
		return fmt.Errorf("sending %s: %w", rc.Name, err)
	}
	return nil
}
