package mapfile

import (
	"bytes"
	"io"
)

// Kind is what a file holds.
type Kind string

// The kinds.
const (
	CSV  Kind = "csv"
	XLSX Kind = "xlsx"
)

// table reads a file row by row. Cells are trimmed and valid until the next call. A *CellError from next is of one row,
// and the next row can be read; io.EOF ends the table; any other error is of the file.
type table interface {
	next() (cells [][]byte, err error)
	close()
}

// fileError is of the file as a whole. It is a CellError, so that its words reach the sender.
func fileError(what string) error { return &fatal{CellError{What: what}} }

// fatal ends a file: it unwraps to the CellError, but is none itself.
type fatal struct{ cell CellError }

func (f *fatal) Error() string { return f.cell.Error() }
func (f *fatal) Unwrap() error { return &f.cell }

const tooManyColumns = "has more than 16384 columns, which is all a spreadsheet has"

// zipMark begins XLSX files.
const zipMark = "PK\x03\x04"

// otherFile knows files by their first bytes that are neither CSV nor XLSX, "" if it does not.
func otherFile(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return "is packed with gzip: unpack it"
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return "is an XLS file, or has a password: save it as XLSX without one"
	}
	return ""
}

// open opens a file as the mapping's format says.
func (m *Mapping) open(r io.Reader, k Kind) (table, error) {
	if m.json {
		return nil, fileError("the mapping file is for JSON, not for tables")
	}
	if m.format.kind != "" && m.format.kind != k {
		return nil, fileError("the mapping file is for " + string(m.format.kind) + " files")
	}
	if k == XLSX {
		return openXLSX(r, m.format.sheet, m.hasOwnTexts(), usualBounds())
	}
	return openCSV(r, &m.format)
}
