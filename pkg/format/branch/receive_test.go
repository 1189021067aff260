package branch

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		`{"name":"PURCHASE","id":921384729384723984,"timestamp":1795426080123,"event_data":{"transaction_id":"10007"},"user_data":{"developer_identity":"cust-77"}}`,
		`{"name":"open","timestamp":1795426080123,"user_data":{"idfa":"A"},"event_data":7}`, `{"user_data":[]}`, `[]`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		receivetest.Decode(t, Receiver{}, Format.Answer, body, "application/json", nil)
	})
}
