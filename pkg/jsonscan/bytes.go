package jsonscan

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// skipPlain returns the index of the first byte at or after i that needs a look within a string: a quote, a backslash, a
// control character or a byte of a multi-byte character. It tries eight bytes at a time.
func skipPlain(data []byte, i int) int {
	for i >= 0 && i+8 <= len(data) {
		x := binary.LittleEndian.Uint64(data[i : i+8 : i+8]) // with its end, it takes no more than a load
		special := x | (x - 0x20*ones) | ((x ^ '"'*ones) - ones) | ((x ^ '\\'*ones) - ones)
		// A borrow only runs upwards, from a byte that is special itself: the lowest mark is exact.
		if special &= highs; special != 0 {
			return i + bits.TrailingZeros64(special)/8
		}
		i += 8
	}
	for i < len(data) {
		b := data[i]
		if b < 0x20 || b == '"' || b == '\\' || b >= 0x80 {
			return i
		}
		i++
	}
	return i
}

// spaces has a bit for each character of white space.
const spaces = 1<<' ' | 1<<'\n' | 1<<'\t' | 1<<'\r'

func isSpace(b byte) bool { return b <= ' ' && spaces>>b&1 != 0 }

func skipSpace(data []byte, i int) int {
	for i < len(data) && isSpace(data[i]) {
		i++
	}
	return i
}

// Trim cuts the white space around a value.
func Trim(value []byte) []byte {
	i, end := skipSpace(value, 0), len(value)
	for end > i && isSpace(value[end-1]) {
		end--
	}
	return value[i:end]
}

// mark is the byte order mark of UTF-8.
const mark = "\ufeff"

// TrimMark cuts the byte order marks off the begin of a text, with white space before and between them: editors and
// scripts put them there, and RFC 8259 lets a reader pass over them.
func TrimMark(text []byte) []byte {
	for {
		rest, marked := bytes.CutPrefix(text[skipSpace(text, 0):], []byte(mark))
		if !marked {
			return text
		}
		text = rest
	}
}

// IsUTF16 says whether a document is UTF-16 by its mark, or by the zero byte beside the character that it begins with.
func IsUTF16(text []byte) bool {
	if len(text) < 2 {
		return false
	}
	switch first, second := text[0], text[1]; first {
	case 0xFF:
		return second == 0xFE
	case 0xFE:
		return second == 0xFF
	case 0:
		return second == '{' || second == '[' || second == '<' || second == '"'
	case '{', '[', '<', '"':
		return second == 0
	}
	return false
}

// hex4 reads four hex digits at i, -1 if they are none.
func hex4(data []byte, i int) int {
	if i+4 > len(data) {
		return -1
	}
	v := 0
	for _, b := range data[i : i+4] {
		switch {
		case '0' <= b && b <= '9':
			v = v<<4 | int(b-'0')
		case 'a' <= b && b <= 'f':
			v = v<<4 | int(b-'a'+10)
		case 'A' <= b && b <= 'F':
			v = v<<4 | int(b-'A'+10)
		default:
			return -1
		}
	}
	return v
}
