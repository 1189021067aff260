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
	s.membersPages(e.Custom.Members)
	for i := range e.Custom.Contents {
		s.membersPages(e.Custom.Contents[i].Members)
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

// membersPages does so for members of custom_data, raw JSON, that are addresses.
func (s *Scratch) membersPages(members []capi.Member) {
	for i := range members {
		if v := members[i].Value; isAddress(v) {
			address := s.out.Text(v)
			was := len(address)
			if s.page(&address, mapping.FieldCustom); len(address) < was {
				members[i].Value = s.out.Quoted(address)
			}
		}
	}
}

// isAddress says whether a JSON text begins as the address of a page.
func isAddress(value []byte) bool {
	return jsonscan.Kind(value) == 's' && len(value) > len(`"http:`) && bytes.EqualFold(value[1:5], []byte("http"))
}
