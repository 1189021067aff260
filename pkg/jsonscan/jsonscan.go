// Package jsonscan reads and writes JSON on the hot path: without reflection, without maps, without copies. Ingest
// checks bodies with Check once; everything behind it walks checked bytes. It refuses what parsers disagree about:
// duplicate keys, invalid UTF-8, lone surrogates, over-deep or over-long values.
package jsonscan

// THIS FILE IS THE AGREED API (signatures); the owner of pkg/jsonscan replaces it by real files of one purpose each.

// Limits bound what Check takes. Zero values take the defaults (depth 16, 1000 keys an object, 10 000 elements an array,
// 64 characters a number).
type Limits struct{ Depth, Keys, Elements, Number int }

// Error says what is wrong and where; it never quotes the input.
type Error struct {
	Offset int
	What   string // "duplicate key", "invalid UTF-8", "unexpected character", "too deep", …
}

func (e *Error) Error() string { panic("unbuilt") }

// Check returns nil if data is exactly one JSON value (white space around it) within the limits.
func Check(data []byte, l Limits) error { panic("unbuilt") }

// Kind is the first byte class of a value: 'o' object, 'a' array, 's' string, 'n' number, 't' true, 'f' false, 'z' null,
// 0 for none.
func Kind(value []byte) byte { panic("unbuilt") }

// Object calls fn for each member of a checked object, in order; key and value are slices of obj: key without quotes,
// escapes not resolved (Key resolves them), value trimmed. It stops when fn returns false. False result: not an object.
func Object(obj []byte, fn func(key, value []byte) bool) bool { panic("unbuilt") }

// Array calls fn for each element of a checked array. False result: not an array.
func Array(arr []byte, fn func(value []byte) bool) bool { panic("unbuilt") }

// Get returns the value of a member of a checked object by exact key, nil if there is none.
func Get(obj []byte, key string) []byte { panic("unbuilt") }

// Text returns the text of a checked string value: a slice of it if it has no escapes, else appended to scratch.
// For a number, true or false it is the literal; for null, objects and arrays nil.
func Text(value []byte, scratch *[]byte) []byte { panic("unbuilt") }

// AppendString appends text as a JSON string, quotes included. Invalid UTF-8 becomes U+FFFD; no HTML escaping.
func AppendString(dst, text []byte) []byte { panic("unbuilt") }

// AppendCompact appends a checked value without white space and with null members and elements kept.
func AppendCompact(dst, value []byte) []byte { panic("unbuilt") }
