package mapping

import "github.com/omnicapi/omnicapi/pkg/fault"

// leadgenMapper maps leads that people left in Meta's own forms. The webhook has the lead's id, by which Meta knows the
// person; the form's answers come by a lookup (package enrich).
type leadgenMapper struct{}

var (
	leadgenName  = []byte(`"Meta Lead Ads"`)
	leadgenEvent = []byte("Lead")
)

func (leadgenMapper) Default() string { return "system_generated" }
func (leadgenMapper) Names() *Names   { return nil }

func (leadgenMapper) Map(in *Input, out *Output) error {
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
	case isEmpty(lead):
		return fault.New(fault.MissingField, "leadgen_id")
	}
	out.Event.Name = leadgenEvent
	out.leadID(lead)
	if err := out.eventTime(created); err != nil {
		return err
	}
	out.arrival(in.Raw.Time)
	out.crm(leadgenName)
	return nil
}
