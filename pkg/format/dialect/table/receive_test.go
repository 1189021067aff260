package table

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
)

func FuzzFile(f *testing.F) {
	m, err := mapfile.Parse([]byte(`{"EVENT_NAME":0,"EVENT_TIME":1,"EMAIL":2,"ORDER_ID":3}`))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][2]string{
		{"Purchase;1795426200;jane@example.com;1\n", "text/csv"},
		{`{"row":1,"lines":[["Purchase","1795426200"]]}` + "\n{}", "application/x-ndjson"},
		{`{"row":"x","lines":[[1]]}`, "application/x-ndjson"},
		{"\"", "text/csv"},
	} {
		f.Add([]byte(seed[0]), seed[1])
	}
	file := NewReceiver(mapfile.CSV, 1)
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		receivetest.Decode(t, file, receive.Own{}, body, contentType, m)
	})
}
