package sender

import (
	"bufio"
	"bytes"
	"io"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
)

// Mapped splits CSV and XLSX by a mapping file.
func Mapped(m *mapfile.Mapping, kind mapfile.Kind) Split {
	return func(r io.Reader, yield func(Row) bool) error {
		return m.Split(r, kind, func(row mapfile.Row) bool {
			out := Row{Number: row.Number, Last: max(row.Number, row.Last), Item: row.Item}
			if row.Err != nil {
				out.Item, out.Err = nil, string(fault.InvalidField)
				out.Column, out.Field, out.Detail = row.Err.Column, row.Err.Field, row.Err.What
			}
			return yield(out)
		})
	}
}

// Lines splits NDJSON: each line that is not empty is a row.
func Lines(limit int) Split {
	return func(r io.Reader, yield func(Row) bool) error {
		lines := bufio.NewReaderSize(r, 64<<10)
		for number := 1; ; number++ {
			line, oversize, err := readLine(lines, limit)
			line = bytes.TrimSpace(jsonscan.TrimMark(line))
			row := Row{Number: number, Last: number, Item: line}
			if oversize {
				row.Item, row.Err = nil, "oversize"
			}
			if (len(line) > 0 || oversize) && !yield(row) {
				return errStopped
			}
			if err == io.EOF { //nolint:errorlint // readLine returns it bare
				return nil
			}
			if err != nil {
				return err
			}
		}
	}
}

// readLine reads a line of at most limit bytes; a longer line is skipped and reported as oversize.
func readLine(r *bufio.Reader, limit int) (line []byte, oversize bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if !oversize {
			line = append(line, part...)
		}
		if len(line) > limit {
			line, oversize = nil, true
		}
		if err == bufio.ErrBufferFull { //nolint:errorlint // ReadSlice returns it bare
			continue
		}
		return line, oversize, err
	}
}
