package table

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// gap is the number of blanks between two columns.
const gap = 2

// narrow is the width to which columns named by Cut are shortened, but not below their head's, before any other column is.
const narrow = 8

// fit reduces widths until a line fits the screen: first of the widest column named by Cut, then, if that is not enough, of
// the widest of all columns.
func (t *Table) fit(widths []int, screen int) {
	if screen == 0 {
		screen = Width
	}
	over := gap * (len(widths) - 1)
	for _, w := range widths {
		over += w
	}
	over -= screen
	least := func(i int) int {
		if t.cut[t.Head[i]] {
			return max(narrow, columns(t.Head[i]))
		}
		return widths[i]
	}
	for _, floor := range []func(i int) int{least, func(int) int { return 1 }} {
		for over > 0 {
			widest := -1
			for i, w := range widths {
				if w > floor(i) && (widest < 0 || w > widths[widest]) {
					widest = i
				}
			}
			if widest < 0 {
				break
			}
			widths[widest]--
			over--
		}
	}
}

// shorten cuts the middle out of a text that is wider than w: the beginning and the end of an id tell it from others.
func shorten(text string, w int) string {
	if columns(text) <= w {
		return text
	}
	front := w / 2
	var short strings.Builder
	used := 0
	for _, r := range text {
		if used+runeColumns(r) > front {
			break
		}
		short.WriteRune(r)
		used += runeColumns(r)
	}
	runes := []rune(text)
	from, left := len(runes), w-1-used
	for from > 0 && left >= runeColumns(runes[from-1]) {
		from--
		left -= runeColumns(runes[from])
	}
	short.WriteString("…" + strings.TrimLeftFunc(string(runes[from:]), combines))
	return short.String()
}

// columns is how many columns of a terminal a text takes.
func columns(text string) (n int) {
	for _, r := range text {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	switch kind := width.LookupRune(r).Kind(); {
	case combines(r):
		return 0
	case kind == width.EastAsianWide, kind == width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// combines says whether a rune is drawn onto the one before it, and so takes no column.
func combines(r rune) bool { return unicode.In(r, unicode.Mn, unicode.Me) }
