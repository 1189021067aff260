package ga4mp

import (
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
)

// TestGoogleOwnIDs: ids that the site says itself are the only ones; what is said of the products goes with them.
func TestGoogleOwnIDs(t *testing.T) {
	out, err := mappingtest.MapOne(Mapper{}, `{"name":"purchase","params":{"currency":"EUR","items":[{"item_id":"A","price":10,"quantity":2}],"x-fb-cd-content_ids":"[\"SKU1\"]"}}`, "")
	if err != nil {
		t.Fatal(err)
	}
	ids := 0
	for _, m := range out.Event.Custom.Members {
		if string(m.Key) == "content_ids" {
			ids++
		}
	}
	if m := mappingtest.Members(out); ids != 1 || m["content_ids"] != `["SKU1"]` || m["num_items"] != "2" || m["content_type"] != `"product"` {
		t.Errorf("%d lists: %v", ids, m)
	}
}

// TestGoogleTotal: the value of products where the event has none.
func TestGoogleTotal(t *testing.T) {
	for items, want := range map[string]string{
		`[{"item_id":"a","price":39.9,"quantity":1},{"item_id":"b","price":10,"quantity":2}]`: "59.9",
		`[{"item_id":"a","price":"0.1","quantity":3}]`:                                        "0.3",
		`[{"item_id":"a","price":7}]`:                                                         "7",
		`[{"item_id":"a","price":0}]`:                                                         "0",
		`[{"item_id":"a","price":0.000001,"quantity":2}]`:                                     "0.000002",
		`[{"item_id":"a","price":100,"quantity":10}]`:                                         "1000",
		`[{"item_id":"a","price":0.0000001}]`:                                                 "",
		`[{"item_id":"a","price":1},{"item_id":"b"}]`:                                         "",
		`[{"item_id":"a","price":99999999999999999,"quantity":99999999999}]`:                  "",
		`[{"price":1}]`: "",
		`[]`:            "",
	} {
		out, err := mappingtest.MapOne(Mapper{}, `{"name":"add_to_cart","params":{"currency":"EUR","items":`+items+`}}`, "")
		if err != nil || string(out.Event.Custom.Value) != want {
			t.Errorf("%s: %s %v, want %s", items, out.Event.Custom.Value, err, want)
		}
	}
	for item, want := range map[string]string{
		`{"name":"a","params":{"items":[{"item_id":"a","price":1}]}}`:                                                                                                    "",
		`{"name":"a","params":{"items":[{"item_id":"a","price":1}],"value":"5","currency":"EUR"}}`:                                                                       "5",
		`{"name":"view_item_list","params":{"items":[{"item_id":"a","price":1}],"currency":"EUR"}}`:                                                                      "",
		`{"name":"a","params":{"value":0,"currency":"EUR","items":[{"item_id":"a","price":1}]}}`:                                                                         "0",
		`{"name":"a","params":{"currency":"EUR","x-fb-cd-contents":"[{\"id\":1,\"item_price\":2}]"}}`:                                                                    "2",
		`{"name":"purchase","params":{"currency":"EUR","items":[{"item_id":"A","price":10}],"x-fb-cd-contents":"[{\"id\":\"A\",\"item_price\":10}]"}}`:                   "10",
		`{"name":"purchase","params":{"currency":"EUR","x-fb-cd-contents":[{"id":"A","item_price":10}],"items":[{"item_id":"A","price":10},{"item_id":"B","price":1}]}}`: "10",
		`{"name":"purchase","params":{"currency":"EUR","items":[{"item_id":"A","price":10,"quantity":2}],"x-fb-cd-content_ids":"[\"SKU1\"]"}}`:                           "20",
		`{"name":"view_search_results","params":{"currency":"EUR","items":[{"item_id":"A","price":10}]}}`:                                                                "",
		`{"name":"a","params":{"currency":"EUR","items":"x","x-fb-cd-value":"3"}}`:                                                                                       "3",
		`{"name":"a","params":{"currency":"EUR","items":[{"item_id":"a","price":-1}],"page_location":"x"}}`:                                                              "",
	} {
		out, err := mappingtest.MapOne(Mapper{}, item, "")
		if err != nil || string(out.Event.Custom.Value) != want {
			t.Errorf("%s: %s %v, want %s", item, out.Event.Custom.Value, err, want)
		}
	}
}

// TestGoogleTotalByDefault: the source's currency is one.
func TestGoogleTotalByDefault(t *testing.T) {
	out := &mapping.Output{}
	raw := &event.Raw{Time: time.Unix(1795426200, 0), Item: []byte(`{"name":"a","params":{"items":[{"item_id":"a","price":1}]}}`)}
	if err := (Mapper{}).Map(&mapping.Input{Raw: raw, Currency: "EUR"}, out); err != nil || string(out.Event.Custom.Value) != "1" {
		t.Errorf("%s %v", out.Event.Custom.Value, err)
	}
}

// TestGoogleList: a list of products is a group.
func TestGoogleList(t *testing.T) {
	out, err := mappingtest.MapOne(Mapper{}, `{"name":"view_item_list","params":{"items":[{"item_id":"a"},{"item_id":"a"}]}}`, "")
	if got := mappingtest.Members(out); err != nil || got["content_type"] != `"product_group"` || got["content_ids"] != `["a"]` || got["num_items"] != "" {
		t.Errorf("%v %v", got, err)
	}
}

func FuzzMap(f *testing.F) {
	for _, seed := range [][2]string{
		{`{"name":"purchase","timestamp_micros":1,"params":{"transaction_id":"1","value":5,"currency":"USD","items":[{"item_id":"a","price":1,"quantity":2}],"x-fb-cd-a":"[1]","x-fb-ck-fbc":1}}`, `{"client_id":"1.2","user_data":{"address":[{"city":"x"}],"sha256_email_address":["y"]},"device":{"screen_resolution":"1x2"},"app_instance_id":"a"}`},
		{`[]`, `7`},
		{`{"name":"purchase","params":{"transactionProducts":[{"sku":1}],"transactionTotal":"x","ecommerce":{"detail":{"products":[{}]},"click":{}},"user_data":"{\"em\":[]}"}}`, `{"user_data":[{"address":{"0":{}}}]}`},
		{`{"name":1}`, `{"consent":[]}`},
	} {
		f.Add([]byte(seed[0]), []byte(seed[1]))
	}
	f.Fuzz(func(t *testing.T, item, context []byte) { mappingtest.MapsAnything(t, Mapper{}, item, context) })
}
