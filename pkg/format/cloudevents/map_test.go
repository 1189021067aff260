package cloudevents

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

func FuzzMap(f *testing.F) {
	for _, seed := range []string{
		`{"type":"t","time":"2026-11-23T09:30:00Z","data":{"email":"a@example.com","value":"1","contents":[{"id":1}],"user":{"ph":1}}}`,
		`{"type":7,"data":{"event_name":"Lead","user_data":[]}}`, `{"data_base64":"eA=="}`, `{"data":"x"}`, `7`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, item []byte) { mappingtest.MapAnything(t, Mapper{}, nil, item) })
}

// known are the attributes that the tests say nothing of.
const known = `"specversion":"1.0","id":"1","source":"/s",`

// TestCloudEventsAttributes: an event of a batch that is none is a dead letter by its attribute.
func TestCloudEventsAttributes(t *testing.T) {
	for item, want := range map[string]string{
		`{` + known + `"type":"t","data":{"email":"a@example.com"}}`:                                       "",
		`{` + known + `"type":"t","data":"\ufeff{\"email\":\"a@example.com\"}"}`:                           "",
		`{"specversion":"1.0","source":"/s","type":"t"}`:                                                   "missing_field: id",
		`{"specversion":"1.0","id":7,"source":"/s","type":"t"}`:                                            "",
		`{"specversion":"1.0","source":"/s","type":"t","data":{"event_name":"Lead","event_id":"l-1"}}`:     "",
		`{"specversion":"1.0","source":"/s","type":"t","data":{"event_id":"l-1"}}`:                         "missing_field: id",
		`{"specversion":"0.3","id":"1","source":"/s","type":"t"}`:                                          "invalid_field: specversion",
		`{"id":"1","source":"/s","type":"t"}`:                                                              "missing_field: specversion",
		`{"specversion":"1.0","id":"1","source":" ","type":"t"}`:                                           "missing_field: source",
		`{` + known + `"data":{}}`:                                                                         "missing_field: type",
		`{` + known + `"type":"t","time":"soon"}`:                                                          "invalid_field: time",
		`{` + known + `"type":"t","time":"soon","data":{"event_time":1795426200,"email":"a@example.com"}}`: "",
		`{` + known + `"type":"t","data":"free text"}`:                                                     "undecodable: data",
		`{` + known + `"type":"t","data_base64":"?"}`:                                                      "undecodable: data_base64",
		`7`: "undecodable: item",
	} {
		got := ""
		if _, err := mappingtest.MapOne(Mapper{}, item, ""); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", item, got, want)
		}
	}
}

// TestCloudEventsPatterns: the longest pattern that fits a type gives its name, the type itself before any.
func TestCloudEventsPatterns(t *testing.T) {
	in := mapping.Input{Events: map[string][]byte{
		"com.example.*": []byte("Lead"), "com.example.order.*": []byte("Purchase"), "*.deleted": nil, "com.example.order.opened": []byte("InitiateCheckout"),
	}}
	for kind, want := range map[string]string{
		"com.example.order.completed": "Purchase", "com.example.order.opened": "InitiateCheckout", "com.example.user": "Lead",
		"org.example.deleted": "dropped", "org.example.other": "org.example.other", "Purchase": "Purchase", "com.example.": "Lead",
	} {
		in.Raw = &event.Raw{Item: []byte(`{` + known + `"type":"` + kind + `","data":{}}`)}
		var out mapping.Output
		if err := (Mapper{}).Map(&in, &out); err != nil {
			t.Fatal(err)
		}
		got := "dropped"
		if !in.Rename(names, &out) {
			got = string(out.Event.Name)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
}

// TestCloudEventsFlat: Meta's own fields are no strangers in data that has no event_name.
func TestCloudEventsFlat(t *testing.T) {
	const item = `{` + known + `"type":"Purchase","data":{"event_id":"1","messaging_channel":"whatsapp","wa_id":"14155550123","opt_out":true,"value":1}}`
	out, err := mappingtest.MapOne(Mapper{}, item, "")
	if err != nil || len(out.Dropped) != 0 {
		t.Fatalf("%v, dropped %v", err, out.Dropped)
	}
	if e := &out.Event; string(e.Messaging) != "whatsapp" || string(out.People.WhatsApp) != "14155550123" || string(e.OptOut) != "true" {
		t.Errorf("%s %s %s", e.Messaging, out.People.WhatsApp, e.OptOut)
	}
}

// TestCloudEventsOrders: an order's state and region are none of the customer's, those of its user are; null is no name of
// Meta's; an empty list is no user.
func TestCloudEventsOrders(t *testing.T) {
	for data, want := range map[string][]string{
		`{"state":"completed","region":"eu-1","country":"DE","email":"a@example.com"}`: {"country=DE", "em=a@example.com", "event!unknown", "event!unknown"},
		`{"user":{"state":"CA","email":"a@example.com"}}`:                              {"em=a@example.com", "st=CA"},
		`{"user":[],"email":"a@example.com"}`:                                          {"em=a@example.com"},
		`{"event_name":null,"email":"a@example.com"}`:                                  {"em=a@example.com"},
	} {
		out, err := mappingtest.MapOne(Mapper{}, `{`+known+`"type":"t","data":`+data+`}`, "")
		got := mappingtest.Person(out)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", data, err, diff)
		}
	}
}

// TestCloudEventsKeepToThemselves: of data that nobody made for Meta only what has one of its names is passed on.
func TestCloudEventsKeepToThemselves(t *testing.T) {
	const item = `{` + known + `"type":"t","data":{"value":1,"note":"private","user":{"fn":"Jane","shoe":"7"},"custom_data":{"own":1},"empty":null}}`
	var out mapping.Output
	if err := (Mapper{}).Map(&mapping.Input{Raw: &event.Raw{Item: []byte(item)}}, &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]mapping.Dropped{{Field: mapping.FieldEvent, Reason: mapping.Unknown}, {Field: mapping.FieldUser, Reason: mapping.Unknown}}, out.Dropped); diff != "" {
		t.Error(diff)
	}
	if len(out.Event.Custom.Members) != 1 || string(out.Event.Custom.Members[0].Key) != "own" {
		t.Errorf("members %s", out.Event.Custom.Members)
	}
	if got := mappingtest.MappedValue(t, Mapper{}, ``, item, identity.Fn); got != "Jane" {
		t.Errorf("fn %q", got)
	}
}
