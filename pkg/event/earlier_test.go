package event

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/record"
)

// TestEarlierRecordsAreRead: records as the first build wrote them mean the same to this one (VERSIONING.md). testdata/earlier is not
// written again when this build's records change.
func TestEarlierRecordsAreRead(t *testing.T) {
	arrived := time.Date(2026, 11, 25, 14, 30, 0, 123e6, time.UTC)
	var raw Raw
	if err := raw.Decode(bytes.TrimSpace(earlier(t, "raw_full.json"))); err != nil {
		t.Fatal(err)
	}
	if string(raw.ID) != "e-1" || string(raw.Format) != "meta.openbridge" || !raw.Time.Equal(arrived) || string(raw.IP) != "203.0.113.24" ||
		!bytes.HasPrefix(raw.Item, []byte(`{"event_name":"Purchase"`)) {
		t.Errorf("raw event: %+v", raw)
	}

	rec := parseRecord(t, earlier(t, "signal_full.txt"))
	var s Signal
	if err := s.Decode(&rec); err != nil {
		t.Fatal(err)
	}
	if string(s.ID) != "e-1" || string(s.EventName) != "Purchase" || s.EventTime != 1795426200 || string(s.Value) != "59.90" || s.Replays != 2 ||
		!s.IsFor(fault.Forwarder) {
		t.Errorf("signal: %+v", s)
	}

	rec = parseRecord(t, earlier(t, "deadletter.txt"))
	var d DeadLetter
	if err := d.Decode(&rec); err != nil {
		t.Fatal(err)
	}
	if d.Stage != fault.Forwarder || d.Reason != fault.Refused || d.Topic != "signals.shop" || d.Offset != 42 {
		t.Errorf("dead letter: %+v", d)
	}
	replay := d.Replay(&rec)
	if err := s.Decode(&replay); err != nil || string(replay.Key) != "e-1" || !replay.Time.Equal(arrived) || s.Replays != 1 {
		t.Errorf("its replay: %+v %v", replay, err)
	}

	rec = parseRecord(t, earlier(t, "outcome.txt"))
	o, err := DecodeOutcome(rec.Value)
	if err != nil {
		t.Fatal(err)
	}
	if o.Stage != fault.Forwarder || o.Dataset != "shop" || len(o.Events) == 0 || o.Events[0].Fate != fault.Delivered {
		t.Errorf("outcome: %+v", o)
	}
}

func earlier(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "earlier", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// parseRecord reads the first record of what appendRecord writes.
func parseRecord(t *testing.T, text []byte) (r record.Record) {
	t.Helper()
	head, value, _ := strings.Cut(string(text), "\n\n")
	for i, line := range strings.Split(head, "\n") {
		name, rest, _ := strings.Cut(line, " ")
		switch i {
		case 0:
			r.Topic = rest
		case 1:
			r.Key = []byte(rest)
		case 2:
			at, err := time.Parse(time.RFC3339Nano, rest)
			if err != nil {
				t.Fatal(err)
			}
			r.Time = at
		default:
			r.Headers = append(r.Headers, record.Header{Key: strings.TrimSuffix(name, ":"), Value: []byte(rest)})
		}
	}
	value, _, _ = strings.Cut(value, "\n")
	r.Value = []byte(value)
	return r
}
