// Package mapfile is mapping files: from the columns of CSV and XLSX files, or from any JSON, to Meta's server event.
// `omnicapi send` and ingest split files with it and find rows' ids, the normalizer maps rows. Meta's own sample mapping
// files load unchanged. It refuses to guess: an unreadable cell is dropped by name, never sent as something else.
package mapfile

import (
	"io"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// THIS FILE IS THE AGREED API; the owner of pkg/mapfile replaces it by real files of one purpose each.

// Mapping is a loaded mapping file.
type Mapping struct{}

// Load reads a mapping file; all problems at once, by path in the file.
func Load(path string) (*Mapping, error) { panic("unbuilt") }

// Parse is Load for bytes.
func Parse(data []byte) (*Mapping, error) { panic("unbuilt") }

// Kind is what a file holds.
type Kind string

// The kinds.
const (
	CSV  Kind = "csv"
	XLSX Kind = "xlsx"
)

// Row is one event's lines of a file: several where group_by joins the lines of a receipt.
type Row struct {
	Number int    // of the first line in the file, 1-based, as a spreadsheet shows it
	Last   int    // of the last line read for it; resuming starts behind it
	Item   []byte // JSON: {"row":n,"columns":[…]?,"lines":[[cell,…],…]}; columns only where the mapping names headers
	Err    *CellError
}

// CellError is what is wrong with a row, by column; it quotes no cell.
type CellError struct {
	Row    int
	Column string // letter and, if known, header: "G (Total)"
	Field  string // target path: custom_data.value
	What   string
}

func (e *CellError) Error() string { panic("unbuilt") }

// Split reads a file and calls yield for each row (grouped lines as one), in order, until it returns false. The error is
// of the file as a whole (not a CSV, encoding, bomb). Memory stays bounded by a row (XLSX: by the unzip limit).
func (m *Mapping) Split(r io.Reader, k Kind, yield func(Row) bool) error { panic("unbuilt") }

// Ident is what ingest needs of an item.
type Ident struct {
	EventID    string // the row's own event_id, "" if none
	NaturalKey string // order id + event name, else "": the row's bytes
	HasTime    bool
	Person     string // the person's id in that channel: external_id, else email, else phone; "" if none
}

// Identify reads an item that Split made (or any JSON item for a JSON mapping).
func (m *Mapping) Identify(item []byte) (Ident, error) { panic("unbuilt") }

// Map fills e from an item: values still as the sender gave them, times and decimals converted. dropped names the fields
// whose cell could not be read. The error is a *fault.Error when the row cannot be an event.
func (m *Mapping) Map(item []byte, defaultZone *time.Location, e *capi.Event) (dropped []CellError, err error) {
	panic("unbuilt")
}
