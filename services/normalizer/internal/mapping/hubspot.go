package mapping

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
)

// hubspotMapper maps the changes that HubSpot's webhooks tell: the new stage of a contact, lead or deal is an event, any
// other change a fact. No change says who the person is: without an identity store the events end as no_identity.
type hubspotMapper struct{}

var (
	hubspotName     = []byte(`"HubSpot"`)
	propertyChanged = []byte(".propertyChange")
)

func (hubspotMapper) Default() string { return "system_generated" }
func (hubspotMapper) Names() *Names   { return nil }

func (hubspotMapper) Map(in *Input, out *Output) error {
	var kind, property, value, when []byte
	ok := out.Index.Object(in.Raw.Item, func(key, v []byte) bool {
		switch string(key) {
		case "subscriptionType":
			kind = out.text(v)
		case "propertyName":
			property = out.text(v)
		case "propertyValue":
			value = v
		case "occurredAt":
			when = v
		}
		return true
	})
	switch {
	case !ok:
		return fault.New(fault.Undecodable, "item")
	case len(kind) == 0:
		return fault.New(fault.MissingField, "subscriptionType")
	case !bytes.HasSuffix(kind, propertyChanged) || !isStage(property) || bytes.HasPrefix(kind, []byte("company.")): // a firm is no person
		return fault.New(fault.Fact, "change")
	case isEmpty(value): // taken back
		return fault.New(fault.Unmapped, "propertyValue")
	}
	if err := out.eventTime(when); err != nil {
		return err
	}
	out.arrival(in.Raw.Time)
	out.stage(in, out.text(value))
	out.crm(hubspotName)
	return nil
}

// isStage says whether a property is the stage of a contact, lead or deal.
func isStage(property []byte) bool {
	switch string(property) {
	case "lifecyclestage", "hs_lead_status", "dealstage":
		return true
	}
	return false
}
