package receive

import (
	"bytes"
	"errors"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Check makes sure that a body is one JSON value that no two parsers read differently.
func Check(body []byte, field string) *Refusal {
	err := jsonscan.Check(body, jsonscan.Limits{})
	if err == nil {
		return nil
	}
	r := &Refusal{Kind: Unreadable, Field: field, Detail: "not JSON"}
	var e *jsonscan.Error
	if errors.As(err, &e) {
		r.Detail = e.What + " at byte " + strconv.Itoa(e.Offset)
		if e.What == jsonscan.WhatElements {
			r.Kind = TooLarge
		}
	}
	return r
}

// CheckEncoding refuses a body that is UTF-16: no format is, and one that reads forms would take it for a field.
func CheckEncoding(body []byte) *Refusal {
	if !jsonscan.IsUTF16(body) {
		return nil
	}
	return &Refusal{Kind: Unreadable, Detail: "the body is " + jsonscan.WhatUTF16}
}

// CheckBody is Check for a whole body, which must not be empty.
func CheckBody(body []byte) *Refusal {
	if FirstByte(body) == 0 {
		return EmptyBody()
	}
	return Check(body, "")
}

// OneOrMany hands on a body that is one object, or each element of one that is an array; detail says what it must be.
func OneOrMany(body []byte, detail string, add func([]byte) *Refusal) *Refusal {
	if r := CheckBody(body); r != nil {
		return r
	}
	if body = jsonscan.Trim(body); jsonscan.Kind(body) == 'o' {
		return add(body)
	}
	var refused *Refusal
	if !jsonscan.Array(body, func(value []byte) bool {
		refused = add(value)
		return refused == nil
	}) {
		return &Refusal{Kind: Unreadable, Detail: detail}
	}
	return refused
}

// AddObjects adds the objects of an array, each of which may be JSON in a text; what is none is rejected by index.
func AddObjects(b *Batch, events []byte, field string) *Refusal {
	var refused *Refusal
	n := 0
	if !jsonscan.Array(b.Embedded(events), func(value []byte) bool {
		n++
		if value = b.Embedded(value); jsonscan.Kind(value) != 'o' {
			refused = b.Reject(0, "", fault.Undecodable, "not an object")
			return refused == nil
		}
		refused = b.Add(value)
		return refused == nil
	}) {
		return &Refusal{Kind: Unreadable, Field: field, Detail: field + " must be an array of events"}
	}
	if refused == nil && n == 0 {
		return &Refusal{Kind: Unreadable, Field: field, Detail: field + " holds no event"}
	}
	return refused
}

// FirstByte is the first byte of a body that is not white space, 0 for an empty one: what JSON it is, whatever its
// Content-Type says (pages and SDKs send JSON as text/plain and as forms).
func FirstByte(body []byte) byte {
	if t := bytes.TrimLeft(body, " \t\r\n"); len(t) > 0 {
		return t[0]
	}
	return 0
}

// IsPresent says whether a member is there and not null.
func IsPresent(value []byte) bool { k := jsonscan.Kind(value); return k != 0 && k != 'z' }

// IsGiven says whether a member is there, and neither null nor an empty text.
func IsGiven(value []byte) bool {
	return IsPresent(value) && (jsonscan.Kind(value) != 's' || len(value) > len(`""`))
}
