package mapping

import (
	"unicode/utf8"

	"github.com/omnicapi/omnicapi/pkg/identity"
)

// The members by which Meta knows an event of a CRM (Conversion Leads).
var (
	keyEventSource = []byte("event_source")
	keyLeadSource  = []byte("lead_event_source")
	crmSource      = []byte(`"crm"`)
)

// Crm marks the event as a CRM's; lead is the CRM's name as raw JSON. What the sender's custom_data says goes before.
func (o *Output) Crm(lead []byte) {
	if !o.HasMember("event_source") {
		o.Member(keyEventSource, crmSource)
	}
	if !o.HasMember("lead_event_source") {
		o.TextMember(keyLeadSource, lead)
	}
}

// Stage makes a CRM's free stage the event's name, cut to what Meta takes unless the source's own table has it.
func (o *Output) Stage(in *Input, name []byte) {
	o.Event.Name = name
	if _, own := in.Events[string(name)]; own || utf8.RuneCount(name) <= MaxName {
		return
	}
	o.Event.Name = CutName(name)
	o.Drop(fieldEventName, Malformed)
}

// LeadID takes Meta's id of a lead; its own exports write l: before it.
func (o *Output) LeadID(value []byte) {
	t := Trim(o.Text(value))
	if len(t) > 2 && t[0] == 'l' && t[1] == ':' {
		t = t[2:]
	}
	if len(t) > 0 {
		o.Event.User.Add(identity.LeadID, identity.Auto, t)
	} else if !IsEmpty(value) {
		o.Drop(identity.LeadID.String(), Malformed)
	}
}
