package receive

import (
	"bytes"
	"errors"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// AddObjects adds the objects of an array; what is none is rejected by index.
func AddObjects(in *Input, b *Batch, events []byte, field string) *Refusal {
	var refused *Refusal
	n := 0
	if !jsonscan.Array(events, func(value []byte) bool {
		n++
		if jsonscan.Kind(value) != 'o' {
			refused = b.Reject(0, "", fault.Undecodable, "not an object")
			return refused == nil
		}
		refused = b.Add(in, 0, value)
		return refused == nil
	}) {
		return &Refusal{Kind: Unreadable, Field: field, Detail: field + " must be an array of events"}
	}
	if refused == nil && n == 0 {
		return &Refusal{Kind: Unreadable, Field: field, Detail: field + " holds no event"}
	}
	return refused
}

// Says says whether a value says something.
func Says(value []byte) bool {
	switch jsonscan.Kind(value) {
	case 0, 'z':
		return false
	case 's':
		return len(value) > 2
	}
	return true
}

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

// Text is a value's text, unescaped into the batch's scratch where it must be.
func (b *Batch) Text(value []byte) []byte { return jsonscan.Text(value, &b.Scratch) }

// FirstByte is the first byte of a body that is not white space, 0 for an empty one: what JSON it is, whatever its
// Content-Type says (pages and SDKs send JSON as text/plain and as forms).
func FirstByte(body []byte) byte {
	if t := bytes.TrimLeft(body, " \t\r\n"); len(t) > 0 {
		return t[0]
	}
	return 0
}

func EmptyBody() *Refusal { return &Refusal{Kind: Unreadable, Detail: "the body is empty"} }

// OneOrMany hands on a body that is one object, or each element of one that is an array; detail says what it must be.
func OneOrMany(body []byte, detail string, add func([]byte) *Refusal) *Refusal {
	if FirstByte(body) == 0 {
		return EmptyBody()
	}
	if r := Check(body, ""); r != nil {
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

// Present says whether a member is there and not null.
func Present(value []byte) bool { return value != nil && jsonscan.Kind(value) != 'z' }
