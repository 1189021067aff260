package mapping

import (
	"bytes"
	"math/big"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// salesforceMapper maps records that Salesforce's outbound messages carry: leads, contacts, opportunities, of which the
// organization's admin chose the fields. The status, else the stage, is the event's name.
type salesforceMapper struct{}

var salesforceName = []byte(`"Salesforce"`)

func (salesforceMapper) Default() string { return "system_generated" }
func (salesforceMapper) Names() *Names   { return nil }

func (salesforceMapper) Map(in *Input, out *Output) error {
	var record []byte
	ok := out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		if string(key) == "record" {
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
			out.value(out.plain(value))
		case "CurrencyIsoCode":
			out.take(&out.Event.Custom.Currency, fieldCurrency, value)
		default:
			out.salesforceField(key, value)
		}
		return true
	})
	if isEmpty(status) {
		status = stage
	}
	if isEmpty(changed) {
		changed = stamp
	}
	if err := out.name(status); err != nil {
		return err
	}
	if err := out.eventTime(changed); err != nil {
		return err
	}
	out.arrival(in.Raw.Time)
	out.stage(in, out.Event.Name)
	if out.Event.Custom.Value == nil { // every record of a multi-currency organization has a currency
		out.Event.Custom.Currency = nil
	}
	out.crm(salesforceName)
	return nil
}

// salesforceField takes what says who the person is.
func (o *Output) salesforceField(key, value []byte) {
	if k, ok := salesforceKeys[string(key)]; ok {
		o.userValue(k, value)
		return
	}
	var room [64]byte
	if len(key) <= len(room) && isLeadField(appendLower(room[:0], key)) {
		o.leadID(o.plain(value))
		return
	}
	if !isEmpty(value) {
		o.drop(fieldUser, unknown)
	}
}

// plain is a number without its exponent: Salesforce writes 12 million as 1.2E7. Anything else is as it was.
func (o *Output) plain(value []byte) []byte {
	const longest, largest = 24, 18
	text := o.text(value)
	if len(text) > longest || bytes.IndexByte(text, 'E') < 0 {
		return value
	}
	digits, power, _ := bytes.Cut(text, []byte{'E'})
	exponent, err := strconv.Atoi(string(power))
	number, ok := new(big.Rat).SetString(string(digits))
	if err != nil || exponent < 0 || exponent > largest || !ok {
		return value
	}
	_, fraction, _ := bytes.Cut(digits, []byte{'.'})
	number.Mul(number, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(exponent)), nil)))
	return o.quoted([]byte(number.FloatString(max(0, len(fraction)-exponent))))
}

// isLeadField knows the names under which integrations keep Meta's id of a lead: custom fields of the organization's.
func isLeadField(name []byte) bool {
	switch string(name) {
	case "facebook_lead_id__c", "facebook_leadgen_id__c", "meta_lead_id__c", "meta_leadgen_id__c", "fb_lead_id__c", "leadgen_id__c", "lead_id__c":
		return true
	}
	return false
}

// leadID takes Meta's id of a lead; its own exports write l: before it.
func (o *Output) leadID(value []byte) {
	t := trim(o.text(value))
	if len(t) > 2 && t[0] == 'l' && t[1] == ':' {
		t = t[2:]
	}
	if len(t) > 0 {
		o.Event.User.Add(identity.LeadID, identity.Auto, t)
	} else if !isEmpty(value) {
		o.drop(identity.LeadID.String(), malformed)
	}
}
