package event

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestParseTimeProperty holds our reading of our own form against the library's, days that do not exist included.
func TestParseTimeProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := func(n, most int, label string) []byte {
			v := rapid.IntRange(0, most).Draw(t, label)
			b := make([]byte, n)
			for i := n - 1; i >= 0; i-- {
				b[i] = byte('0' + v%10)
				v /= 10
			}
			return b
		}
		text := string(digits(4, 9999, "year")) + "-" + string(digits(2, 14, "month")) + "-" + string(digits(2, 33, "day")) +
			"T" + string(digits(2, 25, "hour")) + ":" + string(digits(2, 61, "minute")) + ":" + string(digits(2, 61, "second")) +
			"." + string(digits(3, 999, "ms")) + "Z"
		want, err := time.Parse(time.RFC3339Nano, text)
		got, ok := parseTime([]byte(text))
		if ok != (err == nil && want.Year() > 0) || (ok && !got.Equal(want)) || (ok && got.Location() != time.UTC) {
			t.Fatalf("%s: %v %v, want %v %v", text, got, ok, want, err)
		}
	})
}
