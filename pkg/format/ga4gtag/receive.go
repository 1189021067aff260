package ga4gtag

import (
	"bytes"
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/google"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes the requests of Google's tag apart.
type Receiver struct{}

// Claim reads the measurement id of the query.
func (Receiver) Claim(r *http.Request) receive.Claim {
	c := receive.ReadHead(r)
	c.Key = r.URL.Query().Get("tid")
	return c
}

// BodyClaims says where the claim is: the measurement id may be in a line.
func (Receiver) BodyClaims(c receive.Claim) bool { return c.Key == "" }

// Split takes the query as an event, or each line of the body. A single line is merged with the query; of several, the
// query is the context.
func (f Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	in.Pairs = b.AddPairs(in.Pairs[:0], []byte(in.Request.URL.RawQuery))
	f.whose(in, b)
	body := bytes.TrimSpace(in.Body)
	if bytes.IndexByte(body, '\n') < 0 {
		return f.single(in, b, body)
	}
	for i, p := range in.Pairs {
		if len(p.Value) > 0 && !receive.IsCredential(string(p.Name)) && !receive.HasName(in.Pairs[:i], p.Name) {
			b.AddContextText(string(p.Name), p.Value)
		}
	}
	if r := b.CloseContext(); r != nil {
		return r
	}
	for len(body) > 0 {
		var line []byte
		line, body, _ = bytes.Cut(body, []byte{'\n'})
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		in.Pairs = b.AddPairs(in.Pairs[:0], line)
		f.claim(in, b)
		if r := f.add(in, b); r != nil {
			return r
		}
	}
	return nil
}

// single takes the one event of query and line; what the line says goes before.
func (f Receiver) single(in *receive.Input, b *receive.Batch, line []byte) *receive.Refusal {
	if len(line) > 0 {
		query := in.Pairs
		merged := b.AddPairs(nil, line)
		own := merged
		for _, p := range query {
			if !receive.HasName(own, p.Name) {
				merged = append(merged, p)
			}
		}
		in.Pairs = merged
		f.whose(in, b)
	}
	return f.add(in, b)
}

func (Receiver) add(in *receive.Input, b *receive.Batch) *receive.Refusal {
	item, r := b.Object(receive.Firsts(in.Pairs))
	if r != nil {
		return r
	}
	return b.Add(item)
}

// whose takes the person and, where the query had none, the measurement id.
func (f Receiver) whose(in *receive.Input, b *receive.Batch) {
	f.claim(in, b)
	for _, name := range []string{google.FieldUser, google.FieldClient} {
		if v := receive.ValueOf(in.Pairs, name); len(v) > 0 && in.Subject == nil {
			in.Subject = v
		}
	}
}

func (Receiver) claim(in *receive.Input, b *receive.Batch) {
	if b.Claim.Key == "" {
		b.Claim.Key = string(bytes.TrimSpace(receive.ValueOf(in.Pairs, "tid")))
	}
}

// Identify takes the pixel's id, else the event's own event_id, else its transaction_id, else what tells a page's hits apart:
// they have no time.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	var name []byte
	var ids google.EventIDs
	jsonscan.Object(item, func(key, value []byte) bool {
		switch key = jsonscan.Key(key, &in.Scratch); string(key) {
		case google.FieldName:
			name = value
		case google.FieldUser, google.FieldClient:
			if id.Person == nil {
				id.Person = in.FirstText(value)
			}
		default:
			if rest, ok := bytes.CutPrefix(key, []byte(google.FieldParam)); ok {
				ids.Member(in, rest, value)
			} else if rest, ok := bytes.CutPrefix(key, []byte(google.FieldNumber)); ok {
				ids.Member(in, rest, value)
			}
		}
		return true
	})
	if in.Subject != nil {
		id.Person = in.Subject
	}
	id.EventID = receive.FirstOf(ids.Own(), ids.Order())
	if id.EventID == nil {
		id.Natural = google.TagKey(in, item, id.Index)
	}
	return in.Hopeless(id, name, jsonscan.Text(name, &in.Scratch), nil)
}
