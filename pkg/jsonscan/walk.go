package jsonscan

import "bytes"

// Kind is the first byte class of a value: 'o' object, 'a' array, 's' string, 'n' number, 't' true, 'f' false, 'z' null,
// 0 for none. White space before the value does not matter.
func Kind(value []byte) byte {
	if len(value) > 0 && !isSpace(value[0]) {
		return kinds[value[0]]
	}
	if i := skipSpace(value, 0); i < len(value) {
		return kinds[value[i]]
	}
	return 0
}

var kinds = [256]byte{
	'{': 'o', '[': 'a', '"': 's', 't': 't', 'f': 'f', 'n': 'z', '-': 'n',
	'0': 'n', '1': 'n', '2': 'n', '3': 'n', '4': 'n', '5': 'n', '6': 'n', '7': 'n', '8': 'n', '9': 'n',
}

// Object calls fn for each member of a checked object, in order; key and value are slices of obj: key without quotes,
// escapes not resolved (Key resolves them), value trimmed. It stops when fn returns false. False result: not an object.
func Object(obj []byte, fn func(key, value []byte) bool) bool {
	i := skipSpace(obj, 0)
	if i >= len(obj) || obj[i] != '{' {
		return false
	}
	i = skipSpace(obj, i+1)
	for i < len(obj) && obj[i] == '"' {
		end := skipString(obj, i)
		if end < i+2 {
			break
		}
		key := obj[i+1 : end-1]
		if i = skipSpace(obj, end); i >= len(obj) || obj[i] != ':' {
			break
		}
		i = skipSpace(obj, i+1)
		if end = skipValue(obj, i); end == i {
			break
		}
		if !fn(key, obj[i:end:end]) {
			break
		}
		if i = skipSpace(obj, end); i >= len(obj) || obj[i] != ',' {
			break
		}
		i = skipSpace(obj, i+1)
	}
	return true
}

// Array calls fn for each element of a checked array; value is a trimmed slice of arr. It stops when fn returns false.
// False result: not an array.
func Array(arr []byte, fn func(value []byte) bool) bool {
	i := skipSpace(arr, 0)
	if i >= len(arr) || arr[i] != '[' {
		return false
	}
	i = skipSpace(arr, i+1)
	for i < len(arr) && arr[i] != ']' {
		end := skipValue(arr, i)
		if end == i || !fn(arr[i:end:end]) {
			break
		}
		if i = skipSpace(arr, end); i >= len(arr) || arr[i] != ',' {
			break
		}
		i = skipSpace(arr, i+1)
	}
	return true
}

// Get returns the value of a member of a checked object by exact key, nil if there is none.
func Get(obj []byte, key string) []byte {
	var found []byte
	Object(obj, func(k, value []byte) bool {
		if !keyIs(k, key) {
			return true
		}
		found = value
		return false
	})
	return found
}

// Texts calls fn for each key and each string of a checked value at whatever depth, as it is written, without quotes; it
// stops when fn returns false.
func Texts(value []byte, fn func(text []byte, key bool) bool) {
	for i := 0; i < len(value); {
		open := bytes.IndexByte(value[i:], '"')
		if open < 0 {
			return
		}
		start := i + open
		end := skipString(value, start)
		if end < start+2 {
			return
		}
		i = skipSpace(value, end)
		if !fn(value[start+1:end-1], i < len(value) && value[i] == ':') {
			return
		}
	}
}

// keyIs compares a key as it is written with a text.
func keyIs(key []byte, want string) bool {
	if bytes.IndexByte(key, '\\') < 0 {
		return string(key) == want
	}
	var room [64]byte
	return string(appendUnescaped(room[:0], key)) == want
}

// skipString returns the index behind the string whose opening quote is at i.
func skipString(data []byte, i int) int {
	end, _ := skipText(data, i)
	return end
}

// skipText is skipString, and says whether the string has escapes.
func skipText(data []byte, i int) (end int, escaped bool) {
	for i++; i < len(data); {
		i = skipPlain(data, i)
		if i >= len(data) {
			break
		}
		switch data[i] {
		case '"':
			return i + 1, escaped
		case '\\':
			escaped = true
			i += 2
		default:
			i++
		}
	}
	return len(data), escaped
}

// skipValue returns the index behind the value that starts at i; i itself if there is none.
func skipValue(data []byte, i int) int {
	if i >= len(data) {
		return i
	}
	switch data[i] {
	case '"':
		return skipString(data, i)
	case '{', '[':
		return skipNested(data, i)
	}
	for i < len(data) {
		switch b := data[i]; {
		case b == ',' || b == ']' || b == '}' || b == ':' || b == '"' || isSpace(b):
			return i
		}
		i++
	}
	return i
}

func skipNested(data []byte, i int) int {
	for depth := 0; i < len(data); {
		switch shape[data[i]] {
		case quote:
			i = skipString(data, i)
			continue
		case opening:
			depth++
		case closing:
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return len(data)
}

// The bytes that matter between the strings of a nested value.
const (
	quote = iota + 1
	opening
	closing
)

var shape = [256]byte{'"': quote, '{': opening, '[': opening, '}': closing, ']': closing}
