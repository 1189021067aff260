package whatsapp

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/metahook"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes the Cloud API's webhooks apart.
type Receiver struct{}

// Greet answers the request by which Meta verifies the endpoint.
func (Receiver) Greet(in *receive.Input, to receive.Candidates, reply *receive.Reply) bool {
	return metahook.Greet(in, to, reply)
}

// Split walks entries, changes, and what each brings.
func (f Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if r := receive.CheckBody(in.Body); r != nil {
		return r
	}
	return metahook.Changes(b, in.Body, func(account, field, value []byte) *receive.Refusal {
		switch string(field) {
		case "messages":
			return f.messages(b, account, value)
		case "automatic_events":
			return f.automatic(b, account, value)
		}
		b.Ignored++
		return nil
	})
}

// messages keeps those with a referral and counts the others, statuses and errors.
func (f Receiver) messages(b *receive.Batch, account, value []byte) *receive.Refusal {
	var refused *receive.Refusal
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
			refused = b.Add(f.referral(b, account, metadata, contact, message))
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
func contactsOf(b *receive.Batch, value []byte) map[string][]byte {
	contacts := map[string][]byte{}
	jsonscan.Array(jsonscan.Get(value, "contacts"), func(c []byte) bool {
		for _, name := range contactIDs {
			id := name.contact + string(b.Text(jsonscan.Get(c, name.contact)))
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

func contactOf(b *receive.Batch, contacts map[string][]byte, message []byte) []byte {
	for _, name := range contactIDs {
		id := b.Text(jsonscan.Get(message, name.message))
		if contact := contacts[name.contact+string(id)]; len(id) > 0 && contact != nil {
			return contact
		}
	}
	return nil
}

// besideItems bounds what each item of a change repeats: whose body it is, is not known yet.
func besideItems(parts ...[]byte) *receive.Refusal {
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	if size > receive.MaxContext {
		return &receive.Refusal{Kind: receive.TooLarge, Detail: "what stands beside the messages is too large"}
	}
	return nil
}

// referral makes an item of a message, with the account, the number it was sent to and the contact it is of.
func (Receiver) referral(b *receive.Batch, account, metadata, contact, message []byte) []byte {
	start := len(b.Scratch)
	b.Scratch = append(b.Scratch, `{"`+storedAccount+`":`...)
	b.Scratch = jsonscan.AppendString(b.Scratch, account)
	member(b, storedMetadata, metadata)
	member(b, storedContact, contact)
	b.Scratch = append(b.Scratch, `,"`+storedMessage+`":{`...)
	open := len(b.Scratch)
	for _, name := range messageFacts {
		member(b, name, jsonscan.Get(message, name))
	}
	member(b, "referral", jsonscan.Get(message, "referral"))
	b.Scratch = append(b.Scratch[:open], b.Scratch[open+1:]...) // the first comma
	b.Scratch = append(b.Scratch, '}', '}')
	return b.Scratch[start:len(b.Scratch):len(b.Scratch)]
}

// member appends a member as received, with a comma before it, unless there is none.
func member(b *receive.Batch, name string, value []byte) {
	if value == nil {
		return
	}
	b.Scratch = append(append(append(b.Scratch, `,"`...), name...), '"', ':')
	b.Scratch = append(b.Scratch, value...)
}

// automatic keeps Meta's own conversions.
func (Receiver) automatic(b *receive.Batch, account, value []byte) *receive.Refusal {
	metadata := jsonscan.Get(value, "metadata")
	refused := besideItems(account, metadata)
	if refused != nil {
		return refused
	}
	if !jsonscan.Array(jsonscan.Get(value, "automatic_events"), func(e []byte) bool {
		start := len(b.Scratch)
		b.Scratch = append(b.Scratch, `{"`+storedAccount+`":`...)
		b.Scratch = jsonscan.AppendString(b.Scratch, account)
		member(b, storedMetadata, metadata)
		member(b, storedAutomatic, e)
		b.Scratch = append(b.Scratch, '}')
		refused = b.Add(b.Scratch[start:len(b.Scratch):len(b.Scratch)])
		return refused == nil
	}) {
		b.Ignored++
	}
	return refused
}

// Identify names an item by Meta's id of the message or event. The person of a referral is known by number or, with a
// username, by user id: a business event with the same wa_id lies in the same partition.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	if e := jsonscan.Get(item, storedAutomatic); e != nil {
		messageID(in, id, jsonscan.Get(e, "id"))
		id.Person = in.ID(jsonscan.Get(e, "ctwa_clid"))
		id.HasTime = true
		return fault.None
	}
	message := jsonscan.Get(item, storedMessage)
	messageID(in, id, jsonscan.Get(message, "id"))
	id.Person = receive.FirstOf(in.ID(jsonscan.Get(message, "from")), in.ID(jsonscan.Get(message, "from_user_id")))
	id.HasTime = true
	return fault.None
}

// messageID takes Meta's id. That of a message (wamid.…) spells the customer's number in Base64: hashed, it names the
// item as well.
func messageID(in *receive.Input, id *receive.Ident, value []byte) {
	own := in.FirstText(value)
	if bytes.HasPrefix(own, []byte("wamid.")) {
		id.Natural = own
		return
	}
	id.EventID = receive.UsableID(own)
}
