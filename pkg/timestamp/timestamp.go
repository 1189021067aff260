// Package timestamp reads when something happened, as programs, databases and people write it. Ingest, the mappers, the mapping
// files and the command read times by it, so that what is taken at the door is read behind it. It refuses to guess: a day
// that may be a month (11/12/2026), a zone that several countries call so.
package timestamp

import (
	"bytes"
	"time"
)

// longest bounds a time's text: a script's with the long name of its zone.
const longest = 100

// Read reads a time as Unix seconds:
//   - a number of seconds, milliseconds, microseconds or nanoseconds, which its size tells apart, also with a fraction or an
//     exponent, and as .NET has it, /Date(1796007600000)/; but 8, 12, 14 or 17 digits that are a day of 1970 to 2099 are that
//     day (20261130, 20261130030000), which as a number would be no time of our days;
//   - ISO 8601 and RFC 3339, also with a blank for T or small letters, without seconds, without separators, with a comma
//     before the fraction, AM or PM; a day alone is its midnight;
//   - dates with an English name of the month: RFC 1123, 850, 822 and 2822, and as Java, JavaScript, C and Ruby print them.
//
// The zone is an offset (+01:00 +0100 +01), Z, UTC, GMT, a name in brackets or behind a blank ([Europe/Berlin]), or an abbreviation
// of RFC 822; an offset counts before a name. A time without one is in zone; nil: UTC. ok is false for what is none of these,
// for the time 0 by which programs mean none, and outside of the years 1970 to 9999.
func Read(text []byte, zone *time.Location) (unix int64, ok bool) {
	ms, ok := ReadMillis(text, zone)
	return ms / 1000, ok
}

// ReadMillis is Read in milliseconds.
func ReadMillis(text []byte, zone *time.Location) (ms int64, ok bool) {
	text = bytes.TrimSpace(text)
	if len(text) == 0 || len(text) > longest {
		return 0, false
	}
	p := parser{rest: text}
	if len(text) > 4 && text[4] == '-' {
		if p.usual() {
			return p.millis(zone)
		}
	} else {
		switch len(text) {
		case 8, 12, 14, 17:
			if p.compact() {
				return p.millis(zone)
			}
		}
		if ms, ok = count(text); ok {
			return ms, true
		}
	}
	p = parser{rest: text}
	if isDigit(text[0]) && p.isoDate() {
		ok = p.isoClock()
	} else {
		p = parser{rest: text}
		ok = p.words()
	}
	if !ok {
		return 0, false
	}
	return p.millis(zone)
}

// parser is the text that is still to be read, and what was read.
type parser struct {
	rest []byte

	year, month, day     int
	hour, minute, second int
	ms                   int

	offset   int // seconds east of Greenwich
	zoned    bool
	shifted  bool           // by an offset, beside which a name says nothing new
	location *time.Location // named; nil: none
	name     []byte         // an abbreviation that only the source's zone can explain
}

// millis is the time that was read.
func (p *parser) millis(zone *time.Location) (int64, bool) {
	if !p.possible() {
		return 0, false
	}
	seconds := int64(daysSince1970(p.year, p.month, p.day)*24*60*60 + p.hour*60*60 + p.minute*60 + p.second - p.offset)
	if p.location != nil {
		zone = p.location
	}
	if zone != nil && !p.zoned {
		at := time.Date(p.year, time.Month(p.month), p.day, p.hour, p.minute, p.second, 0, zone)
		seconds = at.Unix()
		if name, _ := at.Zone(); len(p.name) > 0 && !bytes.EqualFold([]byte(name), p.name) {
			return 0, false
		}
	} else if len(p.name) > 0 {
		return 0, false
	}
	return seconds*1000 + int64(p.ms), seconds > 0
}

// skip skips a byte of a set; false: the next one is none.
func (p *parser) skip(set string) bool {
	if len(p.rest) == 0 || bytes.IndexByte([]byte(set), p.rest[0]) < 0 {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *parser) blanks() {
	p.rest = bytes.TrimLeft(p.rest, " \t")
}

// digits reads a number of least to most digits; false: there is none of that length.
func (p *parser) digits(dst *int, least, most int) bool {
	n, v := 0, 0
	for n < len(p.rest) && n < most && isDigit(p.rest[n]) {
		v = v*10 + int(p.rest[n]-'0')
		n++
	}
	if n < least {
		return false
	}
	*dst, p.rest = v, p.rest[n:]
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
