package salesforce

import (
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// TestSalesforceFields: which of a record's fields says what.
func TestSalesforceFields(t *testing.T) {
	for name, tt := range map[string]struct {
		record string
		key    identity.Key
		want   string
	}{
		"lead's email":        {`"Email":"a@b.c"`, identity.Em, "a@b.c"},
		"person account":      {`"PersonEmail":"a@b.c"`, identity.Em, "a@b.c"},
		"contact's city":      {`"MailingCity":"Rome"`, identity.Ct, "Rome"},
		"billing is a firm's": {`"BillingCity":"Rome"`, identity.Ct, ""},
		"lead id":             {`"Facebook_Lead_ID__c":"1234567890123456"`, identity.LeadID, "1234567890123456"},
		"any case":            {`"META_LEADGEN_ID__C":"1234567890123456"`, identity.LeadID, "1234567890123456"},
		"empty":               {`"fb_lead_id__c":""`, identity.LeadID, ""},
		"as a number":         {`"fb_lead_id__c":"1.234567890123456E15"`, identity.LeadID, "1.234567890123456E15"}, // read with the other ids
		"no number":           {`"fb_lead_id__c":"E15"`, identity.LeadID, "E15"},
		"picklist of states":  {`"StateCode":"CA"`, identity.St, "CA"},
		"another field":       {`"My_Lead_ID__c":"1234567890123456"`, identity.LeadID, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := mappingtest.MappedValue(t, Mapper{}, `{}`, `{"record":{"Status":"a",`+tt.record+`}}`, tt.key); got != tt.want {
				t.Errorf("%s: %q, want %q", tt.key, got, tt.want)
			}
		})
	}
}

// TestSalesforceStage: the status, else the stage; the time of the change, else the system's.
func TestSalesforceStage(t *testing.T) {
	for item, want := range map[string]string{
		`{"record":{"Status":"Open","StageName":"Won","LastModifiedDate":"2026-11-23T09:30:00.000Z"}}`:      "Open",
		`{"record":{"StageName":"Won","SystemModstamp":"2026-11-23T09:30:00.000Z"}}`:                        "Won",
		`{"record":{"Status":"","StageName":"Won","LastModifiedDate":"2026-11-23T09:30:00Z"}}`:              "Won",
		`{"record":{"Status":"Open","LastModifiedDate":"now","SystemModstamp":"2026-11-23T09:30:00.000Z"}}`: "Open",
		`{"record":{"Status":"Open","LastModifiedDate":"now"}}`:                                             "Open",
		`{"record":[]}`: "undecodable: item",
		`{}`:            "undecodable: item",
	} {
		var out mapping.Output
		got := ""
		if err := (Mapper{}).Map(&mapping.Input{Raw: &event.Raw{Item: []byte(item), Time: time.Unix(1795426200, 0)}}, &out); err != nil {
			got = err.Error()
		} else if got = string(out.Event.Name); out.Event.Time != 1795426200 {
			t.Errorf("%s: time %d", item, out.Event.Time)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", item, got, want)
		}
	}
}

// TestSalesforceNumbers: as Java writes them.
func TestSalesforceNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"1200.0": "1200.0", "1.2E7": "12000000", "1.23456789E7": "12345678.9", "9.99999999999E2": "999.999999999", "1E18": "1000000000000000000",
		"1E19": "10000000000000000000", "1.5E-3": "0.0015", "1E999999999": "", "E": "", "xE1": "", "1.2E7.5": "",
	} {
		out, err := mappingtest.MapOne(Mapper{}, `{"record":{"Status":"a","Amount":"`+text+`","CurrencyIsoCode":"USD"}}`, "")
		if got := string(out.Event.Custom.Value); err != nil || got != want {
			t.Errorf("%s: %q %v, want %q", text, got, err, want)
		}
	}
}

func FuzzMap(f *testing.F) {
	for _, seed := range []string{
		`{"notification":"04l","type":"Lead","record":{"Id":"00Q","Email":"jane.doe@example.com","Status":"Qualified","LastModifiedDate":"2026-11-23T09:30:00.000Z","Amount":"1","CurrencyIsoCode":"EUR"}}`,
		`{"record":{"Status":7,"Facebook_Lead_ID__c":[]}}`, `{"record":{"Amount":"x","Email":{}}}`, `[]`,
	} {
		f.Add([]byte(`{}`), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, context, item []byte) { mappingtest.MapAnything(t, Mapper{}, context, item) })
}
