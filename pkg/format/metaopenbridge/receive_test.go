package metaopenbridge

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{`{"event_name":"PageView","fb.pixel_id":"1","fb.fbp":"fb.1.1.1","token":"x"}`, `[{"fb.pixel_id":1},{"fb.pixel_id":"1"}]`, `[]`, `7`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		receivetest.Decode(t, Receiver{}, answer{}, body, "text/plain", nil)
	})
}
