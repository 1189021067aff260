package mapfile

import (
	"strconv"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// step is one part of a path: a key, an index, or every element.
type step struct {
	key   string
	index int
	every bool
	array bool
}

// parsePath reads $.customer.emails[0] and $.lines[*].sku; the leading "$." may be left out. At most one [*].
func parsePath(s string) ([]step, string) {
	rest := strings.TrimPrefix(strings.TrimPrefix(s, "$"), ".")
	steps := []step{}
	every := 0
	for rest != "" {
		if rest[0] == '[' {
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return nil, "has a [ without ]"
			}
			inner := rest[1:end]
			switch n, err := strconv.Atoi(inner); {
			case inner == "*":
				every++
				steps = append(steps, step{array: true, every: true})
			case err == nil && n >= 0:
				steps = append(steps, step{array: true, index: n})
			default:
				return nil, "takes [0] and [*] only"
			}
			rest = strings.TrimPrefix(rest[end+1:], ".")
			continue
		}
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			end = len(rest)
		}
		if end == 0 {
			return nil, "has an empty key"
		}
		steps = append(steps, step{key: rest[:end]})
		if rest = rest[end:]; rest == "." {
			return nil, "ends in a dot"
		}
		rest = strings.TrimPrefix(rest, ".")
	}
	if len(steps) == 0 {
		return nil, "is empty"
	}
	if every > 1 {
		return nil, "may have one [*]"
	}
	return steps, ""
}

// walk calls fn for each value that the path leads to, with its index in the [*] array (0 without one).
func walk(value []byte, steps []step, i int, fn func(value []byte, i int)) {
	for n, s := range steps {
		if value == nil {
			return
		}
		switch {
		case !s.array:
			if jsonscan.Kind(value) != 'o' {
				return
			}
			value = jsonscan.Get(value, s.key)
		case s.every:
			at := 0
			jsonscan.Array(value, func(v []byte) bool {
				walk(v, steps[n+1:], at, fn)
				at++
				return at < maxLines
			})
			return
		default:
			value = element(value, s.index)
		}
	}
	if value != nil {
		fn(value, i)
	}
}

// element is an element of an array, nil if there is none.
func element(arr []byte, index int) []byte {
	var found []byte
	at := 0
	jsonscan.Array(arr, func(v []byte) bool {
		if at == index {
			found = v
			return false
		}
		at++
		return true
	})
	return found
}
