package stape

import (
	"bytes"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// maxDots is how deep dotted names nest.
const maxDots = 6

// nested makes a JSON object of pairs with dotted names: user_data.address.city is a member of a member, items.0.price one
// of a list's element. Of what is said twice the first counts. Empty values and credentials are left out.
func nested(b *receive.Batch, list []receive.Pair) []byte {
	kept := make([]receive.Pair, 0, len(list))
	for _, p := range list {
		if len(p.Value) > 0 && !receive.IsCredential(string(p.Name)) {
			kept = append(kept, p)
		}
	}
	start := len(b.Scratch)
	b.Scratch = appendNested(b.Scratch, kept, maxDots)
	return b.Scratch[start:len(b.Scratch):len(b.Scratch)]
}

func appendNested(d []byte, list []receive.Pair, dots int) []byte {
	isList := isList(list, dots)
	opening, closing := byte('{'), byte('}')
	if isList {
		opening, closing = '[', ']'
	}
	d = append(d, opening)
	first := true
	for i, p := range list {
		head, _, _ := cutName(p.Name, dots)
		if headed(list[:i], head, dots) {
			continue
		}
		if !first {
			d = append(d, ',')
		}
		first = false
		if !isList {
			d = append(jsonscan.AppendString(d, head), ':')
		}
		d = appendMember(d, list[i:], head, dots)
	}
	return append(d, closing)
}

// appendMember appends what the pairs say of head: the first one's value, or the object of all that go below it.
func appendMember(d []byte, list []receive.Pair, head []byte, dots int) []byte {
	if _, _, below := cutName(list[0].Name, dots); !below {
		return jsonscan.AppendString(d, list[0].Value)
	}
	var inner []receive.Pair
	for _, p := range list {
		if h, rest, below := cutName(p.Name, dots); below && receive.SameName(h, head) {
			inner = append(inner, receive.Pair{Name: rest, Value: p.Value})
		}
	}
	return appendNested(d, inner, dots-1)
}

// cutName cuts a name at its first dot, unless it is nested too deeply or the dot is at an end.
func cutName(name []byte, dots int) (head, rest []byte, below bool) {
	head, rest, below = bytes.Cut(name, []byte{'.'})
	if dots == 0 || len(head) == 0 || len(rest) == 0 {
		return name, nil, false
	}
	return head, rest, below
}

func headed(list []receive.Pair, head []byte, dots int) bool {
	for i := range list {
		if h, _, _ := cutName(list[i].Name, dots); receive.SameName(h, head) {
			return true
		}
	}
	return false
}

// isList says whether the names below a member are 0, 1, 2, … in order. The item itself is never a list.
func isList(list []receive.Pair, dots int) bool {
	if dots == maxDots {
		return false
	}
	next := 0
	for i := range list {
		head, _, _ := cutName(list[i].Name, dots)
		switch string(head) {
		case strconv.Itoa(next):
			next++
		case strconv.Itoa(next - 1):
		default:
			return false
		}
	}
	return next > 0
}
