package salesforce

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// The limits of an outbound message: Salesforce sends at most 100 notifications of flat records.
const (
	soapDepth    = 16
	soapFields   = 1000 // of a record
	soapElements = 100_000
)

// Where the parts of a message lie: Envelope/Body/notifications/Notification/sObject/FIELD.
const (
	soapNotifications = 3
	soapMember        = 4 // OrganizationId, ActionId, Notification
	soapPart          = 5 // Id, sObject
	soapField         = 6
)

// soap reads a message by the local names of its elements. A document type is refused: nothing but the five entities of
// XML itself is ever expanded, nothing is ever fetched.
type soap struct {
	b *receive.Batch
	d *xml.Decoder

	count  int      // of elements
	path   []string // of the open elements
	text   []byte   // of the innermost one
	absent bool     // it is xsi:nil, or holds elements

	found                bool
	organization, action string
	notification, kind   string
	fields               []soapValue
	places               map[string]int // of the fields, by name
}

type soapValue struct{ name, text string }

func newSoap(body []byte, b *receive.Batch) *soap {
	return &soap{b: b, d: xml.NewDecoder(bytes.NewReader(body)), places: map[string]int{}}
}

func (p *soap) read() *receive.Refusal {
	for {
		token, err := p.d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return &receive.Refusal{Kind: receive.Unreadable, Detail: "not XML"}
		}
		if r := p.token(token); r != nil {
			return r
		}
	}
	if !p.found {
		return &receive.Refusal{Kind: receive.Unreadable, Field: "notifications", Detail: "the body is no outbound message"}
	}
	return nil
}

func (p *soap) token(token xml.Token) *receive.Refusal {
	switch t := token.(type) {
	case xml.Directive:
		return &receive.Refusal{Kind: receive.Unreadable, Detail: "a document type is not taken"}
	case xml.StartElement:
		return p.open(t)
	case xml.CharData:
		p.text = append(p.text, t...)
	case xml.EndElement:
		return p.close()
	}
	return nil
}

func (p *soap) open(e xml.StartElement) *receive.Refusal {
	if len(p.path) == soapDepth {
		return &receive.Refusal{Kind: receive.Unreadable, Detail: "too deep"}
	}
	if p.count++; p.count > soapElements { // a request need not be anybody's yet
		return &receive.Refusal{Kind: receive.TooLarge, Detail: "too many elements"}
	}
	p.path = append(p.path, e.Name.Local)
	p.text, p.absent = p.text[:0], false
	for _, a := range e.Attr {
		switch {
		case a.Name.Local == "nil" && (a.Value == "true" || a.Value == "1"):
			p.absent = true
		case a.Name.Local == "type" && p.at(soapPart, "sObject"):
			p.kind = a.Value[strings.IndexByte(a.Value, ':')+1:]
		}
	}
	switch {
	case p.at(soapNotifications, "notifications"):
		p.found = true
	case p.at(soapMember, "Notification"):
		p.notification, p.kind, p.fields = "", "", p.fields[:0]
		clear(p.places)
	}
	return nil
}

// at says whether the innermost element is one of the message's own.
func (p *soap) at(depth int, name string) bool {
	if len(p.path) != depth || name != "" && p.path[depth-1] != name {
		return false
	}
	own := [...]string{"Envelope", "Body", "notifications", "Notification", "sObject"}
	for i := range depth - 1 {
		if p.path[i] != own[i] {
			return false
		}
	}
	return true
}

func (p *soap) close() *receive.Refusal {
	text := ""
	if !p.absent {
		text = string(bytes.TrimSpace(p.text))
	}
	var refused *receive.Refusal
	switch {
	case p.at(soapMember, "OrganizationId"):
		p.organization = text
	case p.at(soapMember, "ActionId"):
		p.action = text
	case p.at(soapPart, "Id"):
		p.notification = text
	case p.at(soapField, "") && text != "":
		refused = p.field(p.path[soapField-1], text)
	case p.at(soapMember, "Notification"):
		refused = p.b.Add(p.item())
	}
	p.path = p.path[:len(p.path)-1]
	p.text, p.absent = p.text[:0], true // what holds elements is no value
	return refused
}

// field keeps a record's value; of two of a name the last counts.
func (p *soap) field(name, text string) *receive.Refusal {
	if i, twice := p.places[name]; twice {
		p.fields[i].text = text
		return nil
	}
	if len(p.fields) == soapFields {
		return &receive.Refusal{Kind: receive.TooLarge, Detail: "a record has too many fields"}
	}
	p.places[name] = len(p.fields)
	p.fields = append(p.fields, soapValue{name, text})
	return nil
}

func (p *soap) item() []byte {
	start := len(p.b.Scratch)
	d := append(p.b.Scratch, `{"`+storedNotification+`":`...)
	d = jsonscan.AppendString(d, []byte(p.notification))
	d = append(d, `,"`+storedType+`":`...)
	d = jsonscan.AppendString(d, []byte(p.kind))
	d = append(d, `,"`+storedRecord+`":{`...)
	for i, f := range p.fields {
		if i > 0 {
			d = append(d, ',')
		}
		d = append(jsonscan.AppendString(d, []byte(f.name)), ':')
		d = jsonscan.AppendString(d, []byte(f.text))
	}
	p.b.Scratch = append(d, '}', '}')
	return p.b.Scratch[start:len(p.b.Scratch):len(p.b.Scratch)]
}
