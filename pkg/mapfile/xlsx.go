package mapfile

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/xuri/excelize/v2"
)

// maxUnzipped bounds a spreadsheet, packed and unpacked. Both of excelize's limits are this: above the second it would
// unpack to a temporary file, and personal data would lie on the disk.
const maxUnzipped = 64 << 20

// xlsxTable reads a sheet row by row, with the values as they are stored: a date is a serial number, a number has all
// its digits.
type xlsxTable struct {
	file     *excelize.File
	rows     *excelize.Rows
	date1904 bool
	row      int
	cells    [][]byte
}

func openXLSX(r io.Reader, sheet string) (t table, err error) {
	data, err := io.ReadAll(io.LimitReader(r, maxUnzipped+1))
	if err != nil {
		return nil, fmt.Errorf("reading XLSX file: %w", err)
	}
	if len(data) > maxUnzipped {
		return nil, fileError("is larger than 64 MiB: save it as CSV")
	}
	if !bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return nil, fileError("is no XLSX file")
	}
	defer func() { // excelize trusts the inside of a file here and there
		if recover() != nil {
			t, err = nil, fileError("is no readable XLSX file")
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, RawCellValue: true, TmpDir: os.DevNull,
	})
	if err != nil {
		return nil, fileError("is no readable XLSX file, or larger than 64 MiB unpacked")
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
			cells, err = nil, fileError("is no readable XLSX file")
		}
	}()
	if !t.rows.Next() {
		if t.rows.Error() != nil {
			return nil, fileError("is no readable XLSX file")
		}
		return nil, io.EOF
	}
	t.row++
	columns, err := t.rows.Columns()
	if err != nil {
		return nil, fileError("is no readable XLSX file")
	}
	t.cells = t.cells[:0]
	for _, c := range columns {
		t.cells = append(t.cells, bytes.TrimSpace([]byte(c)))
	}
	return t.cells, nil
}
