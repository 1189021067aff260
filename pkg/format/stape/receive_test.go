package stape

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// TestNested: dotted names become objects and lists.
func TestNested(t *testing.T) {
	for query, want := range map[string]string{
		"a=1&user_data.email=x&user_data.address.city=y": `{"a":"1","user_data":{"email":"x","address":{"city":"y"}}}`,
		"items.0.id=A&items.0.price=1&items.1.id=B":      `{"items":[{"id":"A","price":"1"},{"id":"B"}]}`,
		"items.1.id=A&items.0.id=B":                      `{"items":{"1":{"id":"A"},"0":{"id":"B"}}}`,
		"ids.0=a&ids.1=b":                                `{"ids":["a","b"]}`,
		"a=1&a.b=2&a=3":                                  `{"a":"1"}`,
		"a.b=2&a=1&a.b=3":                                `{"a":{"b":"2"}}`,
		".a=1&b.=2&c..d=3&token=s&e=":                    `{".a":"1","b.":"2","c":{".d":"3"}}`,
		"0=a&1=b":                                        `{"0":"a","1":"b"}`,
		strings.Repeat("x.", maxDots+2) + "y=1":          `{"x":{"x":{"x":{"x":{"x":{"x":{"x.x.y":"1"}}}}}}}`,
		"":                                               `{}`,
	} {
		var b receive.Batch
		if got := string(nested(&b, b.AddPairs(nil, []byte(query)))); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

// TestStapeQuery: an event in a query, in each of its encodings.
func TestStapeQuery(t *testing.T) {
	const event = `{"event_name":"a","x":"ÿ??>"}`
	for query, want := range map[string]string{
		"dtcd=" + strings.NewReplacer("ÿ", "%C3%BF", "?", "%3F", ">", "%3E").Replace(event):        event,
		"dtdc=" + base64.RawURLEncoding.EncodeToString([]byte(event)):                              event,
		"dtdc=" + base64.StdEncoding.EncodeToString([]byte(event)):                                 event, // its plus comes as a space
		"dtdc=" + strings.ReplaceAll(base64.StdEncoding.EncodeToString([]byte(event)), "=", "%3D"): event,
		"event_name=a&user_data.email=x":                                                           `{"event_name":"a","user_data":{"email":"x"}}`,
		"dtdc=%21":                                                                                 "",
		"dtcd=%7B":                                                                                 "",
	} {
		in := &receive.Input{Request: httptest.NewRequest(http.MethodGet, "/data?"+query, nil), Answer: Format.Answer, Now: receivetest.Arrival}
		var b receive.Batch
		refusal := (Receiver{}).Split(in, &b)
		if (refusal != nil) != (want == "") || refusal == nil && string(b.Items[0].Value) != want {
			t.Errorf("%s: %v, %d items", query, refusal, len(b.Items))
		}
		if refusal != nil {
			continue
		}
		var reply receive.Reply
		if Format.Answer.Accepted(&reply, in, &b, ""); reply.ContentType != "image/gif" {
			t.Errorf("%s: no image", query)
		}
	}
}

// TestStapeIDs: what names an event wherever it is said, and whose it is.
func TestStapeIDs(t *testing.T) {
	for name, c := range map[string]struct{ query, body, id string }{
		"beside":                    {"", `{"event_name":"purchase","event_id":"E1","transaction_id":"T1"}`, "E1"},
		"in its ecommerce":          {"", `{"event_name":"purchase","ecommerce":{"transaction_id":"T7"}}`, "T7"},
		"beside before within":      {"", `{"ecommerce":{"event_id":"E7","transaction_id":"T7"},"event_id":"E1"}`, "E1"},
		"in the query":              {"?event_id=E2", `{"event_name":"purchase"}`, "E2"},
		"the sale in the query":     {"?transaction_id=T2", `event_name=purchase`, "T2"},
		"the body before the query": {"?event_id=E2", `{"event_name":"purchase","transaction_id":"T1"}`, "T1"},
		"of several none":           {"?event_id=E2", `[{"event_name":"a"},{"event_name":"b"}]`, ""},
		"none that can be used":     {"?event_id=%20", `{"event_name":"purchase"}`, ""},
	} {
		in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/data"+c.query, nil), Body: []byte(c.body), Answer: Format.Answer, Now: receivetest.Arrival}
		var b receive.Batch
		if r := (Receiver{}).Split(in, &b); r != nil {
			t.Fatal(name, r.Detail)
		}
		if r := receive.Name(Receiver{}, in, &b, "shop", receivetest.Arrival); r != nil {
			t.Fatal(name, r.Detail)
		}
		if got := string(b.Items[0].ID); got != c.id && (c.id != "" || len(got) != receive.HexSize) {
			t.Errorf("%s: %s, want %s", name, got, c.id)
		}
	}
}

// TestStapeServer: only a right secret makes a server, and no page can say that it is one.
func TestStapeServer(t *testing.T) {
	for query, want := range map[string]string{"": `{"server":true}`, "?v=2": `{"v":"2","server":true}`, "?server=x&%73erver=y": `{"server":true}`} {
		for _, server := range []bool{true, false} {
			in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/data"+query, nil), Body: []byte(`{"event_name":"a"}`), Now: receivetest.Arrival}
			var b receive.Batch
			if refusal := (Receiver{}).Split(in, &b); refusal != nil {
				t.Fatal(refusal.Detail)
			}
			if (Receiver{}).Granted(&b, server); server && string(b.Context) != want || !server && bytes.Contains(b.Context, []byte("server")) {
				t.Errorf("%q, server %v: %s", query, server, b.Context)
			}
		}
	}
}

func FuzzReceive(f *testing.F) {
	for _, seed := range [][3]string{
		{"v=2&event_name=a", `{"event_name":"purchase","transaction_id":1,"user_data":{"email_address":"x"}}`, "application/json"},
		{"", `[{"event_id":"1"},{"event_time":"x"}]`, ""},
		{"server=1", "user_data.address.city=x&items.0.price=1&a=1&a.b=2&%ff.x=1&%fe.y=2", "application/x-www-form-urlencoded"},
		{"", "--cut\r\nContent-Disposition: form-data; name=\"a.0\"\r\n\r\nLead\r\n--cut--\r\n", "multipart/form-data; boundary=cut"},
	} {
		f.Add(seed[0], []byte(seed[1]), seed[2])
	}
	f.Fuzz(func(t *testing.T, query string, body []byte, contentType string) {
		receivetest.Decode(t, Receiver{}, Format.Answer, body, contentType, nil, ":query", query)
		r := httptest.NewRequest(http.MethodGet, "/data", nil)
		for _, name := range []string{"dtcd=", "dtdc="} {
			r.URL.RawQuery = name + query
			var b receive.Batch
			in := &receive.Input{Request: r, Answer: Format.Answer}
			if (Receiver{}).Split(in, &b) != nil {
				continue
			}
			for i := range b.Items {
				if jsonscan.Check(b.Items[i].Value, jsonscan.Limits{}) != nil {
					t.Errorf("%s: %q is no JSON", r.URL.RawQuery, b.Items[i].Value)
				}
			}
		}
	})
}
