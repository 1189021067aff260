package stages

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes a CRM's requests apart.
type Receiver struct{}

// Split reads {"changes":[…]}, an array of changes, or one change.
func (f Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if r := receive.CheckBody(in.Body); r != nil {
		return r
	}
	var changes []byte
	switch jsonscan.Kind(in.Body) {
	case 'a':
		changes = in.Body
	case 'o':
		if changes = jsonscan.Get(in.Body, "changes"); changes == nil && jsonscan.Get(in.Body, memberStage) != nil {
			return b.Add(jsonscan.Trim(in.Body))
		}
		f.context(b, in.Body)
	}
	if r := b.CloseContext(); r != nil {
		return r
	}
	return receive.AddObjects(b, changes, "changes")
}

// context keeps the CRM's name and whatever else the request says for all its changes.
func (Receiver) context(b *receive.Batch, body []byte) {
	jsonscan.Object(body, func(key, value []byte) bool {
		if name := jsonscan.Key(key, &b.Scratch); string(name) != "changes" && !receive.IsCredential(string(name)) {
			b.AddContext(key, value)
		}
		return true
	})
}

// Identify names a change by lead and stage: a lead enters a stage once. Its own event_id goes before.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	if jsonscan.Kind(item) != 'o' {
		return fault.Undecodable
	}
	var stage, when, contact, lead []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.Scratch)) {
		case memberID:
			id.EventID = in.EventID(value)
		case memberStage:
			stage = value
		case memberTime:
			when = value
		case memberContact:
			contact = value
		case memberLead:
			lead = in.IDOf(bytes.TrimPrefix(in.FirstText(value), []byte("l:"))) // as Meta's exports write it
		}
		return true
	})
	id.HasTime = receive.IsGiven(when)
	label := bytes.TrimSpace(jsonscan.Text(stage, &in.Scratch))
	if len(lead) > 0 {
		id.Person = lead
		if id.EventID == nil {
			id.EventID = receive.UsableID(in.Joined("crm-", lead, label))
		}
	} else {
		id.Person = in.Person(contact)
	}
	reason := in.Hopeless(id, stage, label, when)
	switch id.Field {
	case "event_name":
		id.Field = memberStage
	case "event_time":
		id.Field = memberTime
	}
	return reason
}
