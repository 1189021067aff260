package capi

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/format/dialect/serverevent"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
)

// TestOffline: match_keys make an offline event; without them what stands beside custom_data is unknown.
func TestOffline(t *testing.T) {
	const beside = `"value":"5","currency":"EUR","order_id":1,"item_number":"2","content_type":"product","num_items":null`
	out, err := mappingtest.MapOne(serverevent.Mapper{}, `{`+beside+`,"match_keys":{"email":["a@b.c"],"extern_id":7},"custom_data":{"currency":"USD","order_id":"own"}}`, "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"order_id": `"own"`, "item_number": `"2"`, "content_type": `"product"`}, mappingtest.Members(out)); diff != "" {
		t.Error(diff)
	}
	c := out.Event.Custom
	if string(c.Value) != "5" || string(c.Currency) != "USD" || string(out.Event.ActionSource) != "physical_store" || len(out.Event.User.Values) != 2 || len(out.Dropped) != 0 {
		t.Errorf("%s %s %s, %d values, dropped %v", c.Value, c.Currency, out.Event.ActionSource, len(out.Event.User.Values), out.Dropped)
	}
	out, err = mappingtest.MapOne(serverevent.Mapper{}, `{`+beside+`,"user_data":{"em":"a@b.c"}}`, "")
	if err != nil || len(out.Dropped) != 5 || out.Event.Custom.Value != nil || len(out.Event.ActionSource) != 0 {
		t.Errorf("%v %v %s", err, out.Dropped, out.Event.Custom.Value)
	}
	out, err = mappingtest.MapOne(serverevent.Mapper{}, `{"match_keys":"x"}`, "")
	if want := (mapping.Dropped{Field: mapping.FieldUser, Reason: mapping.Malformed}); err != nil || !slices.Equal(out.Dropped, []mapping.Dropped{want}) {
		t.Errorf("match_keys that are no object: %v, dropped %v", err, out.Dropped)
	}
	if out, err = mappingtest.MapOne(serverevent.Mapper{}, `{"match_keys":{"email":"a"},"action_source":"phone_call"}`, ""); err != nil || string(out.Event.ActionSource) != "phone_call" {
		t.Errorf("%s %v", out.Event.ActionSource, err)
	}
}
