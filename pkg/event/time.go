package event

import "time"

// parseTime reads RFC 3339. Our own form, UTC with milliseconds, is read in place; anything else by the library.
func parseTime(s []byte) (time.Time, bool) {
	if len(s) == len("2006-01-02T15:04:05.000Z") && s[19] == '.' && s[23] == 'Z' && s[10] == 'T' &&
		s[4] == '-' && s[7] == '-' && s[13] == ':' && s[16] == ':' {
		year, ok1 := decimal(s[0:4])
		month, ok2 := decimal(s[5:7])
		day, ok3 := decimal(s[8:10])
		hour, ok4 := decimal(s[11:13])
		minute, ok5 := decimal(s[14:16])
		second, ok6 := decimal(s[17:19])
		ms, ok7 := decimal(s[20:23])
		if ok1 && ok2 && ok3 && ok4 && ok5 && ok6 && ok7 && hour < 24 && minute < 60 && second < 60 {
			t := time.Date(year, time.Month(month), day, hour, minute, second, ms*int(time.Millisecond), time.UTC)
			if t.Day() == day && t.Month() == time.Month(month) { // no 31 February
				return t, true
			}
		}
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, string(s))
	if err != nil || t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, false
	}
	return t.UTC(), true
}

func decimal(s []byte) (int, bool) {
	n := 0
	for _, b := range s {
		if b < '0' || b > '9' {
			return 0, false
		}
		n = n*10 + int(b-'0')
	}
	return n, true
}
