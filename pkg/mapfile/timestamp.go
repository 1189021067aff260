package mapfile

import (
	"bytes"
	"math"
	"strconv"
	"time"
)

// layouts are tried where the mapping has no date_format: none of them can be taken for another.
var layouts = []string{
	time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02T15:04:05-0700", "2006-01-02",
}

// timestamp reads a cell as Unix seconds: by the mapping's date_format or the usual layouts, as Unix seconds, milliseconds
// or microseconds, or (in spreadsheets) as a serial date in the zone.
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
	if n, ok := unixNumber(text); ok {
		return n, true
	}
	if serial {
		if n, ok := serialDate(text, date1904, zone); ok {
			return n, true
		}
	}
	if f.layout != "" || len(text) < len("2006-01-02") || len(text) > 40 {
		return 0, false
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, string(text), zone); err == nil {
			return bounded(t)
		}
	}
	return 0, false
}

func bounded(t time.Time) (int64, bool) {
	return t.Unix(), t.Year() >= 1970 && t.Year() <= 9999
}

// unixNumber reads seconds (9 or 10 digits), milliseconds (12 or 13) and microseconds (15 or 16), with or without a
// fraction, and the exponent that spreadsheets write milliseconds with.
func unixNumber(text []byte) (int64, bool) {
	if bytes.IndexAny(text, "eE") > 0 {
		full, ok := appendFloat(nil, text)
		if !ok {
			return 0, false
		}
		text = full
	}
	whole, fraction, _ := bytes.Cut(text, []byte{'.'})
	if len(whole) == 0 || !allDigits(whole) || !allDigits(fraction) {
		return 0, false
	}
	n, err := strconv.ParseInt(string(whole), 10, 64)
	if err != nil {
		return 0, false
	}
	switch len(whole) {
	case 9, 10:
		return n, true
	case 12, 13:
		return n / 1000, true
	case 15, 16:
		return n / 1e6, true
	}
	return 0, false
}

// serialDate reads a spreadsheet's date: days since 1899-12-30, or since 1904-01-01 in files of old Macs. The clock time
// is the zone's.
func serialDate(text []byte, date1904 bool, zone *time.Location) (int64, bool) {
	days, err := strconv.ParseFloat(string(text), 64)
	if err != nil || math.IsNaN(days) {
		return 0, false
	}
	if date1904 {
		days += 1462
	}
	if days < 25569 || days > 2958466 { // 1970 to 9999
		return 0, false
	}
	whole := math.Floor(days)
	seconds := int(math.Round((days - whole) * 86400))
	t := time.Date(1899, time.December, 30+int(whole), 0, 0, seconds, 0, zone)
	return t.Unix(), true
}
