package stages

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes such requests apart.
type Receiver struct{}

// Split reads {"changes":[…]}, an array of changes, or one change.
func (f Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if receive.FirstByte(in.Body) == 0 {
		return receive.EmptyBody()
	}
	if r := receive.Check(in.Body, ""); r != nil {
		return r
	}
	var changes []byte
	switch jsonscan.Kind(in.Body) {
	case 'a':
		changes = in.Body
	case 'o':
		if changes = jsonscan.Get(in.Body, "changes"); changes == nil && jsonscan.Get(in.Body, memberStage) != nil {
			return b.Add(in, 0, jsonscan.Trim(in.Body))
		}
		f.context(b, in.Body)
	}
	if r := b.CloseContext(); r != nil {
		return r
	}
	return receive.AddObjects(in, b, changes, "changes")
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
			if own := jsonscan.Text(value, &in.Scratch); receive.UsableID(own) {
				id.EventID = own
			}
		case memberStage:
			stage = value
		case memberTime:
			when = value
		case memberContact:
			contact = value
		case memberLead:
			lead = bytes.TrimPrefix(in.FirstText(value), []byte("l:")) // as Meta's exports write it
		}
		return true
	})
	id.HasTime = receive.Says(when)
	label := bytes.TrimSpace(jsonscan.Text(stage, &in.Scratch))
	if len(lead) > 0 {
		id.Person = lead
		if own := in.Joined("crm-", lead, label); id.EventID == nil && receive.UsableID(own) {
			id.EventID = own
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
