package mapfile

import (
	"strings"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/nothing"
	"github.com/omnicapi/omnicapi/pkg/number"
)

// orderParts are the members of custom_data that say which sale a row is: a receipt's number may count anew in each store,
// and its lines may be events of their own.
var orderParts = [...]string{"order_id", "item_number", "store", "store_id", "store_number"}

// orderKey is the key of an event that has an order id, "" of others.
func orderKey(e *capi.Event) string {
	var parts [len(orderParts)][]byte
	for _, member := range e.Custom.Members {
		for i, part := range orderParts {
			if string(member.Key) == part {
				parts[i] = jsonscan.Text(member.Value, nil)
			}
		}
	}
	if len(parts[0]) == 0 {
		return ""
	}
	key := append(append(append([]byte{}, parts[0]...), 0), e.Name...)
	for i, part := range parts[1:] {
		if len(part) > 0 {
			key = append(append(key, 0), orderParts[i+1]...)
			key = append(append(key, 0), part...)
		}
	}
	return string(key)
}

// receiptOf returns an item's group_by cells other than its order id: they tell receipts of one order id apart.
func (m *Mapping) receiptOf(item []byte) string {
	h, err := m.headerOf(jsonscan.Get(item, memberColumns))
	if err != nil {
		return ""
	}
	var cells [][]byte
	jsonscan.Array(jsonscan.Get(item, MemberLines), func(line []byte) bool {
		jsonscan.Array(line, func(cell []byte) bool {
			cells = append(cells, jsonscan.Text(cell, nil))
			return true
		})
		return false
	})
	return string(h.appendReceipt(nil, cells))
}

func (h *header) appendReceipt(d []byte, cells [][]byte) []byte {
	for _, at := range h.receipt {
		if text := cellAt(cells, at); !nothing.IsID(text) {
			d = append(append(d, 0), text...)
		}
	}
	return d
}

// cellAt is a row's cell, nil if it has none.
func cellAt(cells [][]byte, at int) []byte {
	if at < 0 || at >= len(cells) {
		return nil
	}
	return cells[at]
}

// orders knows the orders of the last rows of a file, and their cells.
type orders struct {
	parts [len(orderParts)]int // columns of orderParts, -1: not mapped
	known recent               // orders by what identifies the event
	rows  recent               // the same with the row's cells
	key   []byte
}

// column returns the column of a target's field in a file, -1 if it has none.
func (s *splitter) column(field int) int {
	if field < 0 {
		return -1
	}
	return s.header.fields[field]
}

// readOrders finds the columns once the header is known.
func (s *splitter) readOrders() {
	for i, part := range orderParts {
		s.orders.parts[i] = s.column(s.m.at(part))
	}
}

// sameOrder refuses a row that would get the event_id of an earlier row but differs from it: Meta would drop one of the two
// silently. An equal row is a repeat, and is taken.
func (s *splitter) sameOrder(cells [][]byte) *CellError {
	o := &s.orders
	if nothing.IsID(cellAt(cells, o.parts[0])) {
		return nil
	}
	if id := s.m.find(eventID); id != nil && !nothing.IsID(s.cell(cells, id)) {
		return nil
	}
	o.key = append(append(o.key[:0], s.cell(cells, s.m.find(eventName))...), 0)
	for i, at := range o.parts {
		part, ok := append(o.key, cellAt(cells, at)...), true
		if i == 0 {
			part, ok = number.AppendIdentifier(o.key, cellAt(cells, at))
		}
		if !ok {
			return nil // an order's number that lost digits is none
		}
		o.key = append(part, 0)
	}
	o.key = s.header.appendReceipt(o.key, cells)
	name := len(o.key)
	o.key = appendLine(o.key, cells)
	if o.known.count(o.key[:name]) > 0 && o.rows.count(o.key) == 0 {
		f := &s.m.fields[s.m.at(orderParts[0])]
		return &CellError{
			Row: s.row, Column: f.from.label(s.header), Field: f.target.path,
			What: "is that of an earlier row that says something else: group_by joins the rows of an order, item_number tells them apart",
		}
	}
	o.known.add(o.key[:name]) // to both, so that both forget a row at the same time
	o.rows.add(o.key)
	return nil
}

// at returns the index of the field of a member of custom_data, -1 if it is not mapped.
func (m *Mapping) at(member string) int {
	for i := range m.fields {
		if rest, found := strings.CutPrefix(m.fields[i].target.path, "custom_data."); found && rest == member {
			return i
		}
	}
	return -1
}
