package adjust

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

func FuzzReceive(f *testing.F) {
	for _, seed := range [][2]string{
		{"", "token=t&activity_kind=event&event=abc123&event_name=Purchase&adid=18546f&created_at=1795426080&random=1"},
		{"", "event_id=own&adid={adid}"},
		{"activity_kind=install&idfa=A", "token=t"},
		{`{"adid":7,"created_at":null,"event":"x"}`, ""},
	} {
		f.Add([]byte(seed[0]), seed[1])
	}
	f.Fuzz(func(t *testing.T, body []byte, query string) {
		receivetest.Decode(t, Receiver{}, Format.Answer, body, "application/x-www-form-urlencoded", nil, ":query", query)
	})
}
