package handle

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/credential"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/pageurl"
)

// pages takes what names a person, and credentials, out of the addresses of pages, and credentials out of the sender's own
// members. Enrich has read the click ids in them before.
func (h *Handler) pages(s *Scratch) {
	s.step = "pages"
	e := &s.out.Event
	s.page(&e.SourceURL, mapping.FieldSourceURL)
	s.page(&e.ReferrerURL, mapping.FieldReferrerURL)
	e.Custom.Members = s.pagesWithin(e.Custom.Members)
	for i := range e.Custom.Contents {
		e.Custom.Contents[i].Members = s.pagesWithin(e.Custom.Contents[i].Members)
	}
	e.App.Members = s.pagesWithin(e.App.Members)
	e.Extra = s.pagesWithin(e.Extra)
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

// pagesWithin does so for members that are raw JSON, and leaves out those that are credentials. It returns the ones that stay.
func (s *Scratch) pagesWithin(members []capi.Member) []capi.Member {
	kept := members[:0]
	for _, m := range members {
		if credential.IsMember(m.Key, true) {
			s.drop(mapping.FieldCustom, mapping.Private)
			continue
		}
		switch kind := jsonscan.Kind(m.Value); {
		case kind == 's' && pageurl.MayHold(m.Value), (kind == 'o' || kind == 'a') && mayHoldPrivate(m.Value):
			if public, changed := appendPublic(nil, m.Value); changed {
				m.Value = s.out.Keep(public)
				s.drop(mapping.FieldCustom, mapping.Private)
			}
		}
		kept = append(kept, m)
	}
	return kept
}

// appendPublic appends a JSON value, its addresses without what names a person, and without credentials.
func appendPublic(dst, value []byte) (out []byte, changed bool) {
	switch jsonscan.Kind(value) {
	case 's':
		if pageurl.MayHold(value) {
			if public, ok := pageurl.AppendPublicText(nil, jsonscan.Text(value, nil)); ok {
				return jsonscan.AppendString(dst, public), true
			}
		}
	case 'o':
		dst = append(dst, '{')
		start := len(dst)
		jsonscan.Object(value, func(key, v []byte) bool {
			if credential.IsMember(jsonscan.Key(key, nil), true) {
				changed = true
				return true
			}
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

// mayHoldPrivate says whether an address or a credential may stand in an object or a list.
func mayHoldPrivate(value []byte) (may bool) {
	jsonscan.Texts(value, func(text []byte, key bool) bool {
		if key {
			may = bytes.IndexByte(text, '\\') >= 0 || credential.IsMember(text, true)
		} else {
			may = pageurl.MayHold(text) || bytes.IndexByte(text, '\\') >= 0
		}
		return !may
	})
	return may
}
