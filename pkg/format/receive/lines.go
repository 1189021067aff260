package receive

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// SplitLines adds each line that is an object; a broken line is rejected alone. row, if given, finds a line's row in the
// file that it came from.
func SplitLines(in *Input, b *Batch, row func(item []byte) int) *Refusal {
	body := in.Body
	for len(body) > 0 {
		var line []byte
		line, body, _ = bytes.Cut(body, []byte{'\n'})
		if line = bytes.TrimSpace(jsonscan.TrimMark(line)); len(line) == 0 { // files that were joined each have a mark
			continue
		}
		if r := addLine(in, b, line, row); r != nil {
			return r
		}
	}
	if len(b.Items)+len(b.Rejected) == 0 {
		return EmptyBody()
	}
	return nil
}

func addLine(in *Input, b *Batch, line []byte, row func(item []byte) int) *Refusal {
	if len(line) > in.Limits.MaxEvent {
		return b.Reject(0, "", fault.Oversize, "")
	}
	if r := Check(line, ""); r != nil {
		return b.Reject(0, "", fault.Undecodable, r.Detail)
	}
	if jsonscan.Kind(line) != 'o' {
		return b.Reject(0, "", fault.Undecodable, "not an object")
	}
	n := 0
	if row != nil {
		n = row(line)
	}
	return b.AddRow(n, line)
}
