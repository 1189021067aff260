package channel

import (
	"testing"
)

func FuzzCollect(f *testing.F) {
	for _, seed := range []string{`{"events":[` + seedEvent + `],"sent_at":"x","server":true}`, `[` + seedEvent + `,1]`, seedEvent, `{}`, `""`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) { decode(t, Collect{}, Own{}, body, "text/plain", nil) })
}
