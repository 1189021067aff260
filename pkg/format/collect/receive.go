package collect

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/serverevent"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/privacy"
)

// Receiver takes our collector's requests apart.
type Receiver struct{}

// Split reads {"events":[…]}, an array of events, or one event.
func (f Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if r := receive.CheckBody(in.Body); r != nil {
		return r
	}
	events, single := []byte(nil), false
	switch jsonscan.Kind(in.Body) {
	case 'a':
		events = in.Body
	case 'o':
		if events = jsonscan.Get(in.Body, "events"); events == nil {
			single = jsonscan.Get(in.Body, "event_name") != nil
		}
	}
	if single {
		return b.Add(jsonscan.Trim(in.Body))
	}
	f.context(in, b)
	if r := b.CloseContext(); r != nil {
		return r
	}
	return receive.AddObjects(b, events, "events")
}

// context keeps what the request says for all its events.
func (Receiver) context(in *receive.Input, b *receive.Batch) {
	jsonscan.Object(in.Body, func(key, value []byte) bool {
		switch name := jsonscan.Key(key, &b.Scratch); string(name) {
		case "events", storedServer:
		case "sent_at":
			b.SentBy(value)
		default:
			if !receive.IsCredential(string(name)) {
				b.AddContext(key, value)
			}
		}
		return true
	})
}

// Granted keeps a server's context, marked as one's. Of a page's only what it says of how its events may be used is
// kept: what anybody's page says is good for its own event only, but a refusal holds.
func (Receiver) Granted(b *receive.Batch, server bool) {
	if server {
		b.AddFlag(storedServer)
		return
	}
	start := len(b.Scratch)
	before := byte('{')
	jsonscan.Object(b.Context, func(key, value []byte) bool {
		if privacy.IsWish(key) {
			b.Scratch = append(append(append(b.Scratch, before, '"'), key...), '"', ':')
			b.Scratch = append(b.Scratch, value...)
			before = ','
		}
		return true
	})
	b.Context = b.Context[:0]
	if kept := b.Scratch[start:]; len(kept) > 0 {
		b.Context = append(append(b.Context, kept...), '}')
	}
}

// Identify reads an event in Meta's names, with user instead of user_data.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	reason := serverevent.Identify(in, item, id)
	if id.Person == nil {
		id.Person = receive.BrowserID(in.Request)
	}
	// Two visitors of one page say the same within a minute; a server's repeat may come from another address.
	if id.EventID == nil && id.Natural == nil && !in.Server {
		id.Natural = in.VisitorKey(item, !id.HasTime)
	}
	return reason
}
