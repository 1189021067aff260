package mapfile

import (
	"errors"
	"io"
	"strings"
)

// Row is what one event is made of: a row of the file, or several where group_by joins the rows of a receipt.
type Row struct {
	Number int    // of its first row in the file, from 1, as a spreadsheet shows it
	Last   int    // of its last row; resuming starts behind it
	Item   []byte // JSON: {"row":n,"columns":[…]?,"lines":[[cell,…],…]}; columns only where the mapping names headers
	Err    *CellError
}

// Split reads a file and calls yield for each row (grouped lines as one), in order, until it returns false. The error is
// of the file as a whole (not a CSV, encoding, bomb). Memory stays bounded by a row (XLSX: by the unzip limit). Item is
// the caller's to keep. Items of spreadsheets also have "xlsx":true and, for old Macs' dates, "date1904":true; items whose
// lines the file had before have "again":n.
func (m *Mapping) Split(r io.Reader, k Kind, yield func(Row) bool) error {
	t, err := m.open(r, k)
	if err != nil {
		return err
	}
	defer t.close()
	s := &splitter{m: m, t: t, yield: yield, begun: !m.flat}
	if x, ok := t.(*xlsxTable); ok {
		s.serial, s.date1904 = true, x.date1904
	}
	if c, ok := t.(*csvTable); ok {
		s.row = c.row
	}
	if err := s.readHeader(); err != nil {
		if errors.Is(err, io.EOF) {
			return fileError("ends before its first row")
		}
		return err
	}
	return s.run()
}

// splitter is one run of Split.
type splitter struct {
	m        *Mapping
	t        table
	yield    func(Row) bool
	header   *header
	serial   bool
	date1904 bool
	row      int
	width    int // columns that a row may have
	number   [64]byte
	measure  bool       // the first row says how many
	headers  [][]string // the rows of the header, with folded names
	begun    bool       // the first row of data was read
	group    grouping
	orders   orders
	stopped  bool
}

// readHeader reads the rows to skip, then the header.
func (s *splitter) readHeader() error {
	var rows [][]string
	for i := range s.m.format.skipRows + s.m.format.headerRows {
		cells, err := s.t.next()
		s.row++
		var cell *CellError
		if errors.As(err, &cell) && i < s.m.format.skipRows && !isFatal(err) {
			continue
		}
		if err != nil {
			return err
		}
		if i < s.m.format.skipRows {
			continue
		}
		texts := make([]string, len(cells))
		for c, text := range cells {
			texts[c] = string(text)
		}
		rows = append(rows, texts)
	}
	h, err := s.m.resolve(joinHeader(rows, foldName))
	if err != nil {
		return err
	}
	h.titles = joinHeader(rows, strings.TrimSpace)
	s.header = h
	s.readWidth(rows)
	if x, ok := s.t.(*xlsxTable); ok {
		x.texts = s.m.texts(h)
	}
	s.readOrders()
	return nil
}

func isFatal(err error) bool {
	var f *fatal
	return errors.As(err, &f)
}

func (s *splitter) run() error {
	for !s.stopped {
		cells, err := s.t.next()
		s.row++
		var cell *CellError
		switch {
		case err == nil:
			s.takeRow(cells)
		case errors.Is(err, io.EOF):
			s.flush()
			if !s.begun && !s.stopped {
				return fileError("no row has a time in the column of EVENT_TIME")
			}
			return nil
		case !isFatal(err) && errors.As(err, &cell):
			s.flush()
			s.refuse(cell)
		default:
			s.flush()
			return err
		}
	}
	return nil
}

// takeRow takes one row of cells: it skips or refuses it, adds it to the open receipt, or begins another.
func (s *splitter) takeRow(cells [][]byte) {
	if blank(cells) {
		if s.m.format.blank {
			s.flush()
			s.refuse(&CellError{Row: s.row, What: "is blank"})
		}
		return
	}
	if !s.begun {
		text := s.cell(cells, s.m.find(eventTime))
		if !hasDigit(text) {
			s.width = max(s.width, len(cells))
			s.measure = s.measure && len(text) == 0 // what names the time's column is the header
			return                                  // a header or a spacer of Meta's shape
		}
		s.begun = true
	}
	if s.isHeader(cells) {
		return
	}
	for i := range cells {
		cells[i] = unmark(cells[i])
	}
	key := s.groupKey(cells)
	wrong := s.beyond(cells)
	if wrong == nil {
		wrong = s.misread(cells)
	}
	switch s.group.kindOf(key) {
	case nextRow:
		s.append(cells, wrong)
		return
	case nextOfRefused:
		s.refuse(&CellError{Row: s.row, What: "belongs to a receipt whose first line was refused"})
		return
	case splitReceipt:
		s.flush()
		s.group.refused(key)
		s.refuse(&CellError{
			Row: s.row, Column: s.m.groupBy[0].label(s.header),
			What: "comes back to a receipt that ended above: sort the file by receipt",
		})
		return
	}
	s.flush()
	if wrong == nil {
		wrong = s.check(cells)
	}
	if wrong == nil {
		wrong = s.sameOrder(cells)
	}
	if wrong != nil {
		s.group.refused(key)
		s.refuse(wrong)
		return
	}
	s.begin(key, cells)
	if key == nil {
		s.flush()
	}
}

func (s *splitter) refuse(err *CellError) {
	if !s.stopped {
		s.stopped = !s.yield(Row{Number: s.row, Last: s.row, Err: err})
	}
}
