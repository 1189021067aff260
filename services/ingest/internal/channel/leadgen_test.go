package channel

import "testing"

func FuzzLeadGen(f *testing.F) {
	for _, seed := range []string{
		`{"object":"page","entry":[{"id":"153125381133","time":1795426202,"changes":[{"field":"leadgen","value":{"leadgen_id":"1234567890123456","created_time":1795426200}}]}]}`,
		`{"entry":[{"changes":[{"field":"leadgen"},{"field":"feed","value":{}},{"field":"leadgen","value":{"leadgen_id":7,"access_token":"x"}}]}]}`,
		`{"entry":7}`, `[]`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) { decode(t, LeadGen{}, Hook{}, body, "application/json", nil) })
}
