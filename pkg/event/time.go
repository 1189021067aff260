package event

import "time"

// parseTime reads RFC 3339. Our own form, UTC with milliseconds, is read in place; anything else by the library.
func parseTime(s []byte) (time.Time, bool) {
	if len(s) == len("2006-01-02T15:04:05.000Z") && s[19] == '.' && s[23] == 'Z' && s[10] == 'T' &&
		s[4] == '-' && s[7] == '-' && s[13] == ':' && s[16] == ':' {
		d := digits{s: s}
		year, month, day := d.two(0)*100+d.two(2), d.two(5), d.two(8)
		hour, minute, second := d.two(11), d.two(14), d.two(17)
		ms := d.two(20)*10 + d.one(22)
		if d.worst <= 9 && hour < 24 && minute < 60 && second < 60 && year >= 1 &&
			1 <= day && day <= daysIn(month, year) { // no 31 February
			s := int64(daysSince1970(year, month, day)*24*60*60 + hour*60*60 + minute*60 + second)
			return time.Unix(s, int64(ms)*int64(time.Millisecond)).UTC(), true
		}
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, string(s))
	if err != nil || t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, false
	}
	return t.UTC(), true
}

// daysIn is the number of days of a month, 0 if there is no such month.
func daysIn(month, year int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	case 1, 3, 5, 7, 8, 10, 12:
		return 31
	}
	return 0
}

// daysSince1970 counts in years that begin in March, so that the leap day is their last.
func daysSince1970(year, month, day int) int {
	if month <= 2 {
		year--
		month += 12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 719469
}

// appendStamp appends a time in our own form, UTC with milliseconds.
func appendStamp(dst []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	if year < 0 || year > 9999 {
		return t.AppendFormat(dst, timeLayout)
	}
	hour, minute, second := t.Clock()
	ms := t.Nanosecond() / int(time.Millisecond)
	dst = append(dst, byte('0'+year/1000), byte('0'+year/100%10), byte('0'+year/10%10), byte('0'+year%10), '-')
	dst = append(dst, byte('0'+month/10), byte('0'+month%10), '-', byte('0'+day/10), byte('0'+day%10), 'T')
	dst = append(dst, byte('0'+hour/10), byte('0'+hour%10), ':', byte('0'+minute/10), byte('0'+minute%10), ':')
	dst = append(dst, byte('0'+second/10), byte('0'+second%10), '.')
	return append(dst, byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10), 'Z')
}

// digits reads decimal digits; worst is over 9 if a byte was no digit.
type digits struct {
	s     []byte
	worst byte
}

func (d *digits) one(i int) int {
	v := d.s[i] - '0'
	d.worst = max(d.worst, v)
	return int(v)
}

func (d *digits) two(i int) int { return d.one(i)*10 + d.one(i+1) }
