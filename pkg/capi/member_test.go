package capi

import (
	"strings"
	"testing"
)

// TestMembersOfMetasHaveMetasTypes: of what is none of the type, only that member is lost; the sender's own stay as they are.
func TestMembersOfMetasHaveMetasTypes(t *testing.T) {
	const bad = "custom_data malformed"
	for _, c := range []struct{ key, value, want, dropped string }{
		{"content_type", `["product"]`, `"product"`, ""},
		{"content_type", `"[\"product\",\"x\"]"`, `"product"`, ""},
		{"content_type", `"[product]"`, `"[product]"`, ""},
		{"content_category", `[null,"",{"a":1},["shoes"],"men"]`, `"shoes"`, ""},
		{"content_category", `[{"a":1}]`, "", bad},
		{"content_name", `{"en":"Shoe"}`, "", bad},
		{"content_name", `true`, "", bad},
		{"content_name", `12.5`, `"12.5"`, ""},
		{"order_id", `[77]`, `"77"`, ""},
		{"order_id", `77`, `"77"`, ""},
		{"search_string", `[]`, "", "custom_data empty"},
		{"status", `true`, `true`, ""},
		{"status", `[false]`, "", bad},
		{"status", `{"a":1}`, "", bad},
		{"num_items", `"3"`, `3`, ""},
		{"num_items", `["3"]`, `3`, ""},
		{"num_items", `[1,2]`, "", bad},
		{"num_items", `"many"`, "", bad},
		{"predicted_ltv", `{"a":1}`, "", bad},
		{"delivery_category", `" In_Store "`, `"in_store"`, ""},
		{"delivery_category", `["home_delivery"]`, `"home_delivery"`, ""},
		{"delivery_category", `"by drone"`, "", bad},
		{"customer_segmentation", `"New_Customer_To_Business"`, `"new_customer_to_business"`, ""},
		{"customer_segmentation", `["customer_in_loyalty_program"]`, `"customer_in_loyalty_program"`, ""},
		{"customer_segmentation", `"vip"`, "", bad},
		{"customer_segmentation", `1`, "", bad},
		{"store_data", `{"store_code":"SF-001","store_page_id":123}`, `{"store_page_id":"123","store_code":"SF-001"}`, ""},
		{"store_data", `"{\"store_code\":\"SF-001\"}"`, `{"store_code":"SF-001"}`, ""},
		{"store_data", `{"store_code":"` + strings.Repeat("ü", 64) + `"}`, `{"store_code":"` + strings.Repeat("ü", 64) + `"}`, ""},
		{"store_data", `{"store_code":"` + strings.Repeat("x", 65) + `","brand_page_id":"7"}`, `{"brand_page_id":"7"}`, bad},
		{"store_data", `{"name":"Main St"}`, "", bad + "," + bad},
		{"store_data", `"SF-001"`, "", bad},
		{"my_own", `{"a":[1,{"b":null}]}`, `{"a":[1,{"b":null}]}`, ""},
		{"my_own", `["x"]`, `["x"]`, ""},
	} {
		var e Event
		purchase(&e)
		e.Custom.Members = append(e.Custom.Members[:0], member(c.key, c.value), member("beside", `1`))
		end, dropped := validated(&e, &Hashed{})
		got := ""
		if list := e.Custom.Members; len(list) == 2 {
			got = string(list[0].Value)
		}
		if got != c.want || dropped != c.dropped || end != "" || !hasKey(e.Custom.Members, []byte("beside")) {
			t.Errorf("%s %s: %s, dropped %q, end %q", c.key, c.value, got, dropped, end)
		}
	}
}

func TestMembersOfContentsHaveMetasTypes(t *testing.T) {
	var e Event
	purchase(&e)
	e.Custom.Contents = []Content{{ID: []byte("1"), Members: []Member{
		member("brand", `["Acme"]`), member("category", `{"a":1}`), member("delivery_category", `"CURBSIDE"`), member("color", `{"a":1}`),
	}}}
	end, dropped := validated(&e, &Hashed{})
	if end != "" || dropped != "custom_data.contents malformed" {
		t.Errorf("dropped %q, end %q", dropped, end)
	}
	var got []string
	for _, m := range e.Custom.Contents[0].Members {
		got = append(got, string(m.Key)+"="+string(m.Value))
	}
	if text := strings.Join(got, " "); text != `brand="Acme" delivery_category="curbside" color={"a":1}` {
		t.Error(text)
	}
}
