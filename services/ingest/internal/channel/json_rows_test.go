package channel

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/mapfile"
	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
)

func FuzzJSON(f *testing.F) {
	var sources []*auth.Source
	for _, items := range []string{``, `, "items": "$.result.orders[*]"`} {
		m, err := mapfile.Parse([]byte(`{"format": {"type": "json"` + items + `}, "columns": {"event_name": {"path": "$.event"}, "event_time": {"path": "$.time"},
			"event_id": {"path": "$.id"}, "user_data.em": {"path": "$.customer.emails[*]"}, "custom_data.order_id": {"path": "$.order"}}}`))
		if err != nil {
			f.Fatal(err)
		}
		sources = append(sources, &auth.Source{Name: "source", Mapping: m})
	}
	for _, body := range recordedBodies(f, "json") {
		f.Add(body)
	}
	f.Add([]byte(`[[1],{"event":"x","order":1,"token":"t"},null]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, s := range sources {
			decode(t, JSON{}, Own{}, body, "application/json", s)
		}
	})
}
