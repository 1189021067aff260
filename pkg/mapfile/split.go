package mapfile

import (
	"errors"
	"io"
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
	begun    bool // the first row of data was read
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
	h, err := s.m.resolve(joinHeader(rows))
	if err != nil {
		return err
	}
	s.header = h
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
			return // a header or a spacer of Meta's shape
		}
		s.begun = true
	}
	key := s.groupKey(cells)
	switch s.group.kindOf(key) {
	case nextRow:
		s.append(cells)
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
	err := s.check(cells)
	if err == nil {
		err = s.sameOrder(cells)
	}
	if err != nil {
		s.group.refused(key)
		s.refuse(err)
		return
	}
	s.begin(key, cells)
	if key == nil {
		s.flush()
	}
}

// check refuses a row that can be no event: no name, no readable time.
func (s *splitter) check(cells [][]byte) *CellError {
	wrong := func(f *field, what string) *CellError {
		return &CellError{Row: s.row, Column: f.from.label(s.header), Field: f.target.path, What: what}
	}
	if f := s.m.find(eventName); f != nil && len(s.cell(cells, f)) == 0 && s.m.preset(eventName) == nil {
		return wrong(f, "is empty")
	}
	if f := s.m.find(eventTime); f != nil {
		text := s.cell(cells, f)
		if len(text) == 0 {
			return wrong(f, "is empty")
		}
		if _, ok := s.m.format.timestamp(text, s.serial, s.date1904, nil); !ok {
			return wrong(f, "is no time that can be read")
		}
	}
	return nil
}

// cell is the text of a field, nil if the row has none.
func (s *splitter) cell(cells [][]byte, f *field) []byte {
	for i := range s.m.fields {
		if &s.m.fields[i] == f {
			if at := s.header.fields[i]; at < len(cells) {
				return cells[at]
			}
		}
	}
	return nil
}

func (s *splitter) refuse(err *CellError) {
	if !s.stopped {
		s.stopped = !s.yield(Row{Number: s.row, Last: s.row, Err: err})
	}
}

func blank(cells [][]byte) bool {
	for _, c := range cells {
		if len(c) > 0 {
			return false
		}
	}
	return true
}

func hasDigit(text []byte) bool {
	for _, b := range text {
		if isDigit(b) {
			return true
		}
	}
	return false
}
