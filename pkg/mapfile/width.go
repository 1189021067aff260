package mapfile

import "unicode/utf8"

// readWidth finds out how many columns a row may have: as many as the header names or the mapping, whichever is more. What
// stands beyond is a text whose separator had no quotes (59,90 in a comma file), and what stands before it is perhaps
// shifted. Without a header the first row of a CSV file is the measure; cells of a spreadsheet have addresses, and do not
// shift.
func (s *splitter) readWidth(rows [][]string) {
	for i := range s.m.fields {
		s.width = max(s.width, s.header.fields[i]+1)
	}
	for _, at := range s.header.group {
		s.width = max(s.width, at+1)
	}
	for i, title := range s.header.titles {
		if title != "" {
			s.width = max(s.width, i+1)
		}
	}
	s.measure = len(rows) == 0
	for _, row := range rows {
		folded := make([]string, len(row))
		for i, text := range row {
			folded[i] = foldName(text)
		}
		s.headers = append(s.headers, folded)
	}
}

// beyond refuses a row with a text where no column is.
func (s *splitter) beyond(cells [][]byte) *CellError {
	if s.measure {
		if s.serial {
			return nil
		}
		s.width, s.measure = max(s.width, len(cells)), false
	}
	for i := s.width; i < len(cells); i++ {
		if len(cells[i]) == 0 {
			continue
		}
		what := "is beyond the last column: a text that holds the separator needs quotes, a decimal comma another separator"
		if s.serial {
			what = "is beyond the last column that has a header"
		}
		return &CellError{Row: s.row, Column: letters(i), What: what}
	}
	return nil
}

// isHeader says whether a row is one of the header's again, as in files that were put together.
func (s *splitter) isHeader(cells [][]byte) bool {
	for _, names := range s.headers {
		if sameNames(names, cells) {
			return true
		}
	}
	return false
}

func sameNames(names []string, cells [][]byte) bool {
	some := false
	for i := range max(len(names), len(cells)) {
		cell, name := cellAt(cells, i), ""
		if i < len(names) {
			name = names[i]
		}
		if len(cell) == 0 && name == "" {
			continue
		}
		if len(cell) == 0 || name == "" || !mayBe(name, cell) || foldName(string(cell)) != name {
			return false
		}
		some = true
	}
	return some
}

// mayBe compares the ends of a cell with a folded name's, so that few cells are folded.
func mayBe(name string, cell []byte) bool {
	first, last := cell[0], cell[len(cell)-1]
	return first >= utf8.RuneSelf || last >= utf8.RuneSelf || lower(first) == name[0] && lower(last) == name[len(name)-1]
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
