package mapfile

import (
	"strconv"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/identity"
)

// maxColumns is what a spreadsheet has (XFD).
const maxColumns = 16384

// column says where a value stands: by name, by index, or by a path into JSON.
type column struct {
	name  string // header text, folded; "": by index
	title string // the same as the mapping file spells it
	index int
	path  []step // JSON mappings
	form  identity.Form
}

// label is how errors name the column: its letter and, if known, its header.
func (c column) label(h *header) string {
	if c.path != nil {
		return ""
	}
	index := c.index
	if c.name != "" {
		index = -1
		if h != nil {
			index = h.find(c.name)
		}
	}
	if index < 0 {
		return c.title
	}
	title := c.title
	switch {
	case h != nil && index < len(h.titles) && h.titles[index] != "":
		title = h.titles[index]
	case title == "" && h != nil && index < len(h.names):
		title = h.names[index]
	}
	if title == "" {
		return letters(index)
	}
	return letters(index) + " (" + title + ")"
}

// letters writes a zero-based index as spreadsheets do: 0 is A, 26 is AA.
func letters(index int) string {
	s := ""
	for n := index + 1; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}

// parseLetters is the reverse; -1 if it is none.
func parseLetters(s string) int {
	s = strings.ToUpper(strings.TrimSpace(s))
	if s == "" || len(s) > 3 {
		return -1
	}
	n := 0
	for _, b := range []byte(s) {
		if b < 'A' || b > 'Z' {
			return -1
		}
		n = n*26 + int(b-'A'+1)
	}
	if n > maxColumns {
		return -1
	}
	return n - 1
}

// parseIndex reads a zero-based index; -1 if it is none.
func parseIndex(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n >= maxColumns {
		return -1
	}
	return n
}
