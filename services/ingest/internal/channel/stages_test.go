package channel

import "testing"

func FuzzStages(f *testing.F) {
	for _, seed := range []string{
		`{"source":"CRM","changes":[{"lead_id":"1234567890123456","stage":"converted","occurred_at":"2026-11-23T09:30:00Z","contact":{"email":"jane.doe@example.com"}}]}`,
		`[{"stage":"a"},{"stage":7},1,{"lead_id":null,"stage":"x","event_id":"own"}]`,
		`{"stage":"one","contact":{"external_id":["x"]},"access_token":"s"}`, `{"changes":{}}`, `""`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) { decode(t, Stages{}, Own{}, body, "application/json", nil) })
}
