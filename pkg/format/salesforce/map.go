package salesforce

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/crm"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Mapper maps records that Salesforce's outbound messages carry: leads, contacts, opportunities, of which the
// organization's admin chose the fields. The status, else the stage, is the event's name.
type Mapper struct{}

var salesforceName = []byte(`"Salesforce"`)

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	var record []byte
	ok := out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		if string(key) == storedRecord {
			record = value
		}
		return true
	})
	if !ok || jsonscan.Kind(record) != 'o' {
		return fault.New(fault.Undecodable, "item")
	}
	var status, stage, changed, stamp []byte
	out.Index.Object(record, func(key, value []byte) bool {
		switch string(key) {
		case "Id", "CreatedDate", "OwnerId", "Name":
		case "Status":
			status = value
		case "StageName":
			stage = value
		case "LastModifiedDate":
			changed = value
		case "SystemModstamp":
			stamp = value
		case "Amount":
			out.SetValue(value)
		case "CurrencyIsoCode":
			out.SetText(&out.Event.Custom.Currency, mapping.FieldCurrency, value)
		default:
			salesforceField(out, key, value)
		}
		return true
	})
	if err := out.ReadName(mapping.First(status, stage)); err != nil {
		return err
	}
	out.ReadTime(in.Zone, changed, stamp)
	out.DefaultTime(in.Raw.Time)
	crm.Stage(out, in, out.Event.Name)
	if out.Event.Custom.Value == nil { // every record of a multi-currency organization has a currency
		out.Event.Custom.Currency = nil
	}
	crm.Mark(out, salesforceName)
	return nil
}

// salesforceField takes what says who the person is.
func salesforceField(o *mapping.Output, key, value []byte) {
	if k, ok := keys[string(key)]; ok {
		o.AddUserValue(k, value)
		return
	}
	var room [64]byte
	if len(key) <= len(room) && isLeadField(mapping.AppendLower(room[:0], key)) {
		o.AddUserValue(identity.LeadID, value)
		return
	}
	if !o.ReadWish(key, value) && !mapping.IsEmpty(value) {
		o.Drop(mapping.FieldUser, mapping.Unknown)
	}
}

// isLeadField knows the names under which integrations keep Meta's id of a lead: custom fields of the organization's.
func isLeadField(name []byte) bool {
	switch string(name) {
	case "facebook_lead_id__c", "facebook_leadgen_id__c", "meta_lead_id__c", "meta_leadgen_id__c", "fb_lead_id__c", "leadgen_id__c", "lead_id__c":
		return true
	}
	return false
}
