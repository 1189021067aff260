package metaleadgen

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		`{"object":"page","entry":[{"id":"153125381133","time":1795426202,"changes":[{"field":"leadgen","value":{"leadgen_id":"1234567890123456","created_time":1795426200}}]}]}`,
		`{"entry":[{"changes":[{"field":"leadgen"},{"field":"feed","value":{}},{"field":"leadgen","value":{"leadgen_id":7,"access_token":"x"}}]}]}`,
		`{"entry":7}`, `[]`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		receivetest.Decode(t, Receiver{}, receive.Hook{}, body, "application/json", nil)
	})
}
