package enrich_test

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/enrich"
)

// TestMessaging: a lead from a conversation has a name of its own; outside of business messaging a WhatsApp number is a
// phone.
func TestMessaging(t *testing.T) {
	for _, c := range []struct{ source, name, own, wantName, wantPhone string }{
		{"business_messaging", "Lead", "", "LeadSubmitted", ""},
		{"business_messaging", "Purchase", "", "Purchase", ""},
		{"business_messaging", "lead", "", "lead", ""},
		{"chat", "Lead", "", "Lead", "+14155550123"},
		{"chat", "Lead", "+4930123", "Lead", "+4930123"},
	} {
		out := &mapping.Output{People: mapping.People{WhatsApp: []byte("14155550123")}}
		out.Event.ActionSource, out.Event.Name = []byte(c.source), []byte(c.name)
		out.Event.User.Add(identity.Ph, identity.Auto, []byte(c.own))
		enrich.Apply(out, &enrich.Defaults{}, "")
		phone := ""
		for _, v := range out.Event.User.Values {
			phone = string(v.Text)
		}
		if string(out.Event.Name) != c.wantName || phone != c.wantPhone {
			t.Errorf("%+v: %s, %s", c, out.Event.Name, phone)
		}
	}
}
