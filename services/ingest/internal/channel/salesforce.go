package channel

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Salesforce is its outbound messages: SOAP 1.1, a notification for each record that a workflow or flow sends. They carry
// no signature; the secret is ?token= in the endpoint's URL, the organization the key.
type Salesforce struct{}

// salesforceAck is the body without which Salesforce repeats a message for a day.
const salesforceAck = `<?xml version="1.0" encoding="UTF-8"?>` +
	`<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>` +
	`<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>` +
	`</soapenv:Body></soapenv:Envelope>`

// Name is salesforce.
func (Salesforce) Name() string { return "salesforce" }

// Routes is one.
func (f Salesforce) Routes() []Route {
	return []Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/crm/salesforce", Answer: f.Answer()}}
}

// Answer is the acknowledgement, whatever the records are worth.
func (Salesforce) Answer() Answer {
	return Hook{ContentType: "text/xml; charset=utf-8", Body: salesforceAck, Denied: http.StatusForbidden}
}

// Claim reads the token of the URL.
func (Salesforce) Claim(r *http.Request) Claim { return headClaim(r) }

// BodyClaims implements Format: always, by OrganizationId.
func (Salesforce) BodyClaims(Claim) bool { return true }

// Split makes an item of each notification: {"notification":ID,"type":"Lead","record":{"Status":"Qualified",…}}. The
// SessionId, a key to the organization, is not read.
func (Salesforce) Split(in *Input, b *Batch) *Refusal {
	if sniff(in.Body) == 0 {
		return emptyBody()
	}
	p := newSoap(in, b)
	if r := p.read(); r != nil {
		return r
	}
	b.Claim.Key = p.organization
	if p.organization != "" {
		b.addContextText("organization", []byte(p.organization))
	}
	if p.action != "" {
		b.addContextText("action", []byte(p.action))
	}
	return b.closeContext()
}

// Identify names a change by record and status: what is sent is the record as it is now, so that repeats and unordered
// messages of one status are one.
func (Salesforce) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	var record, status, stage []byte
	jsonscan.Object(jsonscan.Get(item, "record"), func(key, value []byte) bool {
		switch string(key) {
		case "Id":
			record = in.first(value)
		case "Status":
			status = in.first(value)
		case "StageName":
			stage = in.first(value)
		}
		return true
	})
	if len(status) == 0 {
		status = stage
	}
	id.HasTime, id.Person = true, some(record)
	if len(record) > 0 && len(status) > 0 {
		id.EventID = usable(in.joined("salesforce-", record, status))
	}
	if id.EventID == nil {
		id.Natural = some(in.first(jsonscan.Get(item, "notification")))
	}
	return fault.None
}
