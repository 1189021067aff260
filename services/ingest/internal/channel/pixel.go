package channel

import (
	"bytes"
	"mime"
	"net/http"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Pixel is Meta's image pixel, https://www.facebook.com/tr/ under another host: one event in a query, or in a form when
// the URL would be too long. Its item is an object of the fields as they are named: "ev", "cd[value]", "ud[em]".
type Pixel struct{}

// Name is meta.pixel.
func (Pixel) Name() string { return "meta.pixel" }

// Routes are the script's, and that of the image which Meta's own snippet has for pages without scripts.
func (Pixel) Routes() []Route {
	methods := []string{http.MethodGet, http.MethodPost}
	return []Route{{Methods: methods, Pattern: "/tr/", Answer: Gif{}}, {Methods: methods, Pattern: "/tr", Answer: Gif{}}}
}

// Answer is an image.
func (Pixel) Answer() Answer { return Gif{} }

// Claim reads the pixel of the query.
func (Pixel) Claim(r *http.Request) Claim {
	c := headClaim(r)
	c.Key, c.Dataset = r.URL.Query().Get("id"), true
	return c
}

// BodyClaims implements Format: a form has the pixel in it.
func (Pixel) BodyClaims(c Claim) bool { return c.Key == "" }

// Split reads one event: the query's fields and the form's.
func (Pixel) Split(in *Input, b *Batch) *Refusal {
	in.pairs = b.addPairs(in.pairs[:0], []byte(in.Request.URL.RawQuery))
	if r := in.form(b); r != nil {
		return r
	}
	if b.Claim.Key == "" {
		b.Claim.Key = string(bytes.TrimSpace(valueOf(in.pairs, "id")))
	}
	item, r := b.object(in.pairs)
	if r != nil {
		return r
	}
	return b.add(in, 0, item)
}

// form adds the fields of a form's body: urlencoded or multipart.
func (in *Input) form(b *Batch) *Refusal {
	if sniff(in.Body) == 0 {
		return nil
	}
	media, params, err := mime.ParseMediaType(in.Request.Header.Get("Content-Type"))
	if err == nil && media == "multipart/form-data" {
		return b.eachPart(in.Body, params["boundary"], func(name string, value []byte) *Refusal {
			if in.pairs = append(in.pairs, pair{[]byte(name), value}); len(in.pairs) > maxPairs {
				return &Refusal{Kind: Unreadable, Detail: "too many fields"}
			}
			return nil
		})
	}
	in.pairs = b.addPairs(in.pairs, bytes.TrimSpace(in.Body))
	return nil
}

// valueOf is the first value of a name.
func valueOf(list []pair, name string) []byte {
	for i := range list {
		if string(list[i].name) == name {
			return list[i].value
		}
	}
	return nil
}

// Identify takes the id that the page gave (eventID), else names a purchase by its order. An image in a page without
// scripts has neither id nor time: then it is visitor, minute and fields.
func (Pixel) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	var name, when, order, browser []byte
	best := len(persons)
	jsonscan.Object(item, func(key, value []byte) bool {
		switch k := jsonscan.Key(key, &in.text); string(k) {
		case "eid":
			if own := jsonscan.Text(value, &in.text); usableID(own) {
				id.EventID = own
			}
		case "ev":
			name = value
		case "ts":
			when = value
		case "cd[order_id]":
			order = value
		case "fbp":
			browser = in.first(value)
		default:
			if r := rank(matchField(k)); r < best {
				best, id.Person = r, in.first(value)
			}
		}
		return true
	})
	id.HasTime = when != nil
	if id.Person == nil && len(browser) > 0 {
		id.Person = browser
	}
	if id.Person == nil {
		id.Person = cookie(in.Request)
	}
	label := jsonscan.Text(name, &in.text)
	if id.EventID == nil {
		id.Natural = in.natural(label, order)
	}
	if id.EventID == nil && id.Natural == nil {
		id.Natural = in.visit(item, when == nil)
	}
	return in.hopeless(id, name, label, when)
}

// matchField is the match key within ud[…] or udff[…], nil for other fields.
func matchField(name []byte) []byte {
	rest, ok := bytes.CutPrefix(name, []byte("ud["))
	if !ok {
		rest, ok = bytes.CutPrefix(name, []byte("udff["))
	}
	if !ok {
		return nil
	}
	inner, ok := bytes.CutSuffix(rest, []byte("]"))
	if !ok {
		return nil
	}
	return inner
}

// visit is a key of a visitor's item: address, agent and fields, with the minute of arrival where these have no time.
func (in *Input) visit(item []byte, minute bool) []byte {
	start := len(in.text)
	d := in.text
	if in.Client.IsValid() {
		d = in.Client.AppendTo(d)
	}
	d = append(append(append(d, 0), in.Request.UserAgent()...), 0)
	d = append(d, item...)
	if minute {
		d = strconv.AppendInt(append(d, 0), in.Now.Unix()/60, 10)
	}
	in.text = d
	return d[start:len(d):len(d)]
}
