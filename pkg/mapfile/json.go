package mapfile

import (
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Items calls yield for each item of a body that a JSON mapping is for, in order, until it returns false. The item is
// what Identify and Map take, and what the mapping's paths begin at; it is a slice of body, or of a text in it that holds JSON.
//
// Where format.items is a path, such as $.orders[*], it leads to the items; without it the body is the item, or, where it
// is an array, each of its elements is. A list is taken apart with or without a [*] at the end of the path; an empty one
// has no items. What an item is, is not looked at: Map refuses one that is neither object nor array.
//
// The body must be checked (jsonscan.Check). The error is a *CellError of the body as a whole: the mapping is for tables,
// the body is neither object nor array, or the path leads nowhere in it.
func (m *Mapping) Items(body []byte, yield func(item []byte) bool) error {
	if !m.json {
		return &CellError{What: "the mapping file is for tables, not for JSON"}
	}
	if k := jsonscan.Kind(body); k != 'o' && k != 'a' {
		return &CellError{What: "is neither an object nor a list"}
	}
	found := hasEvery(m.format.items) // a list of nothing is one
	if found && !isList(body, m.format.items) {
		return &CellError{What: "has no list where format.items leads"}
	}
	walk(body, m.format.items, 0, func(value []byte, _ int) bool {
		found = true
		more := true
		value = embedded(value)
		if jsonscan.Array(value, func(item []byte) bool {
			more = yield(item)
			return more
		}) {
			return more
		}
		return yield(jsonscan.Trim(value))
	})
	if !found {
		return &CellError{What: "has nothing where format.items leads"}
	}
	return nil
}

// isList says whether there is an array where a path has its [*].
func isList(body []byte, steps []step) bool {
	for i, s := range steps {
		if s.every {
			list := false
			walk(body, steps[:i], 0, func(value []byte, _ int) bool {
				list = isArray(embedded(value))
				return true
			})
			return list
		}
	}
	return true
}
