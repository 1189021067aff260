package json

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
)

func FuzzReceive(f *testing.F) {
	var mappings []*mapfile.Mapping
	for _, items := range []string{``, `, "items": "$.result.orders[*]"`} {
		m, err := mapfile.Parse([]byte(`{"format": {"type": "json"` + items + `}, "columns": {"event_name": {"path": "$.event"}, "event_time": {"path": "$.time"},
			"event_id": {"path": "$.id"}, "user_data.em": {"path": "$.customer.emails[*]"}, "custom_data.order_id": {"path": "$.order"}}}`))
		if err != nil {
			f.Fatal(err)
		}
		mappings = append(mappings, m)
	}
	for _, body := range receivetest.RecordedBodies(f) {
		f.Add(body)
	}
	f.Add([]byte(`[[1],{"event":"x","order":1,"token":"t"},null]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, m := range mappings {
			receivetest.Decode(t, Receiver{}, receive.Own{}, body, "application/json", m)
		}
	})
}
