package mapfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

const (
	maxRecord = 1 << 20 // bytes of a row: a quote that is never closed must not swallow the file into memory
	headSize  = 64 << 10
)

// csvTable reads CSV of any separator. encoding/csv skips blank lines, so that row numbers would not be the
// spreadsheet's, and has no bound.
type csvTable struct {
	r      *bufio.Reader
	sep    byte
	quote  byte // 0: none
	row    int
	record []byte
	ends   []int
	cells  [][]byte
}

func openCSV(r io.Reader, f *format) (table, error) {
	br := bufio.NewReaderSize(r, headSize)
	head, err := br.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading CSV file: %w", err)
	}
	switch {
	case bytes.HasPrefix(head, []byte(zipMark)):
		return nil, fileError("is an XLSX file, not CSV")
	case otherFile(head) != "":
		return nil, fileError(otherFile(head))
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return nil, fileError("is UTF-16: save it as CSV UTF-8")
	}
	marked := bytes.HasPrefix(head, []byte("\ufeff"))
	if marked {
		if _, err := br.Discard(3); err != nil {
			return nil, fmt.Errorf("reading CSV file: %w", err)
		}
		head = head[3:]
	}
	t := &csvTable{r: br, sep: f.separator, quote: f.quote}
	if c, line := separatorHint(head); line > 0 {
		if _, err := br.Discard(line); err != nil {
			return nil, fmt.Errorf("reading CSV file: %w", err)
		}
		t.sep, t.row = c, 1
	}
	if t.sep == 0 {
		t.sep = sniffSeparator(head, t.quote)
	}
	if f.encoding == windows1252 && !marked {
		t.r = bufio.NewReaderSize(charmap.Windows1252.NewDecoder().Reader(br), headSize)
	}
	return t, nil
}

// separatorHint reads Excel's first line sep=; with the length of the line.
func separatorHint(head []byte) (sep byte, line int) {
	rest, ok := bytes.CutPrefix(head, []byte("sep="))
	if !ok || len(rest) < 2 {
		return 0, 0
	}
	switch {
	case rest[1] == '\n':
		return rest[0], 6
	case len(rest) > 2 && rest[1] == '\r' && rest[2] == '\n':
		return rest[0], 7
	}
	return 0, 0
}

func (t *csvTable) close() {}

// next reads a record: to the end of a line that is not within quotes.
func (t *csvTable) next() ([][]byte, error) {
	t.record, t.ends = t.record[:0], t.ends[:0]
	t.row++
	closed := false // the cell's quotes are closed
	var wrong *CellError
	quoted, start, some := false, 0, false
	for {
		b, err := t.r.ReadByte()
		if errors.Is(err, io.EOF) {
			if quoted {
				return nil, t.fatal("has a quote that is never closed")
			}
			if !some {
				return nil, io.EOF
			}
			return t.finish(wrong)
		}
		if err != nil {
			return nil, fmt.Errorf("reading CSV file: %w", err)
		}
		some = true
		switch {
		case b == 0:
			return nil, t.fatal("is no text: the file is no CSV")
		case quoted && b == t.quote:
			quoted, closed = false, true
		case quoted:
			t.record = append(t.record, b)
		case b == t.sep:
			t.ends = append(t.ends, len(t.record))
			start, closed = len(t.record), false
		case b == '\n':
			return t.finish(wrong)
		case b == '\r':
			if follow, err := t.r.Peek(1); err == nil && follow[0] == '\n' {
				continue
			}
			return t.finish(wrong)
		case closed && b == t.quote: // a doubled quote within quotes
			t.record = append(t.record, b)
			quoted, closed = true, false
		case t.quote != 0 && b == t.quote && len(t.record) == start && !closed:
			quoted = true
		default:
			if closed && b != ' ' && b != '\t' && wrong == nil {
				wrong = &CellError{Row: t.row, Column: letters(len(t.ends)), What: "has text behind its closing quote"}
			}
			t.record = append(t.record, b)
		}
		switch {
		case len(t.record) > maxRecord:
			return nil, t.fatal("is longer than 1 MiB; is a quote never closed?")
		case len(t.ends) >= maxColumns:
			return nil, t.fatal(tooManyColumns)
		}
	}
}

func (t *csvTable) fatal(what string) error {
	return &fatal{CellError{Row: t.row, What: what}}
}

// finish cuts the record into trimmed cells.
func (t *csvTable) finish(wrong *CellError) ([][]byte, error) {
	if wrong != nil {
		return nil, wrong
	}
	t.ends = append(t.ends, len(t.record))
	t.cells = t.cells[:0]
	start := 0
	for i, end := range t.ends {
		cell := t.record[start:end]
		if !utf8.Valid(cell) {
			return nil, &CellError{
				Row: t.row, Column: letters(i),
				What: "is not UTF-8; files of older Excels need format.encoding windows-1252",
			}
		}
		t.cells = append(t.cells, bytes.TrimSpace(cell))
		start = end
	}
	return t.cells, nil
}
