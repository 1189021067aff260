package hubspot

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/crm"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// Mapper maps the changes that HubSpot's webhooks tell: the new stage of a contact, lead or deal is an event, any
// other change a fact. No change says who the person is: without an identity store the events end as no_identity.
type Mapper struct{}

var (
	hubspotName     = []byte(`"HubSpot"`)
	propertyChanged = []byte(".propertyChange")
)

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	var kind, property, value, when []byte
	ok := out.Index.Object(in.Raw.Item, func(key, v []byte) bool {
		switch string(key) {
		case "subscriptionType":
			kind = out.Text(v)
		case "propertyName":
			property = out.Text(v)
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
	case mapping.IsEmpty(value): // taken back
		return fault.New(fault.Unmapped, "propertyValue")
	}
	out.ReadTime(in.Zone, when)
	out.DefaultTime(in.Raw.Time)
	crm.Stage(out, in, out.Text(value))
	crm.Mark(out, hubspotName)
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
