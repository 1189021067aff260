package mapfile

import "github.com/omnicapi/omnicapi/pkg/number"

// isMoney says whether the target is an amount of money.
func (t *target) isMoney() bool {
	switch t.kind {
	case customValue, contentPrice, contentNumber:
		return true
	case customNumber:
		return string(t.name) != "num_items"
	}
	return false
}

// misread refuses a row of a file in which an amount of money cannot be read, or can be read as two: whoever made the file
// can say which. Left out, the sale would be one of nothing.
func (s *splitter) misread(cells [][]byte) *CellError {
	for i := range s.m.fields {
		f := &s.m.fields[i]
		if !f.target.money {
			continue
		}
		text := cellAt(cells, s.header.fields[i])
		if len(text) == 0 || f.target.isNothing(text) {
			continue
		}
		what := ""
		switch _, ok := s.m.format.appendNumber(s.number[:0], text, false, s.serial); {
		case isFormulaError(text):
			what = "is a formula's error"
		case !ok && s.m.format.decimal == 0 && isAmbiguous(text):
			what = `can be read as two amounts: format.decimal says which, "." or ","`
		case !ok:
			what = "is no amount that can be read by the file's decimal"
		}
		if what != "" {
			return &CellError{Row: s.row, Column: f.from.label(s.header), Field: f.target.path, What: what}
		}
	}
	return nil
}

// isAmbiguous says whether a text is an amount by a decimal point and by a decimal comma, too.
func isAmbiguous(text []byte) bool {
	_, point := number.AppendDecimal(nil, text, '.')
	_, comma := number.AppendDecimal(nil, text, ',')
	return point && comma
}
