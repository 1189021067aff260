// Package recorded reads the requests of real senders that are kept in the folders of the formats, each with what
// becomes of it: NAME.http (the request; NAME.body if its body is not text), NAME.answer (what ingest answers),
// NAME.raw.json (what ingest stores), NAME.signals.json (what the normalizer makes of that) and, where somebody worked
// it out independently, NAME.expected.json (the events that must reach Meta) or NAME.identity.json (the events that
// must reach Meta once an identity store adds what the facts of other requests say; until then the request ends as
// NAME.signals.json says). The tests of ingest and the normalizer write the golden files with -update; e2e takes every
// request through the whole pipeline, and the demo sends them. All persons and secrets in the requests are invented. It
// refuses to send a request late as it is: Move takes a request to another day and signs it again.
package recorded

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/all"
)

//go:embed config
var files embed.FS

// Moment is when the requests were made: 2026-11-23T09:30:00Z, Unix seconds.
const Moment = 1795426200

// Case is one recorded request.
type Case struct{ Format, Name string }

// Cases lists all recorded requests, by format and name.
func Cases() ([]Case, error) {
	var cases []Case
	for _, name := range slices.Sorted(slices.Values(all.Names())) {
		found, err := fs.Glob(format.Recorded, path.Join(recordedIn(name), "*.http"))
		if err != nil {
			return nil, fmt.Errorf("listing recorded requests: %w", err)
		}
		for _, file := range found {
			cases = append(cases, Case{Format: name, Name: strings.TrimSuffix(path.Base(file), ".http")})
		}
	}
	return cases, nil
}

// recordedIn returns the folder of a format's requests, below pkg/format.
func recordedIn(name string) string { return path.Join(format.Folder(name), "recorded") }

// Folder returns the folder of a format's requests, in the repository.
func Folder(name string) string { return path.Join("pkg/format", recordedIn(name)) }

// File returns the path of one of the case's files in the repository; kind is http, answer, raw.json, ….
func (c Case) File(kind string) string { return path.Join(Folder(c.Format), c.Name+"."+kind) }

// Read reads one of the case's files; it returns nil if there is none.
func (c Case) Read(kind string) ([]byte, error) {
	text, err := format.Recorded.ReadFile(path.Join(recordedIn(c.Format), c.Name+"."+kind))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the recorded %s: %w", c.File(kind), err)
	}
	return text, nil
}

// Record is a record as the golden files keep it; a file raw.json is a list of them.
type Record struct {
	Topic   string            `json:"topic"`
	Key     string            `json:"key"`
	Headers map[string]string `json:"headers"`
	Value   json.RawMessage   `json:"value"`
}

// Signal is what the normalizer makes of a raw event; a file signals.json is a list of them. End says why there is no
// event for Meta.
type Signal struct {
	End     string          `json:"end,omitempty"`
	Dropped []string        `json:"values_dropped,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Event   json.RawMessage `json:"event,omitempty"`
}

// Request is a recorded request. URL is absolute, as the sender knows it.
type Request struct {
	Format string
	Method string
	URL    string
	Header http.Header
	Body   []byte
}

// Request reads the case's request. Its file has a request line, headers, an empty line and the body, byte for byte.
func (c Case) Request() (*Request, error) {
	text, err := c.Read("http")
	if err != nil {
		return nil, err
	}
	head, body, _ := bytes.Cut(text, []byte("\n\n"))
	lines := strings.Split(strings.TrimRight(string(head), "\n"), "\n")
	parts := strings.Fields(lines[0])
	if len(parts) < 2 {
		return nil, fmt.Errorf("reading the recorded %s: no request line", c.File("http"))
	}
	r := &Request{Format: c.Format, Method: parts[0], URL: parts[1], Header: http.Header{}, Body: body}
	for _, line := range lines[1:] {
		name, value, found := strings.Cut(line, ": ")
		if !found {
			return nil, fmt.Errorf("reading the recorded %s: a header without a colon", c.File("http"))
		}
		r.Header.Add(name, value)
	}
	if other, err := c.Read("body"); err != nil || other != nil {
		r.Body = other
		return r, err
	}
	return r, nil
}

// Golden returns what ingest stores of the case's request, and what the normalizer makes of each of these records.
func (c Case) Golden() (raws []Record, signals []Signal, err error) {
	for _, g := range []struct {
		kind string
		to   any
	}{{"raw.json", &raws}, {"signals.json", &signals}} {
		text, err := c.Read(g.kind)
		if err != nil {
			return nil, nil, err
		}
		if err := json.Unmarshal(text, g.to); err != nil {
			return nil, nil, fmt.Errorf("reading the recorded %s: %w", c.File(g.kind), err)
		}
	}
	return raws, signals, nil
}
