package channel

import (
	"bytes"
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// WhatsApp is the Cloud API's webhook. Of all it brings two things are kept: a message's referral, the ad's click behind
// a conversation (a fact), and automatic_events, the conversions that Meta itself found. Statuses, by far the most
// frequent, and plain messages are answered and counted; what people write is never stored.
type WhatsApp struct{}

// Name is whatsapp.
func (WhatsApp) Name() string { return "whatsapp" }

// Routes is one.
func (f WhatsApp) Routes() []Route {
	return []Route{{Methods: []string{http.MethodGet, http.MethodPost}, Pattern: "/v1/whatsapp/webhook", Answer: f.Answer()}}
}

// Answer is 200: Meta repeats anything else for days.
func (WhatsApp) Answer() Answer { return Hook{} }

// Claim reads ?source=; the business account is in the body.
func (WhatsApp) Claim(r *http.Request) Claim { return headClaim(r) }

// BodyClaims implements Format: always, the body is signed.
func (WhatsApp) BodyClaims(Claim) bool { return true }

// Greet implements Greeter.
func (WhatsApp) Greet(in *Input, to Candidates, reply *Reply) bool {
	return greetMeta(in, to, reply)
}

// Split walks entries, changes, and what each brings.
func (f WhatsApp) Split(in *Input, b *Batch) *Refusal {
	sign(in, b, signature.Meta{})
	if sniff(in.Body) == 0 {
		return emptyBody()
	}
	if r := check(in.Body, ""); r != nil {
		return r
	}
	return metaChanges(b, in.Body, func(account, field, value []byte) *Refusal {
		switch string(field) {
		case "messages":
			return f.messages(in, b, account, value)
		case "automatic_events":
			return f.automatic(in, b, account, value)
		}
		b.Ignored++
		return nil
	})
}

// messages keeps those with a referral and counts the others, statuses and errors.
func (f WhatsApp) messages(in *Input, b *Batch, account, value []byte) *Refusal {
	var refused *Refusal
	var contacts map[string][]byte
	before := b.Ignored + len(b.Items)
	metadata := jsonscan.Get(value, "metadata")
	jsonscan.Array(jsonscan.Get(value, "messages"), func(message []byte) bool {
		if jsonscan.Kind(jsonscan.Get(message, "referral")) != 'o' {
			b.Ignored++
			return true
		}
		if contacts == nil {
			contacts = contactsOf(b, value)
		}
		contact := contactOf(b, contacts, message)
		if refused = besideItems(account, metadata, contact); refused == nil {
			refused = b.add(in, 0, f.referral(b, account, metadata, contact, message))
		}
		return refused == nil
	})
	for _, list := range []string{"statuses", "errors"} {
		jsonscan.Array(jsonscan.Get(value, list), func([]byte) bool { b.Ignored++; return true })
	}
	if refused == nil && b.Ignored+len(b.Items) == before {
		b.Ignored++
	}
	return refused
}

// messageFacts are what is kept of a message beside its referral: who, when and which one, not what was said.
var messageFacts = []string{"id", "from", "from_user_id", "timestamp", "type"}

// contactsOf lists a change's contacts by number and by user id, the first of each.
func contactsOf(b *Batch, value []byte) map[string][]byte {
	contacts := map[string][]byte{}
	jsonscan.Array(jsonscan.Get(value, "contacts"), func(c []byte) bool {
		for _, name := range contactIDs {
			id := name.contact + string(b.text(jsonscan.Get(c, name.contact)))
			if _, known := contacts[id]; !known {
				contacts[id] = c
			}
		}
		return true
	})
	return contacts
}

// contactIDs are the members by which a message names its contact.
var contactIDs = []struct{ message, contact string }{{"from", "wa_id"}, {"from_user_id", "user_id"}}

func contactOf(b *Batch, contacts map[string][]byte, message []byte) []byte {
	for _, name := range contactIDs {
		id := b.text(jsonscan.Get(message, name.message))
		if contact := contacts[name.contact+string(id)]; len(id) > 0 && contact != nil {
			return contact
		}
	}
	return nil
}

// besideItems bounds what each item of a change repeats: whose body it is, is not known yet.
func besideItems(parts ...[]byte) *Refusal {
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	if size > maxContext {
		return &Refusal{Kind: TooLarge, Detail: "what stands beside the messages is too large"}
	}
	return nil
}

// referral makes an item of a message, with the account, the number it was sent to and the contact it is of.
func (WhatsApp) referral(b *Batch, account, metadata, contact, message []byte) []byte {
	start := len(b.Scratch)
	b.Scratch = append(b.Scratch, `{"account":`...)
	b.Scratch = jsonscan.AppendString(b.Scratch, account)
	b.member("metadata", metadata)
	b.member("contact", contact)
	b.Scratch = append(b.Scratch, `,"message":{`...)
	open := len(b.Scratch)
	for _, name := range messageFacts {
		b.member(name, jsonscan.Get(message, name))
	}
	b.member("referral", jsonscan.Get(message, "referral"))
	b.Scratch = append(b.Scratch[:open], b.Scratch[open+1:]...) // the first comma
	b.Scratch = append(b.Scratch, '}', '}')
	return b.Scratch[start:len(b.Scratch):len(b.Scratch)]
}

// member appends a member as received, with a comma before it, unless there is none.
func (b *Batch) member(name string, value []byte) {
	if value == nil {
		return
	}
	b.Scratch = append(append(append(b.Scratch, `,"`...), name...), '"', ':')
	b.Scratch = append(b.Scratch, value...)
}

// automatic keeps Meta's own conversions.
func (WhatsApp) automatic(in *Input, b *Batch, account, value []byte) *Refusal {
	metadata := jsonscan.Get(value, "metadata")
	refused := besideItems(account, metadata)
	if refused != nil {
		return refused
	}
	if !jsonscan.Array(jsonscan.Get(value, "automatic_events"), func(e []byte) bool {
		start := len(b.Scratch)
		b.Scratch = append(b.Scratch, `{"account":`...)
		b.Scratch = jsonscan.AppendString(b.Scratch, account)
		b.member("metadata", metadata)
		b.member("automatic_event", e)
		b.Scratch = append(b.Scratch, '}')
		refused = b.add(in, 0, b.Scratch[start:len(b.Scratch):len(b.Scratch)])
		return refused == nil
	}) {
		b.Ignored++
	}
	return refused
}

// Identify names an item by Meta's id of the message or event. The person of a referral is known by number or, with a
// username, by user id: a business event with the same wa_id lies in the same partition.
func (WhatsApp) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	if e := jsonscan.Get(item, "automatic_event"); e != nil {
		in.messageID(id, jsonscan.Get(e, "id"))
		id.Person = some(in.first(jsonscan.Get(e, "ctwa_clid")))
		id.HasTime = true
		return fault.None
	}
	message := jsonscan.Get(item, "message")
	in.messageID(id, jsonscan.Get(message, "id"))
	if id.Person = some(in.first(jsonscan.Get(message, "from"))); id.Person == nil {
		id.Person = some(in.first(jsonscan.Get(message, "from_user_id")))
	}
	id.HasTime = true
	return fault.None
}

// messageID takes Meta's id. That of a message (wamid.…) spells the customer's number in Base64: hashed, it names the
// item as well.
func (in *Input) messageID(id *Ident, value []byte) {
	own := in.first(value)
	if bytes.HasPrefix(own, []byte("wamid.")) {
		id.Natural = own
		return
	}
	id.EventID = usable(own)
}

// usable is an id that can be the event's, else nil.
func usable(id []byte) []byte {
	if !usableID(id) {
		return nil
	}
	return id
}

// some is a text, nil if it is empty.
func some(text []byte) []byte {
	if len(text) == 0 {
		return nil
	}
	return text
}
