package enrich

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// maxFbclid: Meta's own builder ignores longer ones.
const maxFbclid = 500

// clickID completes fbc as Meta's own builder does. The sender's own goes first if it is one, then the visitor's cookie,
// unless another fbclid is seen: then that is the newer click. Built ones take the event's time, when the click id was
// seen, and the index of the page's domain.
func clickID(e *capi.Event, b *mapping.Browser) {
	if identity.IsClick(value(e, identity.Fbc)) {
		return
	}
	fbclid := seen(e, b)
	switch {
	case identity.IsClick(b.Fbc) && (fbclid == nil || bytes.Equal(payload(b.Fbc), fbclid)):
		e.User.Add(identity.Fbc, identity.Auto, b.Fbc)
	case fbclid != nil:
		e.User.Add(identity.Fbc, identity.Auto, built(e, fbclid))
	}
}

// seen is the fbclid of the page, else of the page that the request or the visitor came from; nil if there is none.
func seen(e *capi.Event, b *mapping.Browser) []byte {
	if !e.TimeSet {
		return nil
	}
	for _, page := range [...][]byte{e.SourceURL, b.Referer, e.ReferrerURL} {
		if fbclid := identity.FbclidOf(page); fbclid != nil && len(fbclid) <= maxFbclid {
			return fbclid
		}
	}
	return nil
}

func built(e *capi.Event, fbclid []byte) []byte {
	var room [maxFbclid + 32]byte
	return e.Keep(identity.AppendFbcOf(room[:0], e.SourceURL, fbclid, e.Time*1000))
}

// payload is the fourth segment: an appendix may follow it.
func payload(fbc []byte) []byte {
	for range 3 {
		_, rest, ok := bytes.Cut(fbc, []byte{'.'})
		if !ok {
			return nil
		}
		fbc = rest
	}
	p, _, _ := bytes.Cut(fbc, []byte{'.'})
	return p
}
