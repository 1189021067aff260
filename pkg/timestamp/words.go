package timestamp

import "bytes"

// words reads a date with the English name of its month, its parts in any order in which programs print them: Mon, 30 Nov 2026
// 03:00:00 GMT; Monday, 30-Nov-26 03:00:00 GMT; Mon Nov 30 03:00:00 UTC 2026; Nov 30, 2026 3:00:00 AM; 30-Nov-2026, which is its midnight.
func (p *parser) words() bool {
	clock := false
	for {
		p.rest = bytes.TrimLeft(p.rest, " ,")
		switch {
		case len(p.rest) == 0:
			return p.month > 0 && p.day > 0 && p.year > 0
		case !isDigit(p.rest[0]):
			n := letters(p.rest)
			if n >= 3 && p.month == 0 && isDay(p.rest[:n]) {
				p.rest = p.rest[n:]
				continue
			}
			if month := monthOf(p.rest[:n]); month > 0 && p.month == 0 {
				p.month, p.rest = month, bytes.TrimLeft(p.rest[n:], "-.")
				continue
			}
			return clock && p.lastWords()
		case !clock && isClock(p.rest):
			if clock = p.clock(); !clock {
				return false
			}
		default:
			if !p.dayOrYear() {
				return false
			}
		}
	}
}

// dayOrYear reads the day, else the year, which may have two digits.
func (p *parser) dayOrYear() bool {
	n := 0
	for n < len(p.rest) && isDigit(p.rest[n]) {
		n++
	}
	switch {
	case n <= 2 && p.day == 0:
		if !p.digits(&p.day, 1, 2) {
			return false
		}
		p.rest = bytes.TrimPrefix(p.rest, []byte{'-'})
		return p.ends(" ,") || !isDigit(p.rest[0])
	case n == 4 && p.year == 0:
		return p.digits(&p.year, 4, 4) && p.ends(" ,")
	case n == 2 && p.year == 0 && p.month > 0: // RFC 822, of this century
		ok := p.digits(&p.year, 2, 2) && p.ends(" ,")
		p.year += 2000
		return ok
	}
	return false
}

// lastWords reads a zone, and the year if it is behind it.
func (p *parser) lastWords() bool {
	if p.year == 0 {
		at := bytes.LastIndexByte(p.rest, ' ')
		if at < 0 {
			return false
		}
		year := parser{rest: p.rest[at+1:]}
		if !year.digits(&p.year, 4, 4) || len(year.rest) > 0 {
			return false
		}
		p.rest = p.rest[:at]
	}
	return p.month > 0 && p.day > 0 && p.zone()
}

// isClock says whether a text begins with an hour.
func isClock(text []byte) bool {
	return len(text) > 2 && (text[1] == ':' || isDigit(text[1]) && text[2] == ':')
}

func letters(text []byte) int {
	n := 0
	for n < len(text) && isLetters(text[n:n+1]) {
		n++
	}
	return n
}

func isDay(word []byte) bool { return prefixOf(word, days[:]) > 0 }

func monthOf(word []byte) int { return prefixOf(word, months[:]) }

// prefixOf is the place, from 1, of the name that a word of three letters or more begins, 0: none.
func prefixOf(word []byte, names []string) int {
	if len(word) < 3 {
		return 0
	}
	for i, name := range names {
		if len(word) <= len(name) && bytes.EqualFold([]byte(name[:len(word)]), word) {
			return i + 1
		}
	}
	return 0
}

var days = [...]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

var months = [...]string{
	"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
}
