package channel

import (
	"testing"
)

func FuzzNDJSON(f *testing.F) {
	for _, seed := range []string{seedEvent + "\n" + seedEvent, "\ufeff{}\r\n\n[", "{\"event_id\":\"x\"}", "\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) { decode(t, NDJSON{}, Own{}, body, "", nil) })
}
