package table

import (
	"bytes"
	"errors"
	"mime"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
)

// Receiver takes a table as the body of a request, split by its source's mapping file; or the rows that `omnicapi send`
// has split from one, as application/x-ndjson.
type Receiver struct {
	kind mapfile.Kind
	gate chan struct{} // holds a place for each file that is being unpacked
}

// NewReceiver makes a receiver of files of a kind, of which it unpacks so many at a time: they are large in memory.
func NewReceiver(kind mapfile.Kind, atATime int) Receiver {
	return Receiver{kind: kind, gate: make(chan struct{}, atATime)}
}

// Split reads rows. A row that cannot be read is rejected alone.
func (f Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if len(in.Body) == 0 {
		return receive.EmptyBody()
	}
	if in.Mapping == nil {
		return &receive.Refusal{Kind: receive.InternalFailed, Detail: "the source has no mapping file"}
	}
	media, _, err := mime.ParseMediaType(in.Request.Header.Get("Content-Type"))
	if err == nil && (media == "application/x-ndjson" || media == "application/ndjson") {
		return f.splitRows(in, b)
	}
	select {
	case f.gate <- struct{}{}:
		defer func() { <-f.gate }()
	case <-in.Request.Context().Done():
		return &receive.Refusal{Kind: receive.Unavailable, Detail: "too many files at a time"}
	}
	return f.splitFile(in, b)
}

func (f Receiver) splitFile(in *receive.Input, b *receive.Batch) *receive.Refusal {
	var refused *receive.Refusal
	err := in.Mapping.Split(bytes.NewReader(in.Body), f.kind, func(row mapfile.Row) bool {
		if row.Err != nil {
			refused = rejectCell(b, row.Number, row.Err)
			return refused == nil
		}
		start := len(b.Scratch)
		b.Scratch = append(b.Scratch, row.Item...)
		if len(b.Scratch) > 4*in.Limits.MaxBody {
			refused = &receive.Refusal{Kind: receive.TooLarge, Detail: "the file's rows are too large together: use omnicapi send"}
			return false
		}
		refused = b.AddRow(row.Number, b.Scratch[start:len(b.Scratch):len(b.Scratch)])
		return refused == nil
	})
	switch {
	case refused != nil:
		return refused
	case err != nil:
		return unreadableFile(f.kind, err)
	case len(b.Items)+len(b.Rejected) == 0:
		return &receive.Refusal{Kind: receive.Unreadable, Detail: "the file has no row that the mapping takes"}
	}
	return nil
}

// unreadableFile says where a file is broken, in mapfile's words, which quote no cell.
func unreadableFile(kind mapfile.Kind, err error) *receive.Refusal {
	r := &receive.Refusal{Kind: receive.Unreadable, Detail: "the body is no readable " + string(kind) + " file"}
	var cell *mapfile.CellError
	if errors.As(err, &cell) {
		r.Field, r.Detail = cell.Column, cell.What
	}
	return r
}

// rejectCell refuses a row by what is wrong with one of its cells: the target is the field, the column stands in the words.
func rejectCell(b *receive.Batch, row int, e *mapfile.CellError) *receive.Refusal {
	detail := e.What
	if e.Column != "" {
		detail = "column " + e.Column + ": " + detail
	}
	return b.Reject(row, e.Field, fault.InvalidField, detail)
}

// splitRows reads the items that Split made elsewhere, one a line.
func (Receiver) splitRows(in *receive.Input, b *receive.Batch) *receive.Refusal {
	return receive.SplitLines(in, b, func(item []byte) int {
		n, err := strconv.Atoi(string(jsonscan.Text(jsonscan.Get(item, mapfile.MemberRow), nil)))
		if err != nil {
			return 0
		}
		return n
	})
}

// Identify names a row by what the mapping file says.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	if jsonscan.Kind(jsonscan.Get(item, mapfile.MemberLines)) != 'a' {
		id.Field = mapfile.MemberLines
		return fault.Undecodable
	}
	return Identify(in, item, id)
}

// Identify names an item by what its source's mapping file says: id, natural key, person and time.
func Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	ident, err := in.Mapping.Identify(item)
	if err != nil {
		if end := fault.Of(err); end != nil {
			id.Field = end.Detail
			return end.Reason
		}
		return fault.Undecodable
	}
	id.EventID = receive.UsableID([]byte(ident.EventID))
	if ident.NaturalKey != "" {
		id.Natural = []byte(ident.NaturalKey)
	}
	if ident.Person != "" {
		id.Person = []byte(ident.Person)
	}
	id.HasTime = ident.HasTime
	return fault.None
}
