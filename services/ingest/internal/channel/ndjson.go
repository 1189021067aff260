package channel

import (
	"bytes"
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// NDJSON is a file of Meta's server events, one a line.
type NDJSON struct{}

// Name is ndjson.
func (NDJSON) Name() string { return "ndjson" }

// Routes are none beside /v1/sources/{source}.
func (NDJSON) Routes() []Route { return nil }

// Answer is ours.
func (NDJSON) Answer() Answer { return Own{} }

// Claim reads the head: the body is the file.
func (NDJSON) Claim(r *http.Request) Claim { return headClaim(r) }

// BodyClaims implements Format: never.
func (NDJSON) BodyClaims(Claim) bool { return false }

// Split takes each line as an event; empty lines are none.
func (NDJSON) Split(in *Input, b *Batch) *Refusal { return splitLines(in, b, nil) }

// Identify reads Meta's server event.
func (NDJSON) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	return identifyEvent(in, item, id)
}

// splitLines adds each line that is an object; a broken line is rejected alone. row, if given, finds a line's row in the
// file that it came from.
func splitLines(in *Input, b *Batch, row func(item []byte) int) *Refusal {
	body := bytes.TrimPrefix(in.Body, []byte("\xef\xbb\xbf"))
	for len(body) > 0 {
		var line []byte
		line, body, _ = bytes.Cut(body, []byte{'\n'})
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if r := addLine(in, b, line, row); r != nil {
			return r
		}
	}
	if len(b.Items)+len(b.Rejected) == 0 {
		return emptyBody()
	}
	return nil
}

func addLine(in *Input, b *Batch, line []byte, row func(item []byte) int) *Refusal {
	if len(line) > in.Limits.MaxEvent {
		return b.reject(0, "", fault.Oversize, "")
	}
	if r := check(line, ""); r != nil {
		return b.reject(0, "", fault.Undecodable, r.Detail)
	}
	if jsonscan.Kind(line) != 'o' {
		return b.reject(0, "", fault.Undecodable, "not an object")
	}
	n := 0
	if row != nil {
		n = row(line)
	}
	return b.add(in, n, line)
}
