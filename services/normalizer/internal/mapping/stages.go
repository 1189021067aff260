package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// stagesMapper maps changes of leads' stages in our own generic shape. The stage is the event's name, as it is: Meta
// learns a CRM's own stages.
type stagesMapper struct{}

func (stagesMapper) Default() string { return "system_generated" }
func (stagesMapper) Names() *Names   { return nil }

func (stagesMapper) Map(in *Input, out *Output) error {
	crm := jsonscan.Get(in.Raw.Context, "source")
	out.Consent = jsonscan.Get(in.Raw.Context, "consent")
	var err error
	ok := out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		switch string(key) {
		case "stage":
			err = out.name(value)
		case "occurred_at":
			err = out.localTime(in.Zone, "occurred_at", value)
		case "source":
			crm = firstOf(value, crm)
		default:
			err = out.stageMember(key, value)
		}
		return err == nil
	})
	switch {
	case !ok:
		return fault.New(fault.Undecodable, "item")
	case err != nil:
		return err
	}
	out.arrival(in.Raw.Time)
	out.stage(in, out.Event.Name)
	if len(trim(out.text(crm))) == 0 {
		crm = out.quoted(in.Raw.Source)
	}
	out.crm(crm)
	return nil
}

func (o *Output) stageMember(key, value []byte) error {
	switch string(key) {
	case "event_id": // fixed at ingest
	case "lead_id":
		o.leadID(value)
	case "contact":
		return o.user(value, "contact", true)
	case "value":
		o.value(value)
	case "currency":
		o.take(&o.Event.Custom.Currency, fieldCurrency, value)
	case "custom_data":
		o.custom(value)
	default:
		if !o.permission(key, value) && !isEmpty(value) {
			o.drop(fieldEvent, unknown)
		}
	}
	return nil
}
