package metapixel

import (
	"bytes"
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes the image pixel's requests apart.
type Receiver struct{}

// Claim reads the pixel of the query.
func (Receiver) Claim(r *http.Request) receive.Claim {
	c := receive.ReadHead(r)
	c.Key, c.Dataset = r.URL.Query().Get("id"), true
	return c
}

// BodyClaims says where the claim is: a form has the pixel in it.
func (Receiver) BodyClaims(c receive.Claim) bool { return c.Key == "" }

// Split reads one event: the query's fields and the form's.
func (Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	in.Pairs = b.AddPairs(in.Pairs[:0], []byte(in.Request.URL.RawQuery))
	if r := in.Form(b); r != nil {
		return r
	}
	if b.Claim.Key == "" {
		b.Claim.Key = string(bytes.TrimSpace(receive.ValueOf(in.Pairs, "id")))
	}
	item, r := b.Object(in.Pairs)
	if r != nil {
		return r
	}
	return b.Add(item)
}

// Identify takes the id that the page gave (eventID), else names a purchase by its order. An image in a page without
// scripts has neither id nor time: then it is visitor, minute and fields.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	var name, when, order, browser []byte
	best := len(receive.PersonKeys)
	jsonscan.Object(item, func(key, value []byte) bool {
		switch k := jsonscan.Key(key, &in.Scratch); string(k) {
		case "eid":
			id.EventID = in.EventID(value)
		case "ev":
			name = value
		case "ts":
			when = value
		case "cd[order_id]":
			order = value
		case "fbp":
			browser = in.ID(value)
		default:
			if r := receive.PersonRank(matchField(k)); r < best {
				if who := in.ID(value); who != nil {
					best, id.Person = r, who
				}
			}
		}
		return true
	})
	id.HasTime = when != nil
	if id.Person = receive.FirstOf(id.Person, browser); id.Person == nil {
		id.Person = receive.BrowserID(in.Request)
	}
	label := jsonscan.Text(name, &in.Scratch)
	if id.EventID == nil {
		id.Natural = in.OrderKey(label, order)
	}
	if id.EventID == nil && id.Natural == nil {
		id.Natural = in.VisitorKey(item, when == nil)
	}
	return in.Hopeless(id, name, label, when)
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
