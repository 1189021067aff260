package handle

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/pageurl"
)

// pages takes what names a person out of the addresses of pages. Enrich has read the click ids in them before.
func (h *Handler) pages(s *Scratch) {
	s.step = "pages"
	e := &s.out.Event
	s.page(&e.SourceURL, mapping.FieldSourceURL)
	s.page(&e.ReferrerURL, mapping.FieldReferrerURL)
	s.pagesWithin(e.Custom.Members)
	for i := range e.Custom.Contents {
		s.pagesWithin(e.Custom.Contents[i].Members)
	}
}

func (s *Scratch) page(address *[]byte, field string) {
	out := &s.out
	mark := out.Mark()
	var changed bool
	if out.Scratch, changed = pageurl.AppendPublic(out.Scratch, *address); changed {
		*address = out.Since(mark)
		s.drop(field, mapping.Private)
	}
}

// pagesWithin does so for the sender's own members of custom_data, raw JSON, that are addresses or hold some.
func (s *Scratch) pagesWithin(members []capi.Member) {
	for i := range members {
		v := members[i].Value
		switch kind := jsonscan.Kind(v); {
		case kind == 's' && isAddress(v), (kind == 'o' || kind == 'a') && holdsAddress(v):
			if public, changed := appendPublic(nil, v); changed {
				members[i].Value = s.out.Keep(public)
				s.drop(mapping.FieldCustom, mapping.Private)
			}
		}
	}
}

// appendPublic appends a JSON value, its addresses without what names a person.
func appendPublic(dst, value []byte) (out []byte, changed bool) {
	switch jsonscan.Kind(value) {
	case 's':
		if isAddress(value) {
			if public, ok := pageurl.AppendPublic(nil, jsonscan.Text(value, nil)); ok {
				return jsonscan.AppendString(dst, public), true
			}
		}
	case 'o':
		dst = append(dst, '{')
		start := len(dst)
		jsonscan.Object(value, func(key, v []byte) bool {
			if len(dst) > start {
				dst = append(dst, ',')
			}
			var has bool
			dst, has = appendPublic(append(append(append(dst, '"'), key...), '"', ':'), v)
			changed = changed || has
			return true
		})
		return append(dst, '}'), changed
	case 'a':
		dst = append(dst, '[')
		start := len(dst)
		jsonscan.Array(value, func(v []byte) bool {
			if len(dst) > start {
				dst = append(dst, ',')
			}
			var has bool
			dst, has = appendPublic(dst, v)
			changed = changed || has
			return true
		})
		return append(dst, ']'), changed
	}
	return jsonscan.AppendCompact(dst, value), false
}

// isAddress says whether a JSON text begins as the address of a page, whole or from its path on.
func isAddress(text []byte) bool {
	return len(text) > len(`"http:`) && (text[1] == '/' || text[1] == '\\' && text[2] == '/' || bytes.EqualFold(text[1:5], []byte("http")))
}

// holdsAddress says whether the address of a page may stand in an object or a list.
func holdsAddress(value []byte) bool {
	return bytes.Contains(value, []byte(`"http`)) || bytes.Contains(value, []byte(`"/`)) || bytes.Contains(value, []byte(`"\/`)) ||
		bytes.Contains(value, []byte(`"HTTP`)) || bytes.Contains(value, []byte(`"Http`))
}
