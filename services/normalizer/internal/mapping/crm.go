package mapping

import "unicode/utf8"

// The members by which Meta knows an event of a CRM (Conversion Leads).
var (
	keyEventSource = []byte("event_source")
	keyLeadSource  = []byte("lead_event_source")
	crmSource      = []byte(`"crm"`)
)

// crm marks the event as a CRM's; lead is the CRM's name as raw JSON. What the sender's custom_data says goes before.
func (o *Output) crm(lead []byte) {
	if !o.hasMember("event_source") {
		o.member(keyEventSource, crmSource)
	}
	if !o.hasMember("lead_event_source") {
		o.string(keyLeadSource, lead)
	}
}

// stage makes a CRM's free stage the event's name, cut to what Meta takes unless the source's own table has it.
func (o *Output) stage(in *Input, name []byte) {
	o.Event.Name = name
	if _, own := in.Events[string(name)]; own || utf8.RuneCount(name) <= maxName {
		return
	}
	o.Event.Name = cut(name)
	o.drop(fieldEventName, malformed)
}
