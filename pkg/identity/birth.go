package identity

// firstBirthYear is the earliest year of birth that PB accepts.
const firstBirthYear = 1800

// appendBirthDate is PB's rule with a calendar check: YYYYMMDD from three groups of digits in any order that has an
// unambiguous year, or from one group of eight digits. Where day and month can't be told apart the month comes first.
func appendBirthDate(dst, raw []byte, c *Context) ([]byte, Drop) {
	groups, values, lastDigits := digitGroups(raw)
	var year, month, day int
	switch {
	case groups >= 3:
		year, month, day = orderDate(values)
	case groups == 1 && lastDigits == 8:
		year, month, day = values[0]/10000, values[0]/100%100, values[0]%100
	case len(trim(raw)) == 0:
		return dst, Empty
	default:
		return dst, Malformed
	}
	if year < firstBirthYear || year > c.lastBirthYear() || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return dst, Malformed
	}
	dst = append(dst, byte('0'+year/1000), byte('0'+year/100%10), byte('0'+year/10%10), byte('0'+year%10))
	return appendTwo(appendTwo(dst, month), day), Kept
}

// digitGroups counts the runs of digits, and returns the values of the first three and the number of digits of the last
// of these. A number too large for a date saturates.
func digitGroups(raw []byte) (groups int, values [3]int, digits int) {
	const tooLarge = 1_0000_0000
	inside := false
	for _, b := range raw {
		if !isDigit(b) {
			inside = false
			continue
		}
		if !inside {
			inside = true
			if groups++; groups > 3 {
				return groups, values, digits
			}
			digits = 0
		}
		digits++
		values[groups-1] = min(values[groups-1]*10+int(b-'0'), tooLarge)
	}
	return groups, values, digits
}

// orderDate takes as the year the first group over 31, else the last group. The other two are month and day in this
// order, or day and month if the first of them can't be a month.
func orderDate(v [3]int) (year, month, day int) {
	switch {
	case v[0] > 31:
		year, month, day = v[0], v[1], v[2]
	case v[1] > 31:
		year, month, day = v[1], v[0], v[2]
	default:
		year, month, day = v[2], v[0], v[1]
	}
	if month > 12 {
		month, day = day, month
	}
	return year, month, day
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	default:
		return 31
	}
}

// appendBirthPart is the rule of Meta's SDKs for dobd and dobm: one or two digits with a value from 1 to most, written
// as two digits.
func appendBirthPart(dst, raw []byte, most int) ([]byte, Drop) {
	text := trim(raw)
	value := 0
	for _, b := range text {
		if !isDigit(b) || len(text) > 2 {
			return dst, Malformed
		}
		value = value*10 + int(b-'0')
	}
	if len(text) == 0 || value < 1 || value > most {
		return dst, emptyOrMalformed(text)
	}
	return appendTwo(dst, value), Kept
}

// appendBirthYear is the rule of Meta's SDKs for doby: four digits.
func appendBirthYear(dst, raw []byte) ([]byte, Drop) {
	text := trim(raw)
	if len(text) == 0 {
		return dst, Empty
	}
	return appendDigits(dst, text, 4, 4)
}

func appendTwo(dst []byte, n int) []byte {
	return append(dst, byte('0'+n/10), byte('0'+n%10))
}
