package collect

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{`{"events":[` + receivetest.SeedEvent + `],"sent_at":"x","server":true}`, `[` + receivetest.SeedEvent + `,1]`, receivetest.SeedEvent, `{}`, `""`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		receivetest.Decode(t, Receiver{}, receive.Own{}, body, "text/plain", nil)
	})
}
