// Package crm is what the senders of a CRM's leads have in common: Meta's marks of such an event (Conversion Leads), and a
// stage for a name.
package crm

import (
	"unicode/utf8"

	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// The members by which Meta knows an event of a CRM (Conversion Leads).
var (
	keyEventSource = []byte("event_source")
	keyLeadSource  = []byte("lead_event_source")
	crmSource      = []byte(`"crm"`)
)

// Mark marks the event as a CRM's, which is named as raw JSON. What the sender's own custom_data says of it stays.
func Mark(o *mapping.Output, crm []byte) {
	if !o.HasMember("event_source") {
		o.AddMember(keyEventSource, crmSource)
	}
	if !o.HasMember("lead_event_source") {
		o.AddString(keyLeadSource, crm)
	}
}

// Stage makes a CRM's free stage the event's name, cut to what Meta takes unless the source's own table has it.
func Stage(o *mapping.Output, in *mapping.Input, name []byte) {
	o.Event.Name = name
	if _, own := in.Events[string(name)]; own || utf8.RuneCount(name) <= mapping.MaxName {
		return
	}
	o.Event.Name = mapping.CutName(name)
	o.Drop(mapping.FieldEventName, mapping.Malformed)
}
