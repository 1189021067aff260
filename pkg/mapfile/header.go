package mapfile

import (
	"bytes"
	"slices"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// header is the columns' names of a file and where the mapping's columns stand in it.
type header struct {
	raw     []byte   // the names as a JSON array, as items carry it
	names   []string // folded
	titles  []string // as the file writes them; nil: not known
	fields  []int    // index of each field of the mapping
	group   []int
	telling []bool // of group: whether receipts differ in it
	receipt []int  // of group: all but the order id's
}

// foldName makes names comparable: trimmed, lower-case, inner white space as one space.
func foldName(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// joinHeader makes a column's name of several header rows: custom_data/contents/id. A merged cell has its text in its
// first column only: it holds for the columns to its right, up to the next text in its row or a row above. clean is what is
// done with each text.
func joinHeader(rows [][]string, clean func(string) string) []string {
	width := 0
	for _, r := range rows {
		width = max(width, len(r))
	}
	names := make([]string, width)
	carried := make([]string, len(rows))
	for c := range names {
		parts := make([]string, 0, len(rows))
		for r, row := range rows {
			text := ""
			if c < len(row) {
				text = clean(row[c])
			}
			if text != "" {
				carried[r] = text
				clear(carried[r+1:])
			} else if r < len(rows)-1 {
				text = carried[r]
			}
			if text != "" {
				parts = append(parts, text)
			}
		}
		names[c] = strings.Join(parts, "/")
	}
	return names
}

// find returns the index of a column by its whole name, or by an end of it (contents/id); -1 none, -2 several.
func (h *header) find(name string) int {
	found := -1
	for i, n := range h.names {
		if n != name {
			continue
		}
		if found >= 0 {
			return -2
		}
		found = i
	}
	if found >= 0 {
		return found
	}
	for i, n := range h.names {
		if !strings.HasSuffix(n, "/"+name) {
			continue
		}
		if found >= 0 {
			return -2
		}
		found = i
	}
	return found
}

// resolve finds the mapping's columns. The error names columns in the mapping file's words, all of them at once.
func (m *Mapping) resolve(names []string) (*header, error) {
	h := &header{names: names}
	var wrong []string
	say := func(what string) {
		if !slices.Contains(wrong, what) { // group_by names columns again
			wrong = append(wrong, what)
		}
	}
	at := func(c column) int {
		if c.name == "" {
			return c.index
		}
		i := h.find(c.name)
		switch i {
		case -1:
			say(`no column is named "` + c.title + `"`)
		case -2:
			say(`several columns are named "` + c.title + `"`)
		}
		return i
	}
	for _, f := range m.fields {
		h.fields = append(h.fields, at(f.from))
	}
	for _, c := range m.groupBy {
		column := at(c)
		h.group = append(h.group, column)
		if order := m.at(orderParts[0]); order < 0 || h.fields[order] != column {
			h.receipt = append(h.receipt, column)
		}
	}
	h.telling = m.telling(h)
	if len(wrong) > 0 {
		return nil, fileError(strings.Join(wrong, "; "))
	}
	if m.named {
		h.raw = append(h.raw, '[')
		for i, n := range names {
			if i > 0 {
				h.raw = append(h.raw, ',')
			}
			h.raw = jsonscan.AppendString(h.raw, []byte(n))
		}
		h.raw = append(h.raw, ']')
	}
	return h, nil
}

// telling says of each column of group_by whether receipts differ in it: all of them, if none seems to.
func (m *Mapping) telling(h *header) []bool {
	told := make([]bool, len(h.group))
	for i, at := range h.group {
		told[i] = true
		for f := range m.fields {
			told[i] = told[i] && (h.fields[f] != at || m.fields[f].target.tellsReceipts())
		}
	}
	if !slices.Contains(told, true) {
		for i := range told {
			told[i] = true
		}
	}
	return told
}

// headerOf returns the header of an item's columns member; usually it is the last one again.
func (m *Mapping) headerOf(raw []byte) (*header, error) {
	last := m.header.Load()
	if last != nil && bytes.Equal(last.raw, raw) {
		return last, nil
	}
	var names []string
	if raw != nil {
		jsonscan.Array(raw, func(v []byte) bool {
			names = append(names, foldName(string(jsonscan.Text(v, nil))))
			return true
		})
	}
	h, err := m.resolve(names)
	if err != nil {
		return nil, err
	}
	h.raw = bytes.Clone(raw)
	m.header.Store(h)
	return h, nil
}
