package mapfile

import (
	"testing"
)

// TestStoreData: the columns of a store make one object, under either path.
func TestStoreData(t *testing.T) {
	m := mustParse(t, `{"version":1,"defaults":{"event_name":"Purchase","store_data.brand_page_id":"9"},
		"columns":{"store_data.store_code":{"name":"Store"},"custom_data.store_data.store_page_id":{"name":"Page"}}}`)
	for row, want := range map[string]string{
		`["SF-001","123"]`: `{"store_code":"SF-001","store_page_id":"123","brand_page_id":"9"}`,
		`["","123"]`:       `{"store_page_id":"123","brand_page_id":"9"}`,
	} {
		e := mapped(t, m, []byte(`{"row":1,"columns":["Store","Page"],"lines":[`+row+`]}`))
		if len(e.Custom.Members) != 1 || string(e.Custom.Members[0].Key) != "store_data" || string(e.Custom.Members[0].Value) != want {
			t.Errorf("%s: %s", row, e.Custom.Members)
		}
	}
	if at := paths(t, `{"version":1,"defaults":{"event_name":"Lead"},"columns":{"store_data.name":{"name":"a"}}}`); len(at) != 1 {
		t.Errorf("problems at %v", at)
	}
}
