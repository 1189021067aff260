package mapfile

import (
	"bytes"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/nothing"
	"github.com/omnicapi/omnicapi/pkg/number"
)

const (
	maxLines = 1000    // of one receipt
	maxItem  = 1 << 20 // bytes of one
)

// grouping is the receipt whose rows are being joined, and those that ended.
type grouping struct {
	key     []byte
	item    []byte
	cells   int // where the lines begin in item
	first   int
	last    int
	lines   int
	open    bool
	bad     bool // rows of key are refused, since its first row was
	tooLong bool
	wrong   *CellError // of one of its rows
	ended   recent     // keys of receipts that ended
	alike   recent     // items by the text of their rows
}

// rowKind says how a row relates to the receipts before it: it begins one, goes on with the open one or with one that was
// refused, or belongs to a receipt that had ended (its rows do not stand together).
type rowKind uint8

const (
	firstRow rowKind = iota
	nextRow
	nextOfRefused
	splitReceipt
)

func (g *grouping) kindOf(key []byte) rowKind {
	switch {
	case key == nil:
		return firstRow
	case bytes.Equal(key, g.key) && g.open:
		return nextRow
	case bytes.Equal(key, g.key) && g.bad:
		return nextOfRefused
	case g.ended.count(key) > 0:
		return splitReceipt
	}
	return firstRow
}

func (g *grouping) refused(key []byte) {
	g.key, g.bad, g.open = append(g.key[:0], key...), key != nil, false
}

// groupKey is the text of the group_by columns; nil without group_by, or where none of them tells receipts apart: such a row
// is an item of its own. A time or a store tells them apart only where group_by has nothing else.
func (s *splitter) groupKey(cells [][]byte) []byte {
	var key []byte
	found := false
	for i, at := range s.header.group {
		if text := cellAt(cells, at); !nothing.IsID(text) {
			found = found || s.header.telling[i]
			if whole, ok := number.AppendIdentifier(key, text); ok { // 1001.0 is 1001
				key = whole
			} else {
				key = append(key, text...)
			}
		}
		key = append(key, 0)
	}
	if !found {
		return nil
	}
	return key
}

// begin starts an item with its first row.
func (s *splitter) begin(key []byte, cells [][]byte) {
	g := &s.group
	g.key, g.open, g.bad, g.tooLong, g.wrong = append(g.key[:0], key...), true, false, false, nil
	g.first, g.last, g.lines = s.row, s.row, 1
	item := make([]byte, 0, 512)
	item = append(item, `{"`+MemberRow+`":`...)
	item = strconv.AppendInt(item, int64(s.row), 10)
	if s.header.raw != nil {
		item = append(append(item, `,"`+memberColumns+`":`...), s.header.raw...)
	}
	if s.serial {
		item = append(item, `,"`+memberSerial+`":true`...)
	}
	if s.date1904 {
		item = append(item, `,"`+member1904+`":true`...)
	}
	item = append(item, `,"`+MemberLines+`":[`...)
	g.cells = len(item)
	g.item = appendLine(item, cells)
	g.tooLong = len(g.item) > maxItem
	if key != nil {
		g.ended.add(key)
	}
}

// append adds a further row to the open item. A wrong one spoils the receipt: without it another sale would be sent.
func (s *splitter) append(cells [][]byte, wrong *CellError) {
	g := &s.group
	g.last = s.row
	if g.wrong == nil {
		g.wrong = wrong
	}
	if g.lines++; g.lines > maxLines || len(g.item) > maxItem {
		g.tooLong = true
		return
	}
	g.item = appendLine(append(g.item, ','), cells)
}

// flush yields the item that is open.
func (s *splitter) flush() {
	g := &s.group
	if !g.open {
		return
	}
	g.open = false
	if s.stopped {
		return
	}
	row := Row{Number: g.first, Last: g.last}
	if g.wrong != nil {
		row.Number, row.Err = g.wrong.Row, g.wrong
	} else if g.tooLong {
		row.Err = &CellError{Row: g.first, What: "begins a receipt of more than 1000 lines or 1 MiB"}
	} else {
		row.Item = s.closeItem()
	}
	s.stopped = !s.yield(row)
}

// closeItem ends the open item. Where the file had the same rows before, it writes how often (again), so that two equal
// sales stay two events, whatever the order of the rows.
func (s *splitter) closeItem() []byte {
	g := &s.group
	before := g.alike.count(g.item[g.cells:])
	g.alike.add(g.item[g.cells:])
	item := append(g.item, ']')
	if before > 0 {
		item = strconv.AppendInt(append(item, `,"`+memberAgain+`":`...), int64(before), 10)
	}
	return append(item, '}')
}

// appendLine appends cells as a JSON array, without the empty ones at its end.
func appendLine(dst []byte, cells [][]byte) []byte {
	for len(cells) > 0 && len(cells[len(cells)-1]) == 0 {
		cells = cells[:len(cells)-1]
	}
	dst = append(dst, '[')
	for i, c := range cells {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = jsonscan.AppendString(dst, c)
	}
	return append(dst, ']')
}
