package mapfile

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"

	"github.com/xuri/excelize/v2"
)

// xlsxTable reads a sheet row by row, with the values as they are stored: a date is a serial number, a number has all
// its digits. Where the workbook has formats that make texts of numbers, it reads the sheet a second time beside, as shown.
type xlsxTable struct {
	bounds   bounds
	file     *excelize.File
	rows     *excelize.Rows
	beside   *excelize.Rows // nil: nothing is shown otherwise
	texts    []bool         // the columns that count as they are shown
	date1904 bool
	row      int
	cells    [][]byte
	count    int // cells so far
	size     int // their bytes
}

func openXLSX(r io.Reader, sheet string, dates bool, b bounds) (t table, err error) {
	data, err := io.ReadAll(io.LimitReader(r, b.unpacked+1))
	if err != nil {
		return nil, fmt.Errorf("reading XLSX file: %w", err)
	}
	if int64(len(data)) > b.unpacked {
		return nil, fileError(fmt.Sprintf("is larger than %d MiB: save it as CSV", b.unpacked>>20))
	}
	if !bytes.HasPrefix(data, []byte(zipMark)) {
		return nil, fileError(cmp.Or(otherFile(data), "is no XLSX file"))
	}
	if err := b.check(data); err != nil {
		return nil, fileError(err.Error())
	}
	defer func() { // excelize trusts the inside of a file here and there
		if recover() != nil {
			t, err = nil, fileError(unreadableXLSX)
		}
	}()
	// Both limits are the same: above the second excelize would unpack to a temporary file, and personal data would lie on
	// the disk.
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: b.unpacked, UnzipXMLSizeLimit: b.unpacked, RawCellValue: true, TmpDir: os.DevNull,
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
	x := &xlsxTable{bounds: b, file: f, rows: rows}
	if has := formatsOf(f); has.padded || has.dated && dates {
		if x.beside, err = f.Rows(sheet); err != nil {
			x.close()
			return nil, fileError(unreadableXLSX)
		}
	}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		x.date1904 = *props.Date1904
	}
	return x, nil
}

func (t *xlsxTable) close() {
	_ = t.rows.Close()
	if t.beside != nil {
		_ = t.beside.Close()
	}
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
	cells, err = t.fill(columns)
	if t.beside == nil || isFatal(err) {
		return cells, err
	}
	return t.show(cells), err
}

// show replaces cells by what is shown of them. A format that excelize cannot read is no reason to lose the file.
func (t *xlsxTable) show(cells [][]byte) (shown [][]byte) {
	defer func() {
		if recover() != nil {
			shown, t.beside = cells, nil
		}
	}()
	if !t.beside.Next() {
		return cells
	}
	columns, err := t.beside.Columns(excelize.Options{RawCellValue: false})
	if err != nil {
		return cells
	}
	for i := range min(len(cells), len(columns), len(t.texts)) {
		if t.texts[i] {
			cells[i] = asShown(cells[i], bytes.TrimSpace([]byte(columns[i])))
		}
	}
	return cells
}

// tooMuch adds a row to the totals of the sheet; it returns what is wrong if they exceed a bound, else "".
func (t *xlsxTable) tooMuch(columns []string) string {
	t.count += len(columns)
	for _, c := range columns {
		t.size += len(c)
	}
	switch {
	case t.count > t.bounds.cells:
		return fmt.Sprintf("has more than %d cells, empty ones before others included: save it as CSV", t.bounds.cells)
	case t.size > t.bounds.text:
		return fmt.Sprintf("has more than %d MiB of text in its cells: save it as CSV", t.bounds.text>>20)
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
