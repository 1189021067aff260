package hubspot

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes HubSpot's webhooks apart.
type Receiver struct{}

// Split reads an array of changes, or one.
func (Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	return receive.OneOrMany(in.Body, "the body must be an array of changes", func(value []byte) *receive.Refusal { return add(b, value) })
}

// add adds a change. The portal completes the claim; changes of several portals belong to nobody's key.
func add(b *receive.Batch, change []byte) *receive.Refusal {
	b.Claim.AddKey(b.Text(jsonscan.Get(change, "portalId")))
	return b.Add(change)
}

// Identify names a change by what changed, to what and when: HubSpot does not promise that its eventId is unique. Only a
// stage is spelt in the id: another property's value may be personal. The bytes name nothing: attemptNumber counts repeats.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	var portal, object, class, kind, property, value, when, happened, from, to []byte
	jsonscan.Object(item, func(key, v []byte) bool {
		switch string(jsonscan.Key(key, &in.Scratch)) {
		case "portalId":
			portal = in.FirstText(v)
		case "objectId":
			object = in.FirstText(v)
		case "subscriptionType":
			kind = in.FirstText(v)
		case "objectTypeId": // of generic subscriptions, whose type does not say it
			class = in.FirstText(v)
		case "propertyName":
			property = in.FirstText(v)
		case "propertyValue":
			value = in.FirstText(v)
		case "occurredAt":
			when = in.FirstText(v)
		case "eventId":
			happened = in.FirstText(v)
		case "fromObjectId": // of an association, which is no object
			from = in.FirstText(v)
		case "toObjectId":
			to = in.FirstText(v)
		}
		return true
	})
	id.HasTime = len(when) > 0
	if len(class) > 0 {
		kind = in.Joined("", kind, class)
	}
	if len(object) == 0 {
		if len(happened)+len(from)+len(to) > 0 {
			id.Natural = in.Joined("", portal, kind, happened, from, to, when)
		}
		return fault.None
	}
	id.Person = in.Joined("hubspot-", portal, object)
	if isStageProperty(property) {
		id.EventID = receive.UsableID(in.Joined("hubspot-", portal, object, property, value, when))
	}
	id.Natural = in.Joined("", portal, object, kind, property, value, when)
	return fault.None
}

// isStageProperty says whether a property is the stage of a contact, lead or deal.
func isStageProperty(property []byte) bool {
	switch string(property) {
	case "lifecyclestage", "hs_lead_status", "dealstage":
		return true
	}
	return false
}
