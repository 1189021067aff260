package mapfile

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/nothing"
)

// step is one part of a path: a key, an index, or every element.
type step struct {
	key   string
	index int
	every bool
	array bool
}

// parsePath reads $.customer.emails[0], $.lines[*].sku and $["a.b"]; the leading "$." may be left out. At most one [*].
// The text result says what is wrong.
func parsePath(s string) (steps []step, wrong string) {
	rest := strings.TrimPrefix(strings.TrimPrefix(s, "$"), ".")
	every := 0
	for rest != "" {
		var one step
		if rest[0] == '[' {
			one, rest, wrong = parseBracket(rest)
		} else {
			one, rest, wrong = parseKey(rest)
		}
		if wrong != "" {
			return nil, wrong
		}
		if one.every {
			every++
		}
		steps = append(steps, one)
		if rest == "." {
			return nil, "ends in a dot"
		}
		rest = strings.TrimPrefix(rest, ".")
	}
	switch {
	case len(steps) == 0:
		return nil, "is empty"
	case every > 1:
		return nil, "may have one [*]"
	}
	return steps, ""
}

func parseKey(s string) (one step, rest, wrong string) {
	end := strings.IndexAny(s, ".[")
	if end < 0 {
		end = len(s)
	}
	if end == 0 {
		return step{}, "", "has an empty key"
	}
	return step{key: s[:end]}, s[end:], ""
}

// parseBracket reads [0], [*], and keys that hold a dot or a bracket: ["a.b"] or ['a.b'].
func parseBracket(s string) (one step, rest, wrong string) {
	if len(s) > 1 && (s[1] == '"' || s[1] == '\'') {
		key, rest, found := strings.Cut(s[2:], s[1:2]+"]")
		if !found || key == "" {
			return step{}, "", `has a [" without "], or an empty key`
		}
		return step{key: key}, rest, ""
	}
	inner, rest, found := strings.Cut(s[1:], "]")
	if !found {
		return step{}, "", "has a [ without ]"
	}
	if inner == "*" {
		return step{array: true, every: true}, rest, ""
	}
	if n, err := strconv.Atoi(inner); err == nil && n >= 0 {
		return step{array: true, index: n}, rest, ""
	}
	return step{}, "", `takes [0], [*] and ["key"] only`
}

// hasEvery says whether a path has a [*].
func hasEvery(steps []step) bool {
	return slices.ContainsFunc(steps, func(s step) bool { return s.every })
}

// walk calls fn for each value that the path leads to, with its index in the [*] array (0 without one), until it returns
// false. Elements of the array that lack the rest of the path are passed over.
func walk(value []byte, steps []step, i int, fn func(value []byte, i int) bool) bool {
	for n, s := range steps {
		if s.array {
			value = embedded(value)
		}
		switch {
		case value == nil:
			return true
		case !s.array:
			if value = embedded(value); jsonscan.Kind(value) != 'o' {
				return true
			}
			value = jsonscan.Get(value, s.key)
		case s.every && !isArray(value):
			if jsonscan.Kind(value) == 'z' {
				return true
			}
			// One instead of a list of one: how XML made JSON has it.
		case s.every:
			at, more := 0, true
			eachElement(value, func(v []byte) bool {
				more = walk(v, steps[n+1:], at, fn)
				at++
				return more
			})
			return more
		default:
			value = element(value, s.index)
		}
	}
	return value == nil || fn(value, i)
}

// isArray says whether a value is a list, also one with gaps, which PHP writes as an object: {"0":…,"2":…}.
func isArray(value []byte) bool {
	if jsonscan.Kind(value) != 'o' {
		return jsonscan.Kind(value) == 'a'
	}
	list := false
	jsonscan.Object(value, func(key, _ []byte) bool {
		list = len(key) > 0 && len(bytes.TrimLeft(key, "0123456789")) == 0
		return list
	})
	return list
}

// eachElement calls fn for each element of a list until it returns false.
func eachElement(list []byte, fn func(value []byte) bool) {
	if jsonscan.Kind(list) == 'a' {
		jsonscan.Array(list, fn)
		return
	}
	jsonscan.Object(list, func(_, value []byte) bool { return fn(value) })
}

// embedded is the list or object that a text holds as JSON, as forms and tables pass them on; else the value itself.
func embedded(value []byte) []byte {
	if len(value) < len(`"[]"`) || value[0] != '"' {
		return value
	}
	if b := value[1]; b != '[' && b != '{' && b != ' ' && b != '\\' {
		return value
	}
	text := jsonscan.Trim(jsonscan.Text(value, nil))
	if len(text) > 0 && (text[0] == '[' || text[0] == '{') && jsonscan.Check(text, jsonscan.Limits{}) == nil {
		return text
	}
	return value
}

// firstText is the first text or number of a list that says something, nil if there is none. only: it is the list's only
// element.
func firstText(list []byte) (first []byte, only bool) {
	n := 0
	if !isArray(list) {
		return nil, false
	}
	eachElement(list, func(v []byte) bool {
		n++
		switch jsonscan.Kind(v) {
		case 's', 'n', 't', 'f':
			if first == nil && !nothing.Is(jsonscan.Text(v, nil)) {
				first = v
			}
		}
		return first == nil || n < 2
	})
	return first, n == 1
}

// element is an element of a list, nil if there is none.
func element(list []byte, index int) []byte {
	if !isArray(list) {
		return nil
	}
	var found []byte
	at := 0
	eachElement(list, func(v []byte) bool {
		if at == index {
			found = v
			return false
		}
		at++
		return true
	})
	return found
}
