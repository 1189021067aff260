package metaleadgen

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/crm"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// Mapper maps leads that people left in Meta's own forms. The webhook has the lead's id, by which Meta knows the
// person; the form's answers come by a lookup (package enrich).
type Mapper struct{}

var (
	leadgenName  = []byte(`"Meta Lead Ads"`)
	leadgenEvent = []byte("Lead")
)

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	var lead, created []byte
	ok := out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		switch string(key) {
		case "leadgen_id":
			lead = value
		case "created_time":
			created = value
		}
		return true
	})
	switch {
	case !ok:
		return fault.New(fault.Undecodable, "item")
	case mapping.IsEmpty(lead):
		return fault.New(fault.MissingField, "leadgen_id")
	}
	out.Event.Name = leadgenEvent
	crm.LeadID(out, lead)
	out.ReadTime(in.Zone, created)
	out.DefaultTime(in.Raw.Time)
	crm.Mark(out, leadgenName)
	return nil
}
