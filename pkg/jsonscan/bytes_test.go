package jsonscan

import (
	"testing"

	"pgregory.net/rapid"
)

// TestSkipPlain: eight bytes at a time finds what one at a time finds.
func TestSkipPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		odd := rapid.SampledFrom([]byte{0, 0x1f, ' ', '!', '"', '#', '[', '\\', ']', 0x7f, 0x80, 0x81, 0xa0, 0xff, 'a'})
		data := rapid.SliceOfN(rapid.OneOf(odd, rapid.ByteRange(' ', '~')), 0, 40).Draw(t, "data")
		for from := range len(data) + 1 {
			want := from
			for want < len(data) && data[want] >= 0x20 && data[want] < 0x80 && data[want] != '"' && data[want] != '\\' {
				want++
			}
			if got := skipPlain(data, from); got != want {
				t.Fatalf("skipPlain(%q, %d) = %d, want %d", data, from, got, want)
			}
		}
	})
}
