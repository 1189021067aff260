package mapfile

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"

	"github.com/xuri/excelize/v2"
)

// maxUnzipped bounds a spreadsheet, packed and unpacked. Both of excelize's limits are this: above the second it would
// unpack to a temporary file, and personal data would lie on the disk.
const maxUnzipped = 64 << 20

// Bounds of what a spreadsheet's rows come to: a text that is stored once may stand in every cell, and one cell at the
// right end has thousands of empty ones before it.
const (
	maxCells     = 16 << 20
	maxCellBytes = 8 * maxUnzipped
)

// xlsxTable reads a sheet row by row, with the values as they are stored: a date is a serial number, a number has all
// its digits.
type xlsxTable struct {
	file     *excelize.File
	rows     *excelize.Rows
	date1904 bool
	row      int
	cells    [][]byte
	count    int // cells so far
	size     int // their bytes
}

func openXLSX(r io.Reader, sheet string) (t table, err error) {
	data, err := io.ReadAll(io.LimitReader(r, maxUnzipped+1))
	if err != nil {
		return nil, fmt.Errorf("reading XLSX file: %w", err)
	}
	if len(data) > maxUnzipped {
		return nil, fileError("is larger than 64 MiB: save it as CSV")
	}
	if !bytes.HasPrefix(data, []byte(zipMark)) {
		return nil, fileError(cmp.Or(otherFile(data), "is no XLSX file"))
	}
	if err := guardXLSX(data); err != nil {
		return nil, fileError(err.Error())
	}
	defer func() { // excelize trusts the inside of a file here and there
		if recover() != nil {
			t, err = nil, fileError(unreadableXLSX)
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, RawCellValue: true, TmpDir: os.DevNull,
	})
	if err != nil {
		return nil, fileError(unreadableXLSX)
	}
	if sheet == "" {
		if names := f.GetSheetList(); len(names) > 0 {
			sheet = names[0]
		}
	}
	rows, err := f.Rows(sheet)
	if err != nil {
		_ = f.Close()
		return nil, fileError("has no sheet of the name that format.sheet says")
	}
	x := &xlsxTable{file: f, rows: rows}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		x.date1904 = *props.Date1904
	}
	return x, nil
}

func (t *xlsxTable) close() {
	_ = t.rows.Close()
	_ = t.file.Close()
}

func (t *xlsxTable) next() (cells [][]byte, err error) {
	defer func() {
		if recover() != nil {
			cells, err = nil, fileError(unreadableXLSX)
		}
	}()
	if !t.rows.Next() {
		if t.rows.Error() != nil {
			return nil, fileError(unreadableXLSX)
		}
		return nil, io.EOF
	}
	t.row++
	columns, err := t.rows.Columns()
	if err != nil {
		return nil, fileError(unreadableXLSX)
	}
	if what := t.tooMuch(columns); what != "" {
		return nil, fileError(what)
	}
	return t.fill(columns)
}

// tooMuch counts what the rows come to.
func (t *xlsxTable) tooMuch(columns []string) string {
	t.count += len(columns)
	for _, c := range columns {
		t.size += len(c)
	}
	switch {
	case t.count > maxCells:
		return "has more than 16777216 cells, empty ones before others included: save it as CSV"
	case t.size > maxCellBytes:
		return "has more than 512 MiB of text in its cells: save it as CSV"
	}
	return ""
}

// fill copies and trims the cells of a row, within the bounds of a row.
func (t *xlsxTable) fill(columns []string) ([][]byte, error) {
	if len(columns) > maxColumns {
		return nil, &CellError{Row: t.row, What: tooManyColumns}
	}
	t.cells = t.cells[:0]
	size := 0
	for _, c := range columns {
		if size += len(c); size > maxRecord {
			return nil, &CellError{Row: t.row, What: "is longer than 1 MiB"}
		}
		t.cells = append(t.cells, bytes.TrimSpace([]byte(c)))
	}
	return t.cells, nil
}
