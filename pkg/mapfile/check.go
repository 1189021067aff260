package mapfile

// check refuses a row that can be no event: no name, no readable time.
func (s *splitter) check(cells [][]byte) *CellError {
	wrong := func(f *field, what string) *CellError {
		return &CellError{Row: s.row, Column: f.from.label(s.header), Field: f.target.path, What: what}
	}
	if f := s.m.find(eventName); f != nil && f.target.isNothing(s.cell(cells, f)) && s.m.preset(eventName) == nil {
		return wrong(f, "is empty")
	}
	if f := s.m.find(eventTime); f != nil {
		text := s.cell(cells, f)
		if f.target.isNothing(text) {
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
