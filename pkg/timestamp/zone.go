package timestamp

import (
	"bytes"
	"sync"
	"time"
)

// zone reads what says the zone, to the end of the text; nothing does not.
func (p *parser) zone() bool {
	if p.skip(":") && !p.next("Zz") { // 27.029:Z
		return false
	}
	for {
		blank := p.next(" \t")
		p.blanks()
		if len(p.rest) == 0 {
			return true
		}
		switch c := p.rest[0]; {
		case c == '(': // a script's own words for the zone
			return p.rest[len(p.rest)-1] == ')'
		case c == '[':
			name, rest, found := bytes.Cut(p.rest[1:], []byte{']'})
			if !found || !p.place(name) {
				return false
			}
			p.rest = rest
		case c == '+', c == '-', bytes.HasPrefix(p.rest, minus):
			if !p.shift() {
				return false
			}
		case isDigit(c) && blank && !p.zoned: // a form made a blank of the plus
			if !p.lostPlus() {
				return false
			}
		default:
			n := letters(p.rest)
			if n < len(p.rest) && p.rest[n] == '/' {
				n = placeEnd(p.rest)
			}
			if n == 0 || !p.named(p.rest[:n]) {
				return false
			}
			p.rest = p.rest[n:]
		}
	}
}

// placeEnd is the length of a name such as America/Port-au-Prince or Etc/GMT+3.
func placeEnd(text []byte) int {
	if n := bytes.IndexAny(text, " [("); n >= 0 {
		return n
	}
	return len(text)
}

// minus is the sign that ISO 8601 prefers to a hyphen.
var minus = []byte("\u2212")

// shift reads +01:00, +0100, +01, -05:30:00.
func (p *parser) shift() bool {
	if p.shifted || p.offset != 0 {
		return false
	}
	sign := 1
	switch {
	case p.skip("+"):
	case p.skip("-"):
		sign = -1
	default:
		sign, p.rest = -1, p.rest[len(minus):]
	}
	var hours, minutes, seconds int
	switch {
	case !p.digits(&hours, 1, 2):
		return false
	case p.skip(":"):
		if !p.digits(&minutes, 2, 2) || len(p.rest) > 0 && p.skip(":") && !p.digits(&seconds, 2, 2) {
			return false
		}
	case p.next("0123456789"):
		if !p.digits(&minutes, 2, 2) {
			return false
		}
	}
	if hours > 18 || minutes > 59 || seconds > 59 {
		return false
	}
	p.zoned, p.shifted, p.offset = true, true, sign*(hours*3600+minutes*60+seconds)
	return true
}

// lostPlus reads 01:00 behind a blank.
func (p *parser) lostPlus() bool {
	var hours, minutes int
	if !p.digits(&hours, 2, 2) || !p.skip(":") || !p.digits(&minutes, 2, 2) || hours > 18 || minutes > 59 {
		return false
	}
	p.zoned, p.shifted, p.offset = true, true, hours*3600+minutes*60
	return true
}

// named reads a zone's name: Z, UTC, an abbreviation, a place.
func (p *parser) named(name []byte) bool {
	if bytes.IndexByte(name, '/') > 0 {
		return p.place(name)
	}
	var room [8]byte
	if len(name) > len(room) || p.shifted {
		return len(name) <= len(room)
	}
	offset, known := abbreviation(upper(room[:0], name))
	if known {
		p.zoned, p.offset = true, offset
		return true
	}
	p.name = name
	return !p.zoned
}

// abbreviation is the offset of UTC's names and the zones of RFC 822, and of those that no other country calls so.
func abbreviation(name []byte) (offset int, ok bool) {
	hours := 0
	switch string(name) {
	case "Z", "UTC", "GMT", "UT", "WET":
	case "CET", "WEST":
		hours = 1
	case "CEST", "EET":
		hours = 2
	case "EEST", "MSK":
		hours = 3
	case "JST", "KST":
		hours = 9
	case "EDT":
		hours = -4
	case "EST", "CDT":
		hours = -5
	case "CST", "MDT":
		hours = -6
	case "MST", "PDT":
		hours = -7
	case "PST":
		hours = -8
	default:
		return 0, false
	}
	return hours * 3600, true
}

// place reads Area/City. Beside an offset it says nothing new.
func (p *parser) place(name []byte) bool {
	if p.zoned {
		return true
	}
	p.location = locations.find(name)
	return p.location != nil
}

// locations are the zones that were asked for by name.
var locations = zones{byName: map[string]*time.Location{}}

type zones struct {
	mu     sync.RWMutex
	byName map[string]*time.Location // nil: there is none of that name
}

// maxZones bounds what is kept: there are about 600 names.
const maxZones = 1024

func (z *zones) find(name []byte) *time.Location {
	z.mu.RLock()
	at, known := z.byName[string(name)]
	z.mu.RUnlock()
	if known {
		return at
	}
	if len(name) == 0 || len(name) > 40 || string(name) == "Local" {
		return nil
	}
	at, err := time.LoadLocation(string(name))
	if err != nil {
		at = nil
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	if len(z.byName) < maxZones {
		z.byName[string(name)] = at
	}
	return at
}

func upper(dst, text []byte) []byte {
	for _, c := range text {
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

func isLetters(text []byte) bool {
	for _, c := range text {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return len(text) > 0
}
