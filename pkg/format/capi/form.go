package capi

import (
	"bytes"
	"mime"
	"unicode/utf8"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// maxFields of a form: Meta's parameters are a dozen.
const maxFields = 64

// splitForm reads a form: urlencoded (Python, Ruby, Java SDKs) or multipart (PHP).
func (f Receiver) splitForm(in *receive.Input, b *receive.Batch) *receive.Refusal {
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
		return &receive.Refusal{Kind: receive.Unreadable, Field: "data", Detail: "data is missing"}
	}
	if r := receive.Check(form.data, "data"); r != nil {
		return r
	}
	return f.splitData(in, b, form.data)
}

// fields takes a form's fields, each once.
type fields struct {
	f    Receiver
	b    *receive.Batch
	data []byte
	seen []string
}

func (s *fields) take(name string, value []byte) *receive.Refusal {
	for _, other := range s.seen {
		if other == name {
			return &receive.Refusal{Kind: receive.Unreadable, Detail: "a field of the form is given twice"}
		}
	}
	if s.seen = append(s.seen, name); len(s.seen) > maxFields {
		return &receive.Refusal{Kind: receive.TooLarge, Detail: "too many fields in the form"}
	}
	if !utf8.Valid(value) || !utf8.ValidString(name) {
		return &receive.Refusal{Kind: receive.Unreadable, Detail: jsonscan.WhatUTF8 + " in the form"}
	}
	switch {
	case name == "data":
		s.data = jsonscan.TrimMark(value)
	case name == "access_token" || name == "accessKey":
		s.f.present(s.b, value)
	case name == "id" || name == "" || len(value) == 0 || receive.IsCredential(name):
	default:
		s.b.AddContextText(name, value)
	}
	return nil
}

func (s *fields) urlencoded(body []byte) *receive.Refusal {
	for len(body) > 0 {
		var pair []byte
		pair, body, _ = bytes.Cut(body, []byte{'&'})
		if len(pair) == 0 {
			continue
		}
		name, value, found := bytes.Cut(pair, []byte{'='})
		if !found {
			return &receive.Refusal{Kind: receive.Unreadable, Detail: "the body is neither JSON nor a form"}
		}
		key, ok := s.b.Unescape(name)
		text, ok2 := s.b.Unescape(value)
		if !ok || !ok2 {
			return &receive.Refusal{Kind: receive.Unreadable, Detail: "invalid percent-encoding in the form"}
		}
		if r := s.take(string(key), text); r != nil {
			return r
		}
	}
	return nil
}

// multipart reads a multipart form.
func (s *fields) multipart(body []byte, boundary string) *receive.Refusal {
	return s.b.EachPart(body, boundary, s.take)
}
