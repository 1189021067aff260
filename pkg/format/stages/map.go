package stages

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/crm"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Mapper maps changes of leads' stages in our own generic shape. The stage is the event's name, as it is: Meta
// learns a CRM's own stages.
type Mapper struct{}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	source := jsonscan.Get(in.Raw.Context, "source")
	var err error
	ok := out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		switch string(key) {
		case memberStage:
			err = out.ReadName(value)
		case memberTime:
			out.ReadTime(in.Zone, value)
		case "source":
			source = mapping.First(value, source)
		default:
			stageMember(out, key, value)
		}
		return err == nil
	})
	switch {
	case !ok:
		return fault.New(fault.Undecodable, "item")
	case err != nil:
		return err
	}
	out.DefaultConsent(jsonscan.Get(in.Raw.Context, "consent"))
	if err := out.NeedReadTime(memberTime); err != nil {
		return err
	}
	out.DefaultTime(in.Raw.Time)
	crm.Stage(out, in, out.Event.Name)
	if len(mapping.Trim(out.Text(source))) == 0 {
		source = out.Quoted(in.Raw.Source)
	}
	crm.Mark(out, source)
	return nil
}

func stageMember(o *mapping.Output, key, value []byte) {
	switch string(key) {
	case memberID: // fixed at ingest
	case memberLead:
		crm.LeadID(o, value)
	case memberContact:
		o.ReadUser(value, true)
	case "value":
		o.SetValue(value)
	case "currency":
		o.SetText(&o.Event.Custom.Currency, mapping.FieldCurrency, value)
	case "custom_data":
		o.ReadCustom(value)
	default:
		if !o.ReadPermission(key, value) && !mapping.IsEmpty(value) {
			o.Drop(mapping.FieldEvent, mapping.Unknown)
		}
	}
}
