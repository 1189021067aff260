package handle_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/recorded"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/handle"
)

// TestRecorded: what ingest stores of every recorded request becomes the signals of its golden file, and these are the
// events that somebody else worked out, where they did.
func TestRecorded(t *testing.T) {
	h := recordedHandler(t)
	cases, err := recorded.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Format+"/"+c.Name, func(t *testing.T) {
			signals := signalsOf(t, h, recordsOf(t, c))
			goldenSignals(t, c, signals)
			want, err := c.Read("expected.json")
			if err != nil || want == nil {
				return
			}
			got := []any{}
			for _, s := range signals {
				if s.Event != nil {
					got = append(got, decoded(t, s.Event))
				}
			}
			if diff := cmp.Diff(decoded(t, want), any(got)); diff != "" {
				t.Errorf("expected events (-want +got):\n%s", diff)
			}
		})
	}
}

// recordedHandler is a handler of the recorded configuration, at the moment of the requests.
func recordedHandler(tb testing.TB) *handle.Handler {
	tb.Helper()
	file, err := recorded.WriteConfig(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	cfg, _, err := config.Load(file, nil, config.RoleLocal)
	if err != nil {
		tb.Fatal(err)
	}
	sources, err := handle.NewSources(cfg, names)
	if err != nil {
		tb.Fatal(err)
	}
	return handle.New(sources, at(recorded.Moment), slog.New(slog.DiscardHandler))
}

// recordsOf are the records that ingest's golden file says it stores of a request.
func recordsOf(tb testing.TB, c recorded.Case) []stream.Record {
	tb.Helper()
	text, err := c.Read("raw.json")
	if err != nil {
		tb.Fatal(err)
	}
	var list []recorded.Record
	if err := json.Unmarshal(text, &list); err != nil {
		tb.Fatal(err)
	}
	var recs []stream.Record
	for i, r := range list {
		var value bytes.Buffer
		if err := json.Compact(&value, r.Value); err != nil {
			tb.Fatal(err)
		}
		rec := stream.Record{Topic: r.Topic, Offset: int64(i), Key: []byte(r.Key), Value: value.Bytes(), Time: time.Unix(recorded.Moment, 0)}
		for k, v := range r.Headers {
			rec.Headers = append(rec.Headers, stream.Header{Key: k, Value: []byte(v)})
		}
		recs = append(recs, rec)
	}
	return recs
}

// signalsOf handles records and says what became of each.
func signalsOf(t *testing.T, h *handle.Handler, recs []stream.Record) []recorded.Signal {
	t.Helper()
	s := handle.NewScratch()
	s.Begin()
	list := []recorded.Signal{}
	for i := range recs {
		if end := h.Handle(&recs[i], s); end != nil {
			list = append(list, recorded.Signal{End: end.Error()})
			continue
		}
		var sig event.Signal
		if err := sig.Decode(&s.Signal); err != nil {
			t.Fatal(err)
		}
		list = append(list, recorded.Signal{Dropped: s.DroppedValues(), Params: bytes.Clone(sig.Params), Event: bytes.Clone(s.Signal.Value)})
	}
	return list
}

func goldenSignals(t *testing.T, c recorded.Case, list []recorded.Signal) {
	t.Helper()
	var got bytes.Buffer
	e := json.NewEncoder(&got)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(list); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "..", "..", "..", filepath.FromSlash(c.File("signals.json")))
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("signals (-want +got):\n%s", diff)
	}
}
