package mapfile

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/timestamp"
)

// leastCount is the least number that is taken for a count of seconds or less: March 1973. Smaller ones are a spreadsheet's
// dates in a CSV file, years, or something else.
const leastCount = 1e8

// timestamp reads a cell as Unix seconds: by the mapping's date_format, (in spreadsheets) as a serial date in the zone, or as
// programs write times. A time without a zone is in the mapping's, else in the given one.
func (f *format) timestamp(text []byte, serial bool, date1904 bool, zone *time.Location) (int64, bool) {
	if f.zone != nil {
		zone = f.zone
	}
	if zone == nil {
		zone = time.UTC
	}
	if f.layout != "" {
		if t, err := time.ParseInLocation(f.layout, string(text), zone); err == nil {
			return bounded(t)
		}
	}
	if serial {
		if n, ok := serialDate(text, date1904, zone); ok {
			return n, true
		}
	}
	if strings.Contains(f.layout, "2006-02") { // the year, the day and then the month, which is no usual date
		return 0, false
	}
	n, ok := timestamp.Read(text, zone)
	return n, ok && (n >= leastCount || !isCount(text))
}

func bounded(t time.Time) (int64, bool) {
	return t.Unix(), t.Year() >= 1970 && t.Year() <= 9999
}

// isCount says whether a text is a number alone.
func isCount(text []byte) bool {
	for _, b := range text {
		if !isDigit(b) && b != '.' && b != ',' && b != '+' && b != 'e' && b != 'E' {
			return false
		}
	}
	return true
}

// serialDate reads a spreadsheet's date as Unix seconds: the clock time is the zone's.
func serialDate(text []byte, date1904 bool, zone *time.Location) (int64, bool) {
	day, ok := serialDay(text, date1904)
	if !ok || day.Year() < 1970 {
		return 0, false
	}
	return time.Date(day.Year(), day.Month(), day.Day(), day.Hour(), day.Minute(), day.Second(), 0, zone).Unix(), true
}

// serialDay reads a spreadsheet's date: days since 1899-12-30, or since 1904-01-01 in files of old Macs.
func serialDay(text []byte, date1904 bool) (time.Time, bool) {
	days, err := strconv.ParseFloat(string(text), 64)
	if err != nil || math.IsNaN(days) {
		return time.Time{}, false
	}
	if date1904 {
		days += 1462
	}
	if days < 61 || days > 2958466 { // from the 1st of March 1900, before which spreadsheets count a day too many, to 9999
		return time.Time{}, false
	}
	whole := math.Floor(days)
	seconds := int(math.Round((days - whole) * 86400))
	return time.Date(1899, time.December, 30+int(whole), 0, 0, seconds, 0, time.UTC), true
}
