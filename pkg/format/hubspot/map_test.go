package hubspot

import (
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
)

// TestHubSpotChanges: the new stage of a contact, lead or deal is an event under its own name; any other change a fact.
func TestHubSpotChanges(t *testing.T) {
	for item, want := range map[string]string{
		`{"subscriptionType":"contact.propertyChange","propertyName":"lifecyclestage","propertyValue":"lead","occurredAt":1795426200741}`:                     "lead",
		`{"subscriptionType":"object.propertyChange","objectTypeId":"0-3","propertyName":"dealstage","propertyValue":"closedwon","occurredAt":1795426200741}`: "closedwon",
		`{"subscriptionType":"deal.propertyChange","propertyName":"dealstage","propertyValue":"93736321","occurredAt":"1795426200741"}`:                       "93736321",
		`{"subscriptionType":"contact.propertyChange","propertyName":"hs_lead_status","propertyValue":"OPEN","occurredAt":1795426200741}`:                     "OPEN",
		`{"subscriptionType":"contact.propertyChange","propertyName":"lifecyclestage","propertyValue":"","occurredAt":1795426200741}`:                         "unmapped: propertyValue",
		`{"subscriptionType":"contact.propertyChange","propertyName":"email","propertyValue":"jane.doe@example.com"}`:                                         "fact: change",
		`{"subscriptionType":"company.propertyChange","propertyName":"lifecyclestage","propertyValue":"lead","occurredAt":1795426200741}`:                     "fact: change",
		`{"subscriptionType":"contact.creation","propertyName":"lifecyclestage","propertyValue":"lead"}`:                                                      "fact: change",
		`{"subscriptionType":"contact.propertyChange","propertyName":"dealstage","propertyValue":"x","occurredAt":"then"}`:                                    "x",
		`{"propertyName":"dealstage"}`: "missing_field: subscriptionType",
		`"change"`:                     "undecodable: item",
	} {
		var out mapping.Output
		got := ""
		if err := (Mapper{}).Map(&mapping.Input{Raw: &event.Raw{Item: []byte(item), Time: time.Unix(1795426200, 0)}}, &out); err != nil {
			got = err.Error()
		} else if got = string(out.Event.Name); out.Event.Time != 1795426200 || !out.HasMember("lead_event_source") {
			t.Errorf("%s: time %d", item, out.Event.Time)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", item, got, want)
		}
	}
}

func FuzzMap(f *testing.F) {
	for _, seed := range []string{
		`{"subscriptionType":"contact.propertyChange","propertyName":"lifecyclestage","propertyValue":"lead","occurredAt":1795426200741}`,
		`{"subscriptionType":".propertyChange","propertyName":"dealstage","propertyValue":[1]}`, `{"subscriptionType":"contact.creation"}`, `7`,
	} {
		f.Add([]byte(`{}`), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, context, item []byte) { mappingtest.MapAnything(t, Mapper{}, context, item) })
}
