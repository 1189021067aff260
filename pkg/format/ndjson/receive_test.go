package ndjson

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{receivetest.SeedEvent + "\n" + receivetest.SeedEvent, "\ufeff{}\r\n\n[", "{\"event_id\":\"x\"}", "\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) { receivetest.Decode(t, Receiver{}, receive.Own{}, body, "", nil) })
}
