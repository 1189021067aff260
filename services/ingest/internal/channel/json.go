package channel

import (
	"bytes"
	"errors"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// check makes sure that a body is one JSON value that no two parsers read differently.
func check(body []byte, field string) *Refusal {
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

// text is a value's text, unescaped into the batch's scratch where it must be.
func (b *Batch) text(value []byte) []byte { return jsonscan.Text(value, &b.Scratch) }

// addContext appends a member to what the request says for all its items. key is as written in JSON, without quotes;
// null says nothing.
func (b *Batch) addContext(key, value []byte) {
	if jsonscan.Kind(value) == 'z' {
		return
	}
	b.nextContext(key)
	b.Context = jsonscan.AppendCompact(b.Context, value)
}

// addContextText is addContext for a form's text.
func (b *Batch) addContextText(name string, value []byte) {
	b.openContext()
	b.Context = append(jsonscan.AppendString(b.Context, []byte(name)), ':')
	b.Context = jsonscan.AppendString(b.Context, value)
}

func (b *Batch) nextContext(key []byte) {
	b.openContext()
	b.Context = append(b.Context, '"')
	b.Context = append(b.Context, key...)
	b.Context = append(b.Context, '"', ':')
}

func (b *Batch) openContext() {
	if len(b.Context) == 0 {
		b.Context = append(b.Context, '{')
		return
	}
	b.Context = append(b.Context, ',')
}

// closeContext ends the object and bounds it: it is stored with every item.
func (b *Batch) closeContext() *Refusal {
	if len(b.Context) > maxContext {
		return &Refusal{Kind: TooLarge, Detail: "the parameters beside the events are too large"}
	}
	if len(b.Context) > 0 {
		b.Context = append(b.Context, '}')
		b.Context = append(b.Context[:0], b.withoutCredentials(b.Context)...)
	}
	return nil
}

// sniff is the first byte of a body that is not white space, 0 for an empty one: what JSON it is, whatever its
// Content-Type says (pages and SDKs send JSON as text/plain and as forms).
func sniff(body []byte) byte {
	if t := bytes.TrimLeft(body, " \t\r\n"); len(t) > 0 {
		return t[0]
	}
	return 0
}

func emptyBody() *Refusal { return &Refusal{Kind: Unreadable, Detail: "the body is empty"} }

// oneOrMany hands on a body that is one object, or each element of one that is an array; detail says what it must be.
func oneOrMany(body []byte, detail string, add func([]byte) *Refusal) *Refusal {
	if sniff(body) == 0 {
		return emptyBody()
	}
	if r := check(body, ""); r != nil {
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
