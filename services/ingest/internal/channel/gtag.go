package channel

import (
	"bytes"
	"net/http"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Gtag is what Google's own tag (gtag.js) sends from a page to /g/collect: one event in the query, or several in the
// body, one urlencoded event a line, of which the query says what is true of all.
type Gtag struct{}

// Name is ga4.gtag.
func (Gtag) Name() string { return "ga4.gtag" }

// Routes is one.
func (Gtag) Routes() []Route {
	return []Route{{Methods: []string{http.MethodGet, http.MethodPost}, Pattern: "/g/collect", Answer: Google{}}}
}

// Answer is Google's.
func (Gtag) Answer() Answer { return Google{} }

// Claim reads the measurement id of the query.
func (Gtag) Claim(r *http.Request) Claim {
	c := headClaim(r)
	c.Key = r.URL.Query().Get("tid")
	return c
}

// BodyClaims implements Format: the measurement id may be in a line.
func (Gtag) BodyClaims(c Claim) bool { return c.Key == "" }

// Split takes the query as an event, or each line of the body. A single line is merged with the query; of several, the
// query is the context.
func (f Gtag) Split(in *Input, b *Batch) *Refusal {
	in.pairs = b.addPairs(in.pairs[:0], []byte(in.Request.URL.RawQuery))
	f.whose(in, b)
	body := bytes.TrimSpace(in.Body)
	if bytes.IndexByte(body, '\n') < 0 {
		return f.single(in, b, body)
	}
	for i, p := range in.pairs {
		if len(p.value) > 0 && !IsCredential(string(p.name)) && !named(in.pairs[:i], p.name) {
			b.addContextText(string(p.name), p.value)
		}
	}
	if r := b.closeContext(); r != nil {
		return r
	}
	for len(body) > 0 {
		var line []byte
		line, body, _ = bytes.Cut(body, []byte{'\n'})
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		in.pairs = b.addPairs(in.pairs[:0], line)
		f.claim(in, b)
		if r := f.add(in, b); r != nil {
			return r
		}
	}
	return nil
}

// single takes the one event of query and line; what the line says goes before.
func (f Gtag) single(in *Input, b *Batch, line []byte) *Refusal {
	if len(line) > 0 {
		query := in.pairs
		merged := b.addPairs(nil, line)
		own := merged
		for _, p := range query {
			if !named(own, p.name) {
				merged = append(merged, p)
			}
		}
		in.pairs = merged
		f.whose(in, b)
	}
	return f.add(in, b)
}

func (Gtag) add(in *Input, b *Batch) *Refusal {
	item, r := b.object(firsts(in.pairs))
	if r != nil {
		return r
	}
	return b.add(in, 0, item)
}

// whose takes the person and, where the query had none, the measurement id.
func (f Gtag) whose(in *Input, b *Batch) {
	f.claim(in, b)
	for _, name := range []string{"uid", "cid"} {
		if v := valueOf(in.pairs, name); len(v) > 0 && in.subject == nil {
			in.subject = v
		}
	}
}

func (Gtag) claim(in *Input, b *Batch) {
	if b.Claim.Key == "" {
		b.Claim.Key = string(bytes.TrimSpace(valueOf(in.pairs, "tid")))
	}
}

// Identify takes the event's own event_id, else its transaction_id, else whose it is, which page and hit, and the minute
// of arrival: it has no time.
func (Gtag) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	var name, own, order []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.text)) {
		case "en":
			name = value
		case "ep.event_id":
			own = in.usable(value)
		case "ep.transaction_id":
			order = in.usable(value)
		case "uid", "cid":
			if id.Person == nil {
				id.Person = in.first(value)
			}
		}
		return true
	})
	if in.subject != nil {
		id.Person = in.subject
	}
	if id.EventID = own; own == nil {
		id.EventID = order
	}
	if id.EventID == nil {
		id.Natural = in.tagged(item, id.Index)
	}
	return in.hopeless(id, name, jsonscan.Text(name, &in.text), nil)
}

// tagged is a key of a tag's hit: visitor, query, place in the request, fields and minute.
func (in *Input) tagged(item []byte, index int) []byte {
	start := len(in.text)
	d := in.text
	if in.Client.IsValid() {
		d = in.Client.AppendTo(d)
	}
	d = append(append(d, 0), in.Request.UserAgent()...)
	d = append(append(d, 0), in.Request.URL.RawQuery...)
	d = strconv.AppendInt(append(d, 0), int64(index), 10)
	d = strconv.AppendInt(append(d, 0), in.Now.Unix()/60, 10)
	d = append(append(d, 0), item...)
	in.text = d
	return d[start:len(d):len(d)]
}
