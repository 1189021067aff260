package enrich

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// maxFbclid is the bound of Meta's own builder, which ignores a longer fbclid.
const maxFbclid = 500

// clickID completes fbc as Meta's own builder does. A valid fbc of the sender is kept; else the visitor's cookie is
// taken, unless another fbclid is seen: then that click is newer, and fbc is built from it. A built fbc has the event's
// time as the time at which the click id was seen, and the subdomain index of the page.
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

// seen returns the fbclid of the page, else that of the page from which the request or the visitor came; nil if there
// is none.
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

// payload returns the fourth segment of fbc, after which PB's suffix may follow.
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
