package jsonscan

import (
	"fmt"
	"unicode/utf8"
)

// Limits bound what Check takes. Zero values take the defaults (depth 16, 1000 keys an object, 10 000 elements an array,
// 64 characters a number).
type Limits struct{ Depth, Keys, Elements, Number int }

func (l Limits) orDefaults() Limits {
	def := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	def(&l.Depth, 16)
	def(&l.Keys, 1000)
	def(&l.Elements, 10_000)
	def(&l.Number, 64)
	return l
}

// Error says what is wrong and where; it never quotes the input.
type Error struct {
	Offset int
	What   string // one of the What constants
}

// What can be wrong.
const (
	WhatDuplicate  = "duplicate key"
	WhatUTF8       = "invalid UTF-8"
	WhatUTF16      = "UTF-16, not UTF-8"
	WhatUnexpected = "unexpected character"
	WhatControl    = "control character in a string"
	WhatEscape     = "invalid escape"
	WhatNumber     = "invalid number"
	WhatEnd        = "unexpected end"
	WhatTrailing   = "data after the value"
	WhatDeep       = "too deep"
	WhatKeys       = "too many keys"
	WhatElements   = "too many elements"
	WhatLongNumber = "number too long"
)

func (e *Error) Error() string { return fmt.Sprintf("%s at byte %d", e.What, e.Offset) }

// Check returns nil if data is exactly one JSON value (white space around it) within the limits, else an *Error.
// It reads data once and allocates nothing unless an object has more than a few dozen keys.
func Check(data []byte, l Limits) error {
	var c checker
	return c.check(data, l)
}

// checker is one run of Check. Its methods return the index behind what they read, or where and what is wrong.
type checker struct {
	data   []byte
	limits Limits
	keys   keyStack // of the open objects, outermost first
	plain  []byte   // the resolved text of keys that have escapes
	spare  []int32  // a table of keys, for the next object of many
	nodes  []node   // what an Index keeps
	noting bool     // nodes are wanted
}

func (c *checker) check(data []byte, l Limits) error {
	c.data, c.limits = data, l.orDefaults()
	c.keys.cut(0)
	c.plain, c.nodes = c.plain[:0], c.nodes[:0]
	from := skipSpace(c.data, 0)
	c.note(0, 0, from)
	i, what := c.value(from, 0)
	if what != "" && IsUTF16(c.data) {
		i, what = 0, WhatUTF16
	}
	c.noted(0, i)
	if what == "" {
		if i = skipSpace(c.data, i); i < len(c.data) {
			what = WhatTrailing
		}
	}
	if what != "" {
		return &Error{Offset: min(i, len(c.data)), What: what}
	}
	return nil
}

func (c *checker) value(i, depth int) (int, string) {
	if i >= len(c.data) {
		return i, WhatEnd
	}
	switch b := c.data[i]; b {
	case '"':
		i, _, what := c.str(i)
		return i, what
	case '{':
		return c.object(i, depth+1)
	case '[':
		return c.array(i, depth+1)
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		end, ok := number(c.data, i)
		if !ok {
			return end, WhatNumber
		}
		if end-i > c.limits.Number {
			return i, WhatLongNumber
		}
		return end, ""
	case 't':
		return c.literal(i, "true")
	case 'f':
		return c.literal(i, "false")
	case 'n':
		return c.literal(i, "null")
	}
	return i, WhatUnexpected
}

func (c *checker) object(i, depth int) (int, string) {
	if depth > c.limits.Depth {
		return i, WhatDeep
	}
	data, set := c.data, keySet{base: c.keys.n}
	i = skipSpace(data, i+1)
	if i < len(data) && data[i] == '}' {
		return i + 1, ""
	}
	for n := 0; ; n++ {
		if i >= len(data) {
			return i, WhatEnd
		}
		if data[i] != '"' {
			return i, WhatUnexpected
		}
		if n == c.limits.Keys {
			return i, WhatKeys
		}
		at := i
		i2, escaped, what := c.str(i)
		if what != "" {
			return i2, what
		}
		if c.duplicate(&set, at+1, i2-1, escaped) {
			return at, WhatDuplicate
		}
		if i = skipSpace(data, i2); i >= len(data) {
			return i, WhatEnd
		}
		if data[i] != ':' {
			return i, WhatUnexpected
		}
		key, keyEnd := at+1, i2-1
		i = skipSpace(data, i+1)
		index := c.note(key, keyEnd, i)
		if i, what = c.value(i, depth); what != "" {
			return i, what
		}
		c.noted(index, i)
		if i = skipSpace(data, i); i >= len(data) {
			return i, WhatEnd
		}
		switch data[i] {
		case ',':
			i = skipSpace(data, i+1)
		case '}':
			c.keys.cut(set.base)
			c.keep(set.table)
			return i + 1, ""
		default:
			return i, WhatUnexpected
		}
	}
}

func (c *checker) array(i, depth int) (int, string) {
	if depth > c.limits.Depth {
		return i, WhatDeep
	}
	i = skipSpace(c.data, i+1)
	if i < len(c.data) && c.data[i] == ']' {
		return i + 1, ""
	}
	for n := 0; ; n++ {
		if n == c.limits.Elements {
			return i, WhatElements
		}
		var what string
		index := c.note(0, 0, i)
		if i, what = c.value(i, depth); what != "" {
			return i, what
		}
		c.noted(index, i)
		if i = skipSpace(c.data, i); i >= len(c.data) {
			return i, WhatEnd
		}
		switch c.data[i] {
		case ',':
			i = skipSpace(c.data, i+1)
		case ']':
			return i + 1, ""
		default:
			return i, WhatUnexpected
		}
	}
}

func (c *checker) literal(i int, want string) (int, string) {
	for k := range len(want) {
		if i+k >= len(c.data) {
			return i + k, WhatEnd
		}
		if c.data[i+k] != want[k] {
			return i + k, WhatUnexpected
		}
	}
	return i + len(want), ""
}

// str reads the string whose opening quote is at i.
func (c *checker) str(i int) (end int, escaped bool, what string) {
	data := c.data
	i++
	for {
		i = skipPlain(data, i)
		if i >= len(data) {
			return i, escaped, WhatEnd
		}
		switch b := data[i]; {
		case b == '"':
			return i + 1, escaped, ""
		case b == '\\':
			escaped = true
			n, bad := escape(data, i)
			if bad != "" {
				return i, escaped, bad
			}
			i += n
		case b < 0x20:
			return i, escaped, WhatControl
		default:
			r, n := utf8.DecodeRune(data[i:])
			if r == utf8.RuneError && n <= 1 {
				return i, escaped, WhatUTF8
			}
			i += n
		}
	}
}

// escape measures the escape at i: 2, 6 or, for a surrogate pair, 12 bytes. Half a pair stands alone, as U+FFFD.
func escape(data []byte, i int) (n int, what string) {
	if i+1 >= len(data) {
		return 0, WhatEnd
	}
	switch data[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, ""
	case 'u':
	default:
		return 0, WhatEscape
	}
	u := hex4(data, i+2)
	switch {
	case u < 0:
		return 0, WhatEscape
	case isHigh(u) && isLow(escaped(data, i+6)):
		return 12, ""
	}
	return 6, ""
}

// number reads the RFC 8259 number at i; end is where it ends or breaks.
func number(data []byte, i int) (end int, ok bool) {
	if i < len(data) && data[i] == '-' {
		i++
	}
	from := i
	if i < len(data) && data[i] == '0' {
		i++
	} else if i = digits(data, i); i == from {
		return i, false
	}
	if i < len(data) && data[i] == '.' {
		from = i + 1
		if i = digits(data, from); i == from {
			return i, false
		}
	}
	if i < len(data) && (data[i] == 'e' || data[i] == 'E') {
		i++
		if i < len(data) && (data[i] == '+' || data[i] == '-') {
			i++
		}
		from = i
		if i = digits(data, from); i == from {
			return i, false
		}
	}
	return i, true
}

func digits(data []byte, i int) int {
	for i < len(data) && '0' <= data[i] && data[i] <= '9' {
		i++
	}
	return i
}
