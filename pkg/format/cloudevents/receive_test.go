package cloudevents

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

func FuzzReceive(f *testing.F) {
	const single, batch = "application/cloudevents+json", "application/cloudevents-batch+json"
	for _, body := range receivetest.RecordedBodies(f) {
		f.Add(body, single, "", "")
		f.Add(body, batch, "", "")
		f.Add(body, "application/json", "ce-1", "com.example.order")
	}
	f.Add([]byte(`{"id":"1","data_base64":"e30=","token":"x"}`), single, "", "")
	f.Add([]byte("<a/>"), "text/xml; charset", "\"a\\\"%41\"", "%")
	f.Fuzz(func(t *testing.T, body []byte, contentType, id, kind string) {
		var headers []string
		if id != "" {
			headers = []string{"ce-specversion", "1.0", "ce-id", id, "ce-source", "/s", "ce-type", kind, "ce-data", "no attribute"}
		}
		receivetest.Decode(t, Receiver{}, Answer{}, body, contentType, nil, headers...)
	})
}

func TestHeaderValue(t *testing.T) {
	for text, want := range map[string]string{
		"plain": "plain", "a b": "a b", "Euro%20%E2%82%AC": "Euro \u20ac", `"quoted \"x\" %41"`: `quoted "x" A`, "100%": "100%", "%zz": "%zz",
		"%2541": "%41", `"`: `"`, "": "", `"\\"`: `\`, "\u20ac": "\u20ac",
	} {
		if got, ok := headerValue(text); !ok || string(got) != want {
			t.Errorf("%s: %q %v, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"%FF", "\xff", "%C3"} {
		if got, ok := headerValue(text); ok {
			t.Errorf("%q: %q is taken", text, got)
		}
	}
}

// TestHandshake: the rate is that of the least limited source.
func TestHandshake(t *testing.T) {
	for name, tt := range map[string]struct {
		to     receive.Candidates
		rate   string
		status int
	}{
		"limited":   {receivetest.Candidates{Rate: 120}, "120", http.StatusOK},
		"unlimited": {receivetest.Candidates{}, "*", http.StatusOK},
		"nobody":    {nil, "", http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			in := &receive.Input{Request: httptest.NewRequest(http.MethodOptions, "/", nil)}
			in.Request.Header.Set("WebHook-Request-Origin", "a.example.com")
			var reply receive.Reply
			if !(Receiver{}).Greet(in, tt.to, &reply) || reply.Status != tt.status {
				t.Fatalf("status %d", reply.Status)
			}
			if allowed := slices.Contains(reply.Headers, receive.Header{Name: "WebHook-Allowed-Rate", Value: tt.rate}); allowed != (tt.rate != "") {
				t.Errorf("headers %v", reply.Headers)
			}
			if allowed := slices.Contains(reply.Headers, receive.Header{Name: "WebHook-Allowed-Origin", Value: "a.example.com"}); allowed != (tt.rate != "") {
				t.Errorf("headers %v", reply.Headers)
			}
		})
	}
	in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/", nil)}
	if (Receiver{}).Greet(in, nil, &receive.Reply{}) {
		t.Error("a post is no handshake")
	}
}

// TestEitherTime: an event is refused for its time only where none that it says can be read.
func TestEitherTime(t *testing.T) {
	for members, want := range map[string]string{
		`"time":"2026-11-30T03:00Z"`: "", `"time":"soon"`: "time", `"time":"soon","data":{"event_time":1796007600}`: "",
		`"time":"soon","data":{"event_time":"soon"}`: "time", `"data":{"event_time":"soon"}`: "time", `"time":null,"data":{"value":1}`: "",
		`"time":"2026-11-30T03:00Z","data":{"event_time":"soon"}`: "",
	} {
		id := receive.Ident{}
		in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/", nil)}
		reason := Receiver{}.Identify(in, []byte(`{"specversion":"1.0","id":"1","source":"/s","type":"t",`+members+`}`), &id)
		if (reason != "") != (want != "") || id.Field != want {
			t.Errorf("%s: %s %s, want %q", members, reason, id.Field, want)
		}
	}
}
