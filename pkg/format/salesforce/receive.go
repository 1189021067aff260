package salesforce

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes outbound messages apart.
type Receiver struct{}

// acknowledgement is the body without which Salesforce repeats a message for a day.
const acknowledgement = `<?xml version="1.0" encoding="UTF-8"?>` +
	`<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>` +
	`<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>` +
	`</soapenv:Body></soapenv:Envelope>`

// BodyClaims says where the claim is: always, by OrganizationId.
func (Receiver) BodyClaims(receive.Claim) bool { return true }

// Split makes an item of each notification: {"notification":ID,"type":"Lead","record":{"Status":"Qualified",…}}. The
// SessionId, a key to the organization, is not read.
func (Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if receive.FirstByte(in.Body) == 0 {
		return receive.EmptyBody()
	}
	p := newSoap(in.Body, b)
	if r := p.read(); r != nil {
		return r
	}
	b.Claim.Key = p.organization
	if p.organization != "" {
		b.AddContextText(storedOrganization, []byte(p.organization))
	}
	if p.action != "" {
		b.AddContextText(storedAction, []byte(p.action))
	}
	return b.CloseContext()
}

// Identify names a change by record and status: what is sent is the record as it is now, so that repeats and unordered
// messages of one status are one.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	var record, status, stage []byte
	jsonscan.Object(jsonscan.Get(item, storedRecord), func(key, value []byte) bool {
		switch string(key) {
		case "Id":
			record = in.ID(value)
		case "Status":
			status = in.FirstText(value)
		case "StageName":
			stage = in.FirstText(value)
		}
		return true
	})
	status = receive.FirstOf(status, stage)
	id.HasTime, id.Person = true, record
	if len(record) > 0 && len(status) > 0 {
		id.EventID = receive.UsableID(in.Joined("salesforce-", record, status))
	}
	if id.EventID == nil {
		id.Natural = in.FirstText(jsonscan.Get(item, storedNotification))
	}
	return fault.None
}
