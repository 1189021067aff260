// Package table prints rows for people: aligned columns of a screen's width, colored on a terminal. Every command that lists
// something uses it. It refuses to print for programs: those get JSON, where nothing is cut.
package table

import (
	"fmt"
	"io"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/visible"
)

// Color of a cell.
type Color string

// The colors, as ANSI codes.
const (
	Plain  Color = ""
	Green  Color = "32"
	Yellow Color = "33"
	Red    Color = "31"
	Dim    Color = "2"
	Bold   Color = "1"
)

// Cell is a text and its color.
type Cell struct {
	Text  string
	Color Color
}

// Screen is where a table is shown.
type Screen struct {
	Width int // columns; Width if it is 0
	Color bool
}

// Width is the number of columns that every screen is taken to have at least.
const Width = 80

// Table is a header and rows.
type Table struct {
	Head []string
	Rows [][]Cell

	cut map[string]bool
}

// New returns a table with the columns of head.
func New(head ...string) *Table { return &Table{Head: head, cut: map[string]bool{}} }

// Cut names the columns that lose the middle of their texts where the screen is too narrow: those of ids and names.
func (t *Table) Cut(heads ...string) *Table {
	for _, h := range heads {
		t.cut[h] = true
	}
	return t
}

// Add appends a row of plain cells; a Cell argument keeps its color.
func (t *Table) Add(cells ...any) {
	row := make([]Cell, len(cells))
	for i, c := range cells {
		if cell, ok := c.(Cell); ok {
			row[i] = cell
			continue
		}
		row[i] = Cell{Text: fmt.Sprint(c)}
	}
	t.Rows = append(t.Rows, row)
}

// Write prints the table. No line is wider than the screen, and none is wrapped.
func (t *Table) Write(w io.Writer, s Screen) error {
	head := make([]Cell, len(t.Head))
	for i, h := range t.Head {
		head[i] = Cell{h, Bold}
	}
	rows := append([][]Cell{head}, t.Rows...)
	widths := make([]int, len(t.Head))
	for _, row := range rows {
		for i := range row {
			row[i].Text = visible.Text(row[i].Text) // before it is measured
			widths[i] = max(widths[i], columns(row[i].Text))
		}
	}
	t.fit(widths, s.Width)
	var b strings.Builder
	for _, row := range rows {
		var line strings.Builder
		for i, c := range row {
			text := shorten(c.Text, widths[i])
			line.WriteString(string(Paint(text, c.Color, s.Color)))
			if i < len(row)-1 {
				line.WriteString(strings.Repeat(" ", gap+widths[i]-columns(text)))
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	if err != nil {
		return fmt.Errorf("printing the table: %w", err)
	}
	return nil
}

// Painted is a text that may be printed as it is: what is in it from outside is visible, and its escapes are colors of ours.
type Painted string

// Paint colors a text.
func Paint(text string, c Color, color bool) Painted {
	text = visible.Text(text)
	if !color || c == Plain || text == "" {
		return Painted(text)
	}
	return Painted("\x1b[" + string(c) + "m" + text + "\x1b[0m")
}
