package channel

import (
	"bytes"
	"errors"
	"mime"
	"net/http"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
)

// File is a table as the body of a request, split by its source's mapping file; or the rows that `omnicapi send` has
// split from one, as application/x-ndjson.
type File struct {
	kind mapfile.Kind
	gate chan struct{} // how many files are unpacked at a time: they are large in memory
}

// NewCSV is the format csv.
func NewCSV() File { return File{kind: mapfile.CSV, gate: make(chan struct{}, 4)} }

// NewXLSX is the format xlsx.
func NewXLSX() File { return File{kind: mapfile.XLSX, gate: make(chan struct{}, 2)} }

// Name is csv or xlsx.
func (f File) Name() string { return string(f.kind) }

// Routes are none beside /v1/sources/{source}.
func (File) Routes() []Route { return nil }

// Answer is ours.
func (File) Answer() Answer { return Own{} }

// Claim reads the head: the body is the file.
func (File) Claim(r *http.Request) Claim { return headClaim(r) }

// BodyClaims implements Format: never.
func (File) BodyClaims(Claim) bool { return false }

// Split reads rows. A row that cannot be read is rejected alone.
func (f File) Split(in *Input, b *Batch) *Refusal {
	if len(in.Body) == 0 {
		return emptyBody()
	}
	if in.Mapping == nil {
		return &Refusal{Kind: InternalFailed, Detail: "the source has no mapping file"}
	}
	media, _, err := mime.ParseMediaType(in.Request.Header.Get("Content-Type"))
	if err == nil && (media == "application/x-ndjson" || media == "application/ndjson") {
		return f.splitRows(in, b)
	}
	select {
	case f.gate <- struct{}{}:
		defer func() { <-f.gate }()
	case <-in.Request.Context().Done():
		return &Refusal{Kind: Unavailable, Detail: "too many files at a time"}
	}
	return f.splitFile(in, b)
}

func (f File) splitFile(in *Input, b *Batch) *Refusal {
	var refused *Refusal
	err := in.Mapping.Split(bytes.NewReader(in.Body), f.kind, func(row mapfile.Row) bool {
		if row.Err != nil {
			refused = b.rejectCell(row.Number, row.Err)
			return refused == nil
		}
		start := len(b.Scratch)
		b.Scratch = append(b.Scratch, row.Item...)
		if len(b.Scratch) > 4*in.Limits.MaxBody {
			refused = &Refusal{Kind: TooLarge, Detail: "the file's rows are too large together: use omnicapi send"}
			return false
		}
		refused = b.add(in, row.Number, b.Scratch[start:len(b.Scratch):len(b.Scratch)])
		return refused == nil
	})
	switch {
	case refused != nil:
		return refused
	case err != nil:
		return unreadableFile(f.kind, err)
	case len(b.Items)+len(b.Rejected) == 0:
		return &Refusal{Kind: Unreadable, Detail: "the file has no row that the mapping takes"}
	}
	return nil
}

// unreadableFile says where a file is broken, in mapfile's words, which quote no cell.
func unreadableFile(kind mapfile.Kind, err error) *Refusal {
	r := &Refusal{Kind: Unreadable, Detail: "the body is no readable " + string(kind) + " file"}
	var cell *mapfile.CellError
	if errors.As(err, &cell) {
		r.Field, r.Detail = cell.Column, cell.What
	}
	return r
}

func (b *Batch) rejectCell(row int, e *mapfile.CellError) *Refusal {
	field := e.Field
	if field == "" {
		field = e.Column
	}
	return b.reject(row, field, fault.InvalidField, e.What)
}

// splitRows reads the items that Split made elsewhere, one a line.
func (File) splitRows(in *Input, b *Batch) *Refusal {
	return splitLines(in, b, func(item []byte) int {
		n, err := strconv.Atoi(string(jsonscan.Text(jsonscan.Get(item, "row"), nil)))
		if err != nil {
			return 0
		}
		return n
	})
}

// Identify asks the mapping.
func (File) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	if jsonscan.Kind(jsonscan.Get(item, "lines")) != 'a' {
		id.Field = "lines"
		return fault.Undecodable
	}
	return identifyMapped(in, item, id)
}

// identifyMapped asks the source's mapping.
func identifyMapped(in *Input, item []byte, id *Ident) fault.Reason {
	ident, err := in.Mapping.Identify(item)
	if err != nil {
		if end := fault.Of(err); end != nil {
			id.Field = end.Detail
			return end.Reason
		}
		return fault.Undecodable
	}
	if own := []byte(ident.EventID); usableID(own) {
		id.EventID = own
	}
	if ident.NaturalKey != "" {
		id.Natural = []byte(ident.NaturalKey)
	}
	if ident.Person != "" {
		id.Person = []byte(ident.Person)
	}
	id.HasTime = ident.HasTime
	return fault.None
}
