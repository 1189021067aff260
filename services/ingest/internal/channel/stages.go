package channel

import (
	"bytes"
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Stages is changes of leads' stages as any CRM can post them: {"source":…,"changes":[{"lead_id","stage","occurred_at",
// "contact":{…},"value","currency"}]}. The shape is ours.
type Stages struct{}

// Name is stages.
func (Stages) Name() string { return "stages" }

// Routes is one.
func (Stages) Routes() []Route {
	return []Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/crm/stages", Answer: Own{}}}
}

// Answer is ours.
func (Stages) Answer() Answer { return Own{} }

// Claim reads the head.
func (Stages) Claim(r *http.Request) Claim { return headClaim(r) }

// BodyClaims implements Format: never.
func (Stages) BodyClaims(Claim) bool { return false }

// Split reads {"changes":[…]}, an array of changes, or one change.
func (f Stages) Split(in *Input, b *Batch) *Refusal {
	if sniff(in.Body) == 0 {
		return emptyBody()
	}
	if r := check(in.Body, ""); r != nil {
		return r
	}
	var changes []byte
	switch jsonscan.Kind(in.Body) {
	case 'a':
		changes = in.Body
	case 'o':
		if changes = jsonscan.Get(in.Body, "changes"); changes == nil && jsonscan.Get(in.Body, "stage") != nil {
			return b.add(in, 0, jsonscan.Trim(in.Body))
		}
		f.context(b, in.Body)
	}
	if r := b.closeContext(); r != nil {
		return r
	}
	return addEvents(in, b, changes, "changes")
}

// context keeps the CRM's name and whatever else the request says for all its changes.
func (Stages) context(b *Batch, body []byte) {
	jsonscan.Object(body, func(key, value []byte) bool {
		if name := jsonscan.Key(key, &b.Scratch); string(name) != "changes" && !IsCredential(string(name)) {
			b.addContext(key, value)
		}
		return true
	})
}

// Identify names a change by lead and stage: a lead enters a stage once. Its own event_id goes before.
func (Stages) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	if jsonscan.Kind(item) != 'o' {
		return fault.Undecodable
	}
	var stage, when, contact, lead []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.text)) {
		case "event_id":
			if own := jsonscan.Text(value, &in.text); usableID(own) {
				id.EventID = own
			}
		case "stage":
			stage = value
		case "occurred_at":
			when = value
		case "contact":
			contact = value
		case "lead_id":
			lead = bytes.TrimPrefix(in.first(value), []byte("l:")) // as Meta's exports write it
		}
		return true
	})
	id.HasTime = given(when)
	label := bytes.TrimSpace(jsonscan.Text(stage, &in.text))
	if len(lead) > 0 {
		id.Person = lead
		if own := in.joined("crm-", lead, label); id.EventID == nil && usableID(own) {
			id.EventID = own
		}
	} else {
		id.Person = in.person(contact)
	}
	reason := in.hopeless(id, stage, label, when)
	switch id.Field {
	case "event_name":
		id.Field = "stage"
	case "event_time":
		id.Field = "occurred_at"
	}
	return reason
}

// joined makes an event_id of a prefix and the sender's own keys, joined by dashes.
func (n *naming) joined(prefix string, keys ...[]byte) []byte {
	start := len(n.text)
	n.text = append(n.text, prefix...)
	for i, key := range keys {
		if i > 0 {
			n.text = append(n.text, '-')
		}
		n.text = append(n.text, key...)
	}
	return n.text[start:len(n.text):len(n.text)]
}
