package channel

import (
	"bytes"
	"mime"
	"unicode/utf8"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// maxFields of a form: Meta's parameters are a dozen.
const maxFields = 64

// splitForm reads a form: urlencoded (Python, Ruby, Java SDKs) or multipart (PHP).
func (f CAPI) splitForm(in *Input, b *Batch) *Refusal {
	media, params, err := mime.ParseMediaType(in.Request.Header.Get("Content-Type"))
	form := fields{f: f, b: b}
	switch {
	case err == nil && media == "multipart/form-data":
		if r := form.multipart(in.Body, params["boundary"]); r != nil {
			return r
		}
	default:
		if r := form.urlencoded(in.Body); r != nil {
			return r
		}
	}
	if form.data == nil {
		return &Refusal{Kind: Unreadable, Field: "data", Detail: "data is missing"}
	}
	if r := check(form.data, "data"); r != nil {
		return r
	}
	return f.splitData(in, b, form.data)
}

// fields takes a form's fields, each once.
type fields struct {
	f    CAPI
	b    *Batch
	data []byte
	seen []string
}

func (s *fields) take(name string, value []byte) *Refusal {
	for _, other := range s.seen {
		if other == name {
			return &Refusal{Kind: Unreadable, Detail: "a field of the form is given twice"}
		}
	}
	if s.seen = append(s.seen, name); len(s.seen) > maxFields {
		return &Refusal{Kind: TooLarge, Detail: "too many fields in the form"}
	}
	if !utf8.Valid(value) || !utf8.ValidString(name) {
		return &Refusal{Kind: Unreadable, Detail: jsonscan.WhatUTF8 + " in the form"}
	}
	switch {
	case name == "data":
		s.data = value
	case name == "access_token" || name == "accessKey":
		s.f.present(s.b, value)
	case name == "id" || name == "" || len(value) == 0 || IsCredential(name):
	default:
		s.b.addContextText(name, value)
	}
	return nil
}

func (s *fields) urlencoded(body []byte) *Refusal {
	for len(body) > 0 {
		var pair []byte
		pair, body, _ = bytes.Cut(body, []byte{'&'})
		if len(pair) == 0 {
			continue
		}
		name, value, found := bytes.Cut(pair, []byte{'='})
		if !found {
			return &Refusal{Kind: Unreadable, Detail: "the body is neither JSON nor a form"}
		}
		key, ok := s.b.unescape(name)
		text, ok2 := s.b.unescape(value)
		if !ok || !ok2 {
			return &Refusal{Kind: Unreadable, Detail: "invalid percent-encoding in the form"}
		}
		if r := s.take(string(key), text); r != nil {
			return r
		}
	}
	return nil
}

// multipart reads a multipart form.
func (s *fields) multipart(body []byte, boundary string) *Refusal {
	return s.b.eachPart(body, boundary, s.take)
}
