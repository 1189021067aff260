package mapping

import (
	"bytes"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// ReadBrowser takes what the visitor's own request says: address, agent, page and Meta's cookies.
func (o *Output) ReadBrowser(raw *event.Raw) {
	b := &o.Browser
	b.IP = raw.IP
	if jsonscan.Kind(raw.Headers) != 'o' {
		return
	}
	o.Index.Object(raw.Headers, func(key, value []byte) bool {
		switch string(key) {
		case "user-agent":
			b.UserAgent = o.Text(value)
		case "referer":
			b.Referer = o.Text(value)
		case "cookie":
			o.cookies(o.Text(value))
		}
		return true
	})
}

// cookies reads Meta's cookies and the _ga cookie of a Cookie header; of equal names the first counts.
func (o *Output) cookies(header []byte) {
	b := &o.Browser
	for len(header) > 0 {
		pair := header
		if end := bytes.IndexByte(header, ';'); end >= 0 {
			pair, header = header[:end], header[end+1:]
		} else {
			header = nil
		}
		pair = Trim(pair)
		equals := bytes.IndexByte(pair, '=')
		if equals < 0 || equals == len(pair)-1 {
			continue
		}
		value := pair[equals+1:]
		switch string(pair[:equals]) {
		case "_fbp":
			setOnce(&b.Fbp, value)
		case "_fbc":
			setOnce(&b.Fbc, value)
		case "_fbi":
			setOnce(&b.CookieIP, value)
		case "_ga":
			setOnce(&o.People.GAClient, GAClientID(value))
		}
	}
}

// setOnce sets what is not set yet.
func setOnce(dst *[]byte, value []byte) {
	if *dst == nil {
		*dst = value
	}
}

// GAClientID is the client id of a _ga cookie (GA1.<labels>.<random>.<first seen>): its last two parts; nil if it is none.
func GAClientID(cookie []byte) []byte {
	if !bytes.HasPrefix(cookie, []byte("GA1.")) {
		return nil
	}
	seen := bytes.LastIndexByte(cookie, '.')
	random := bytes.LastIndexByte(cookie[:seen], '.')
	if random < len("GA1.") {
		return nil
	}
	return cookie[random+1:]
}

// CompleteVisit completes an event that the visitor's own page sent in a request that arrived at at. The event cannot be
// later than that, whatever the page's clock says; where it says no page, the request's Referer is it.
func (o *Output) CompleteVisit(at time.Time) {
	if !at.IsZero() && o.Event.TimeSet {
		o.Event.Time = min(o.Event.Time, at.Unix())
	}
	o.DefaultTime(at)
	if len(o.Event.SourceURL) == 0 {
		o.Event.SourceURL = o.Browser.Path // CompletePages completes it
	}
	if len(o.Event.SourceURL) == 0 {
		o.Event.SourceURL = o.Browser.Referer
	}
}
