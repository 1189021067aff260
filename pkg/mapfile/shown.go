package mapfile

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/omnicapi/omnicapi/pkg/identity"
)

// A spreadsheet's number is shown by a format, and where the format adds what was there (00000 shows the postcode 2139 as
// 02139, 000-00-0000 an account's number, "K-"0 a customer's) the text that people see is the value. Where it only writes the
// number otherwise (#,##0.00, 0 %, $) the number is. Money, quantities and times are read as they are stored.

// maxFormat is what Excel takes of a format, in bytes; a longer one would make many texts of one number.
const maxFormat = 255

// showing says which formats of a workbook make texts of numbers.
type showing struct{ padded, dated bool }

// formatsOf looks through the formats that cells may have.
func formatsOf(f *excelize.File) (s showing) {
	_, _ = f.GetStyle(-1) // reads the styles; there is none of that number
	if f.Styles == nil || f.Styles.CellXfs == nil {
		return showing{}
	}
	codes := make(map[int]string)
	if f.Styles.NumFmts != nil {
		for _, n := range f.Styles.NumFmts.NumFmt {
			if n == nil {
				continue
			}
			if len(n.FormatCode) > maxFormat || len(n.FormatCode16) > maxFormat {
				return showing{}
			}
			codes[n.NumFmtID] = n.FormatCode
		}
	}
	for _, xf := range f.Styles.CellXfs.Xf {
		if xf.NumFmtID == nil {
			continue
		}
		id := *xf.NumFmtID
		code, own := codes[id]
		s.padded = s.padded || own && isPadded(code)
		s.dated = s.dated || own && isDated(code) || id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
	}
	return s
}

// texts are the columns of a file that count as they are shown: those that fill texts, and nothing else.
func (m *Mapping) texts(h *header) []bool {
	var columns []bool
	mark := func(at int, is bool) {
		for at >= len(columns) {
			columns = append(columns, false)
		}
		if at >= 0 {
			columns[at] = is
		}
	}
	for i, at := range h.fields {
		if m.fields[i].target.isText() {
			mark(at, true)
		}
	}
	for _, at := range h.group {
		mark(at, true)
	}
	for i, at := range h.fields {
		if !m.fields[i].target.isText() {
			mark(at, false)
		}
	}
	return columns
}

// isText says whether the target takes a text.
func (t *target) isText() bool {
	switch t.kind {
	case eventTime, optOut, optionsCountry, optionsState, customValue, customNumber, contentQuantity, contentPrice, contentNumber,
		advertiserTracking, applicationTracking:
		return false
	case matchKey:
		return t.key != identity.Db // a date is read as it is stored
	}
	return true
}

// hasOwnTexts says whether the mapping fills texts that may be dates.
func (m *Mapping) hasOwnTexts() bool {
	for i := range m.fields {
		switch t := &m.fields[i].target; t.kind {
		case customText, contentText, appText:
			if !t.id {
				return true
			}
		}
	}
	return false
}

// isPadded says whether a format shows more digits than a number has, or other text.
func isPadded(code string) bool {
	marks, literals := marksOf(code)
	if strings.ContainsAny(code, "<>=") { // conditions, which excelize passes over
		return false
	}
	return !strings.ContainsAny(marks, ".,%?E/") && !isDated(code) &&
		(strings.Count(marks, "0") > 1 || strings.ContainsAny(marks, "0#") && literals)
}

func isDated(code string) bool {
	marks, _ := marksOf(code)
	return strings.ContainsAny(strings.ToLower(marks), "ymdhs") && !strings.Contains(marks, "General")
}

// marksOf is the first section of a format without its literal texts, colors and conditions.
func marksOf(code string) (marks string, literals bool) {
	var b strings.Builder
	for i := 0; i < len(code); i++ {
		var end int
		switch code[i] {
		case ';':
			return b.String(), literals
		case '"':
			end = strings.IndexByte(code[i+1:], '"')
			literals = literals || end > 0
		case '[':
			end = strings.IndexByte(code[i+1:], ']')
		case '\\', '_', '*':
			literals = literals || code[i] == '\\'
			i++
			continue
		default:
			b.WriteByte(code[i])
			literals = literals || code[i] == '+' || code[i] == '-' || code[i] == '('
			continue
		}
		if end < 0 {
			break
		}
		i += end + 1
	}
	return b.String(), literals
}

// asShown is the text that a cell counts as, of what is stored and what is shown.
func asShown(stored, shown []byte) []byte {
	if len(shown) == 0 || bytes.Equal(stored, shown) || bytes.EqualFold(shown, []byte("true")) || bytes.EqualFold(shown, []byte("false")) {
		return stored
	}
	if _, err := strconv.ParseFloat(string(stored), 64); err != nil {
		return stored // a text
	}
	if isOtherNumber(stored, shown) {
		return stored
	}
	return shown
}

// isOtherNumber says whether a text is the number that is stored, written otherwise: grouped, rounded, with a currency or an
// exponent. 02139, 012-34-5678, +49171234567, 23.11.2026 and K-7 are not.
func isOtherNumber(stored, shown []byte) bool {
	var digits []byte
	var points, others int
	for i, b := range shown {
		switch {
		case isDigit(b):
			digits = append(digits, b)
		case b == '%' || b == '$' || b == ',' || b >= utf8.RuneSelf:
			return true
		case b == '.':
			points++
		case b == ' ' || i == 0 && b == '-' || i == len(shown)-1 && b == '-':
		case b == '+' || b == '(' || b == ')':
			others++
		default: // letters, slashes, a dash within
			_, err := strconv.ParseFloat(string(shown), 64)
			return err == nil
		}
	}
	switch {
	case points > 1:
		return false
	case points == 1 || !allDigits(stored) || !bytes.HasSuffix(digits, stored):
		return true
	}
	return len(digits) == len(stored) && others == 0
}
