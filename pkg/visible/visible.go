// Package visible shows text that came from outside so that it is text and nothing else: what a terminal obeys, what turns
// the direction of reading, what begins a new line and what nobody sees stands there as an escape. All that omnicapi prints
// for people, and all that a service logs, goes through it. It refuses to shorten or to judge a text.
package visible

import (
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is a text on one line.
func Text(text string) string { return escaped(text, "") }

// Lines is Text for a text of ours that has several lines and may quote something from outside.
func Lines(text string) string { return escaped(text, "\n\t") }

// JSON is JSON for a screen: its texts have escapes that JSON need not have. It is the same value as before.
func JSON(text []byte) []byte {
	for _, b := range text {
		if b >= utf8.RuneSelf || b == 0x7f {
			return []byte(escaped(string(text), "\n\t\r"))
		}
	}
	return text
}

// Writer hands on JSON, each write a whole document or more, for a screen.
func Writer(w io.Writer) io.Writer { return writer{w} }

type writer struct{ to io.Writer }

// Write implements io.Writer.
func (w writer) Write(p []byte) (int, error) {
	if _, err := w.to.Write(JSON(p)); err != nil {
		return 0, err //nolint:wrapcheck // it stands in for the other
	}
	return len(p), nil
}

// escaped writes what is not seen, but for what is kept, as escapes that JSON has, too, where JSON can hold it at all.
func escaped(text, keep string) string {
	if !strings.ContainsFunc(text, isHidden) {
		return text // U+FFFD is hidden: it stands for a byte that is no text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, n := utf8.DecodeRuneInString(text)
		one := text[:n]
		text = text[n:]
		switch {
		case r == utf8.RuneError && n == 1:
			b.WriteString(`\x` + hex(uint64(one[0]), 2))
		case r == utf8.RuneError, !isHidden(r), r < utf8.RuneSelf && strings.IndexByte(keep, byte(r)) >= 0:
			b.WriteString(one)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r <= 0xffff:
			b.WriteString(`\u` + hex(uint64(r), 4))
		default: // a pair of surrogates, as JSON has it
			r -= 0x10000
			b.WriteString(`\u` + hex(uint64(0xd800+r>>10), 4) + `\u` + hex(uint64(0xdc00+r&0x3ff), 4))
		}
	}
	return b.String()
}

func hex(n uint64, width int) string {
	s := strconv.FormatUint(n, 16)
	return strings.Repeat("0", width-len(s)) + s
}

// isHidden says whether a terminal does not draw a rune: controls of C0 and C1, marks of direction, spaces of no width,
// separators of lines and paragraphs, spaces that look like another, letters that are blank.
func isHidden(r rune) bool {
	switch {
	case r >= ' ' && r < 0x7f:
		return false
	case r == utf8.RuneError:
		return true
	case isBlank(r), r >= 0xfe00 && r <= 0xfe0f && r != 0xfe0f, r >= 0xe0100 && r <= 0xe01ef: // variation selectors, but the one of emoji
		return true
	}
	return !unicode.IsPrint(r)
}

// isBlank knows the letters and marks that are drawn as nothing.
func isBlank(r rune) bool {
	switch r {
	case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0:
		return true
	}
	return false
}
