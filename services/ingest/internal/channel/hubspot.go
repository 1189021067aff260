package channel

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// HubSpot is a HubSpot app's webhooks: an array of changes, signed (v1 to v3) with the app's client secret. They name
// objects by number and carry nothing of the person.
type HubSpot struct{}

// Name is hubspot.
func (HubSpot) Name() string { return "hubspot" }

// Routes is one.
func (f HubSpot) Routes() []Route {
	return []Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/crm/hubspot", Answer: f.Answer()}}
}

// Answer is 200, and 401 for a wrong signature, which HubSpot does not repeat.
func (HubSpot) Answer() Answer { return Hook{} }

// Claim reads ?source=; the portal is in the body.
func (HubSpot) Claim(r *http.Request) Claim { return headClaim(r) }

// BodyClaims implements Format: always, the body is signed.
func (HubSpot) BodyClaims(Claim) bool { return true }

// Split reads an array of changes, or one.
func (f HubSpot) Split(in *Input, b *Batch) *Refusal {
	sign(in, b, signature.HubSpot{})
	return oneOrMany(in.Body, "the body must be an array of changes", func(value []byte) *Refusal { return f.add(in, b, value) })
}

// add adds a change. The portal completes the claim; changes of several portals belong to nobody's key.
func (HubSpot) add(in *Input, b *Batch, change []byte) *Refusal {
	b.claimKey(b.text(jsonscan.Get(change, "portalId")))
	return b.add(in, 0, change)
}

// Identify names a change by what changed, to what and when: HubSpot does not promise that its eventId is unique. Only a
// stage is spelt in the id: another property's value may be personal. The bytes name nothing: attemptNumber counts repeats.
func (HubSpot) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	var portal, object, class, kind, property, value, when, happened, from, to []byte
	jsonscan.Object(item, func(key, v []byte) bool {
		switch string(jsonscan.Key(key, &in.text)) {
		case "portalId":
			portal = in.first(v)
		case "objectId":
			object = in.first(v)
		case "subscriptionType":
			kind = in.first(v)
		case "objectTypeId": // of generic subscriptions, whose type does not say it
			class = in.first(v)
		case "propertyName":
			property = in.first(v)
		case "propertyValue":
			value = in.first(v)
		case "occurredAt":
			when = in.first(v)
		case "eventId":
			happened = in.first(v)
		case "fromObjectId": // of an association, which is no object
			from = in.first(v)
		case "toObjectId":
			to = in.first(v)
		}
		return true
	})
	id.HasTime = len(when) > 0
	if len(class) > 0 {
		kind = in.joined("", kind, class)
	}
	if len(object) == 0 {
		if len(happened)+len(from)+len(to) > 0 {
			id.Natural = in.joined("", portal, kind, happened, from, to, when)
		}
		return fault.None
	}
	id.Person = in.joined("hubspot-", portal, object)
	if hubspotStage(property) {
		id.EventID = usable(in.joined("hubspot-", portal, object, property, value, when))
	}
	id.Natural = in.joined("", portal, object, kind, property, value, when)
	return fault.None
}

// hubspotStage says whether a property is the stage of a contact, lead or deal.
func hubspotStage(property []byte) bool {
	switch string(property) {
	case "lifecyclestage", "hs_lead_status", "dealstage":
		return true
	}
	return false
}
