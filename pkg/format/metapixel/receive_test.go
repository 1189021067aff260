package metapixel

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// pixelID is the id of an image's hit.
func pixelID(t *testing.T, query, client, agent string, at time.Time) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/tr/?"+query, nil)
	r.Header.Set("User-Agent", agent)
	in := &receive.Input{Request: r, Answer: receive.Image{}, Now: at, Client: netip.MustParseAddr(client)}
	var b receive.Batch
	if refusal := (Receiver{}).Split(in, &b); refusal != nil {
		t.Fatal(refusal.Detail)
	}
	if refusal := receive.Name(Receiver{}, in, &b, "pixel", at); refusal != nil {
		t.Fatal(refusal.Detail)
	}
	return string(b.Items[0].ID)
}

// TestPixelIDs: which hits are the same event.
func TestPixelIDs(t *testing.T) {
	const noscript = "id=1&ev=PageView&noscript=1"
	first := pixelID(t, noscript, "203.0.113.24", "a", receivetest.Arrival)
	for name, c := range map[string]struct {
		query, client, agent string
		at                   time.Time
		same                 bool
	}{
		"a repeat":        {noscript, "203.0.113.24", "a", receivetest.Arrival.Add(59 * time.Second), true},
		"a minute later":  {noscript, "203.0.113.24", "a", receivetest.Arrival.Add(time.Minute), false},
		"another visitor": {noscript, "203.0.113.25", "a", receivetest.Arrival, false},
		"another browser": {noscript, "203.0.113.24", "b", receivetest.Arrival, false},
		"another event":   {"id=1&ev=Lead&noscript=1", "203.0.113.24", "a", receivetest.Arrival, false},
	} {
		if got := pixelID(t, c.query, c.client, c.agent, c.at); (got == first) != c.same {
			t.Errorf("%s: %s, first %s", name, got, first)
		}
	}
	timed := pixelID(t, "id=1&ev=Lead&ts=1795426200000", "203.0.113.24", "a", receivetest.Arrival)
	if got := pixelID(t, "id=1&ev=Lead&ts=1795426200000", "203.0.113.24", "a", receivetest.Arrival.Add(time.Hour)); got != timed {
		t.Error("a hit with a time depends on the arrival")
	}
	order := pixelID(t, "id=1&ev=Purchase&cd[order_id]=7&ts=1", "203.0.113.24", "a", receivetest.Arrival)
	if got := pixelID(t, "id=1&ev=Purchase&cd[order_id]=7&ts=2", "203.0.113.25", "b", receivetest.Arrival.Add(time.Hour)); got != order {
		t.Error("an order has two ids")
	}
	if got := pixelID(t, "id=1&ev=Lead&eid=own", "203.0.113.24", "a", receivetest.Arrival); got != "own" {
		t.Errorf("own id: %s", got)
	}
}

// TestObject: what becomes of the fields of a query.
func TestObject(t *testing.T) {
	for query, want := range map[string]string{
		"a=1&b=%C3%BC+x&a=2&c=&token=s&d": `{"a":["1","2"],"b":"ü x"}`,
		"a=%&b=%zz&=x&&c=%2":              `{"a":"%","b":"%zz","c":"%2"}`,
		"%ff=1&%fe=2&%00=3":               `{"�":["1","2"],"\u0000":"3"}`,
		"a=&a=1":                          `{"a":"1"}`,
		"ACCESS_TOKEN=s":                  `{}`,
		`a"\=%22`:                         `{"a\"\\":"\""}`,
	} {
		var b receive.Batch
		got, refusal := b.Object(b.AddPairs(nil, []byte(query)))
		if refusal != nil || string(got) != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	var b receive.Batch
	if list := b.AddPairs(nil, bytes.Repeat([]byte("a&"), 10*receive.MaxPairs)); len(list) != receive.MaxPairs+1 {
		t.Errorf("%d fields are read", len(list))
	}
	if _, refusal := b.Object(b.AddPairs(nil, bytes.Repeat([]byte("a=1&"), receive.MaxPairs+1))); refusal == nil {
		t.Error("too many fields are taken")
	}
}

func FuzzReceive(f *testing.F) {
	for _, seed := range [][3]string{
		{"id=1&ev=AddToCart&ts=1795426200000&cd%5Bcontents%5D=%5B%7B%22id%22%3A1%7D%5D&ud[em]=x&fbp=fb.1.1.1", "", ""},
		{"", "id=1&ev=%C3&cd[content_ids]=a&cd[content_ids]=b&udff[ph]=1", "application/x-www-form-urlencoded"},
		{"if=false", "--cut\r\nContent-Disposition: form-data; name=\"ev\"\r\n\r\nLead\r\n--cut--\r\n", "multipart/form-data; boundary=cut"},
		{"%ff=1&%fe=2", "\xff=1", ""},
	} {
		f.Add(seed[0], []byte(seed[1]), seed[2])
	}
	f.Fuzz(func(t *testing.T, query string, body []byte, contentType string) {
		receivetest.Decode(t, Receiver{}, receive.Image{}, body, contentType, nil, ":query", query)
	})
}

// TestGif: an image that browsers show.
func TestGif(t *testing.T) {
	var reply receive.Reply
	receive.Image{}.Accepted(&reply, nil, nil, "")
	if len(reply.Body) != 43 || !bytes.HasPrefix(reply.Body, []byte("GIF89a")) || jsonscan.Kind(reply.Body) != 0 {
		t.Errorf("%d bytes: %q", len(reply.Body), reply.Body)
	}
}
