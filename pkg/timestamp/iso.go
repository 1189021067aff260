package timestamp

import "bytes"

// usual reads 2026-11-30T03:00:00 with or without a fraction, and Z, an offset or nothing, in place: most programs' way.
func (p *parser) usual() bool {
	t := p.rest
	if len(t) < len("2026-11-30T03:00:00") || t[4] != '-' || t[7] != '-' || t[10] != 'T' && t[10] != ' ' || t[13] != ':' || t[16] != ':' {
		return false
	}
	var worst byte
	pair := func(i int) int {
		tens, ones := t[i]-'0', t[i+1]-'0'
		worst = max(worst, tens, ones)
		return int(tens)*10 + int(ones)
	}
	p.year, p.month, p.day = pair(0)*100+pair(2), pair(5), pair(8)
	p.hour, p.minute, p.second = pair(11), pair(14), pair(17)
	p.rest = t[19:]
	if worst > 9 || !p.fraction() {
		return false
	}
	switch rest := p.rest; {
	case len(rest) == 0:
	case len(rest) == 1 && rest[0] == 'Z':
		p.zoned = true
	case len(rest) == len("+01:00") && (rest[0] == '+' || rest[0] == '-'):
		return p.shift() && len(p.rest) == 0
	default:
		return false
	}
	return true
}

// isoDate reads a day that begins with its year: 2026-11-30, 2026/11/30, 2026.11.30, 20261130.
func (p *parser) isoDate() bool {
	if !p.digits(&p.year, 4, 4) {
		return false
	}
	if len(p.rest) > 0 && (p.rest[0] == '-' || p.rest[0] == '/' || p.rest[0] == '.') {
		separator := string(p.rest[:1])
		return p.skip(separator) && p.digits(&p.month, 1, 2) && p.skip(separator) && p.digits(&p.day, 1, 2) && p.ends("Tt ")
	}
	return p.digits(&p.month, 2, 2) && p.digits(&p.day, 2, 2) && p.next("Tt ")
}

// compact reads a day and a clock of 8, 12, 14 or 17 digits alone: 20261130, 202611300300, 20261130030000, 20261130030000123. false: they are a
// count.
func (p *parser) compact() bool {
	if !isDigits(p.rest) || string(p.rest[:2]) != "19" && string(p.rest[:2]) != "20" {
		return false
	}
	return p.digits(&p.year, 4, 4) && p.digits(&p.month, 2, 2) && p.digits(&p.day, 2, 2) &&
		(len(p.rest) == 0 || p.digits(&p.hour, 2, 2) && p.digits(&p.minute, 2, 2)) &&
		(len(p.rest) == 0 || p.digits(&p.second, 2, 2)) &&
		(len(p.rest) == 0 || p.digits(&p.ms, 3, 3)) && p.possible()
}

// possible says whether there is such a day and such a clock.
func (p *parser) possible() bool {
	if p.year < 1970 || p.year > 9999 || p.hour > 24 || p.minute > 59 || p.second > 60 ||
		p.hour == 24 && (p.minute > 0 || p.second > 0 || p.ms > 0) {
		return false
	}
	return p.month >= 1 && p.month <= 12 && p.day >= 1 && p.day <= daysIn(p.month, p.year)
}

// daysIn is the number of days of a month.
func daysIn(month, year int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// daysSince1970 counts in years that begin in March, so that the leap day is their last.
func daysSince1970(year, month, day int) int {
	if month <= 2 {
		year--
		month += 12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 719469
}

// isoClock reads what follows a day: a clock and a zone, or nothing.
func (p *parser) isoClock() bool {
	if len(p.rest) == 0 {
		return true
	}
	if !p.skip("Tt") {
		p.blanks()
	}
	return p.clock() && p.zone()
}

// clock reads 03:00, 03:00:27.029, 3:00 PM, 0300, 030027.
func (p *parser) clock() bool {
	if !p.digits(&p.hour, 1, 2) {
		return false
	}
	if p.skip(":") {
		if !p.digits(&p.minute, 2, 2) {
			return false
		}
		if len(p.rest) > 1 && p.rest[0] == ':' && isDigit(p.rest[1]) {
			p.rest = p.rest[1:]
			if !p.digits(&p.second, 2, 2) || !p.fraction() {
				return false
			}
		}
	} else if !p.digits(&p.minute, 2, 2) || p.next("0123456789") && !p.digits(&p.second, 2, 2) || !p.fraction() {
		return false
	}
	return p.half()
}

// fraction reads what is behind a point or a comma.
func (p *parser) fraction() bool {
	if len(p.rest) == 0 || p.rest[0] != '.' && p.rest[0] != ',' {
		return true
	}
	p.rest = p.rest[1:]
	n := 0
	for n < len(p.rest) && isDigit(p.rest[n]) {
		n++
	}
	if n == 0 || n > 12 {
		return false
	}
	p.ms, p.rest = thousandths(p.rest[:n]), p.rest[n:]
	return true
}

// half reads AM or PM behind an hour of 1 to 12.
func (p *parser) half() bool {
	rest := bytes.TrimLeft(p.rest, " ")
	rest = bytes.TrimPrefix(rest, []byte("\u202f")) // scripts put it there
	if len(rest) < 2 || rest[1] != 'M' && rest[1] != 'm' || len(rest) > 2 && rest[2] != ' ' {
		return true
	}
	afternoon := rest[0] == 'P' || rest[0] == 'p'
	if !afternoon && rest[0] != 'A' && rest[0] != 'a' {
		return true
	}
	if p.hour < 1 || p.hour > 12 {
		return false
	}
	p.hour %= 12
	if afternoon {
		p.hour += 12
	}
	p.rest = rest[2:]
	return true
}

// next says whether the next byte is of a set.
func (p *parser) next(set string) bool {
	return len(p.rest) > 0 && bytes.IndexByte([]byte(set), p.rest[0]) >= 0
}

// ends says whether the text is at its end, or goes on with a byte of a set.
func (p *parser) ends(set string) bool { return len(p.rest) == 0 || p.next(set) }
