package mapfile

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
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

// receiptOf is what beside the order tells an item's receipt from others: its group_by cells.
func (m *Mapping) receiptOf(item []byte) string {
	h, err := m.headerOf(jsonscan.Get(item, "columns"))
	if err != nil {
		return ""
	}
	var cells [][]byte
	jsonscan.Array(jsonscan.Get(item, "lines"), func(line []byte) bool {
		jsonscan.Array(line, func(cell []byte) bool {
			cells = append(cells, jsonscan.Text(cell, nil))
			return true
		})
		return false
	})
	return string(m.appendReceipt(nil, h, cells))
}

func (m *Mapping) appendReceipt(d []byte, h *header, cells [][]byte) []byte {
	for _, at := range h.group {
		isOrder := false
		for i := range m.fields {
			isOrder = isOrder || h.fields[i] == at && m.fields[i].target.path == "custom_data.order_id"
		}
		if !isOrder && at < len(cells) && len(cells[at]) > 0 {
			d = append(append(d, 0), cells[at]...)
		}
	}
	return d
}

// orders remembers the orders of a file's rows, each with its cells.
type orders struct {
	known memory // by what names the event
	rows  memory // with its cells
	key   []byte
}

// sameOrder refuses a row that would be the same event as an earlier one though it says something else: one of them would
// be lost without a word. The same row again is a repeat.
func (s *splitter) sameOrder(cells [][]byte) *CellError {
	order := s.m.at("custom_data.order_id")
	if order == nil || len(s.cell(cells, order)) == 0 {
		return nil
	}
	if id := s.m.find(eventID); id != nil && len(s.cell(cells, id)) > 0 {
		return nil
	}
	o := &s.orders
	o.key = append(append(o.key[:0], s.cell(cells, s.m.find(eventName))...), 0)
	for _, part := range orderParts {
		o.key = append(append(o.key, s.cell(cells, s.m.at("custom_data."+part))...), 0)
	}
	o.key = s.m.appendReceipt(o.key, s.header, cells)
	known := o.known.count(o.key) > 0
	if !known {
		o.known.add(o.key)
	}
	o.key = appendLine(o.key, cells)
	if known && o.rows.count(o.key) == 0 {
		return &CellError{
			Row: s.row, Column: order.from.label(s.header), Field: order.target.path,
			What: "is that of an earlier row that says something else: group_by joins the rows of an order, item_number tells them apart",
		}
	}
	o.rows.add(o.key)
	return nil
}

// at is the field of a target, nil if it is not mapped.
func (m *Mapping) at(path string) *field {
	for i := range m.fields {
		if m.fields[i].target.path == path {
			return &m.fields[i]
		}
	}
	return nil
}
