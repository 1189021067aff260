package capi

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestClassifyBodies(t *testing.T) {
	tests := []struct {
		name, body string
		status     int
		want       Answer
	}{
		{"all counted", `{"events_received":3,"messages":["note about jane@example.com"],"fbtrace_id":"Ap15k-_b"}`, 200, Answer{Class: OK, Received: 3, FBTraceID: "Ap15k-_b"}},
		{"more counted than sent", `{"events_received":4}`, 200, Answer{Class: OK, Received: 4}},
		{"fewer counted", `{"events_received":2,"fbtrace_id":"A"}`, 200, Answer{Class: Partial, Received: 2, FBTraceID: "A"}},
		{"none counted", `{"events_received":0}`, 200, Answer{Class: Partial}},
		{"a trace id of another type", `{"events_received":3,"fbtrace_id":7}`, 200, Answer{Class: OK, Received: 3}},
		{"error with 200", `{"error":{"code":190}}`, 200, Answer{Class: Setup, Setup: Token, Code: 190}},
		{"a count with 500", `{"events_received":3}`, 500, Answer{Class: Transient}},
		{"HTML with 200", `<!DOCTYPE html><html>`, 200, Answer{Class: Transient}},
		{"truncated", `{"events_received":3,"fbtr`, 200, Answer{Class: Transient}},
		{"empty", ``, 200, Answer{Class: Transient}},
		{"a count that is no number", `{"events_received":"3"}`, 200, Answer{Class: Transient}},
		{"another shape", `{"success":true}`, 200, Answer{Class: Transient}},
		{"proxy 400", `Bad Request`, 400, Answer{Class: Transient}},
		{"proxy 413", `<html>`, 413, Answer{Class: TooLarge}},
		{"proxy 429", `slow down`, 429, Answer{Class: Throttle}},
		{"proxy 502", `{"error":"bad gateway"}`, 502, Answer{Class: Transient}},
		{"ill-typed neighbours", `{"error":{"code":190,"error_subcode":null,"type":7,"error_user_msg":{},"fbtrace_id":[]}}`, 400, Answer{Class: Setup, Setup: Token, Code: 190}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.want.Status, tt.want.EventIndex = tt.status, -1
			if got := Classify(tt.status, nil, []byte(tt.body), 3); got != tt.want {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

// TestClassifyLargeBody: the caller bounds the body; one of 10 MB, whole or cut, is read all the same.
func TestClassifyLargeBody(t *testing.T) {
	body := `{"error":{"message":"` + strings.Repeat("x", 10<<20) + `","code":2}}`
	if got := Classify(400, nil, []byte(body), 1); got.Class != Transient || got.Code != 2 {
		t.Errorf("whole: %+v", got)
	}
	if got := Classify(413, nil, []byte(body[:64<<10]), 1); got.Class != TooLarge || got.Code != 0 {
		t.Errorf("cut: %+v", got)
	}
}

func TestClassifyError(t *testing.T) {
	if got, want := ClassifyError(errors.New("dialing")), (Answer{Class: Transient, EventIndex: -1}); got != want {
		t.Errorf("got %+v", got)
	}
}

func TestDetail(t *testing.T) {
	if got := (&Answer{Code: 100, Subcode: 2804003}).Detail(); got != "100/2804003" {
		t.Errorf("got %q", got)
	}
	if got := (&Answer{Status: 500}).Detail(); got != "" {
		t.Errorf("without a code: %q", got)
	}
}

func TestRetryAfter(t *testing.T) {
	const date = "Wed, 25 Nov 2026 15:00:00 GMT"
	tests := []struct {
		retryAfter, date string
		want             time.Duration
	}{
		{"", "", 0},
		{"30", "", 30 * time.Second},
		{"0", "", 0},
		{"-5", "", 0},
		{"-9223372037", "", 0}, // in nanoseconds beyond an int64
		{"-99999999999999999999", "", 0},
		{"86401", "", maxRetryAfter},
		{"9223372037", "", maxRetryAfter},
		{"99999999999999999999", "", maxRetryAfter},
		{"1.5", "", 0},
		{"soon", "", 0},
		{"Wed, 25 Nov 2026 15:02:00 GMT", date, 2 * time.Minute},
		{"Wed, 25 Nov 2026 14:00:00 GMT", date, 0},
		{"Wed, 25 Nov 2099 14:00:00 GMT", date, maxRetryAfter},
		{"Wed, 25 Nov 2026 15:02:00 GMT", "", 0},
	}
	for _, tt := range tests {
		header := http.Header{}
		header.Set("Retry-After", tt.retryAfter)
		header.Set("Date", tt.date)
		if got := Classify(503, header, nil, 1).RetryAfter; got != tt.want {
			t.Errorf("%q at %q: %v, want %v", tt.retryAfter, tt.date, got, tt.want)
		}
	}
}

// TestAnswerKeepsNoFreeText puts a person into every text of an answer.
func TestAnswerKeepsNoFreeText(t *testing.T) {
	for _, text := range []string{"jane@example.com", "Jane Doe", "+16505551212", "ünï", strings.Repeat("a", 65)} {
		body := fmt.Sprintf(`{"error":{"message":%q,"type":%q,"code":100,"fbtrace_id":%q,"error_user_title":%q,
			"error_user_msg":"data[1].%s %s","error_data":{"blame_field_specs":[["user_data",%q]],"x":%q}},"fbtrace_id":%q}`,
			text, text, text, text, text, text, text, text, text)
		got := Classify(400, nil, []byte(body), 3)
		if all := fmt.Sprintf("%+v", got); strings.Contains(all, text) || strings.Contains(all, "jane") || got.Type+got.FBTraceID != "" {
			t.Errorf("%s: kept in %s", text, all)
		}
	}
	got := Classify(400, nil, []byte(`{"error":{"code":100,"type":"16505551212"}}`), 1)
	if got.Type != "" {
		t.Errorf("a phone number as type: %q", got.Type)
	}
}

func FuzzClassify(f *testing.F) {
	for _, body := range []string{
		`{"events_received":1,"messages":[],"fbtrace_id":"Ap15kJWFpVIhPbM7teS-bvX"}`,
		`{"error":{"message":"Invalid parameter","type":"OAuthException","code":100,"error_subcode":2804003,"is_transient":false,"error_data":{"blame_field_specs":[["data",3,"custom_data","currency"]]},"fbtrace_id":"A6Uy"}}`,
		`{"error":{"code":100,"error_user_msg":"$['data'][3]['user_data']","error_data":"{\"event_index\":1}"}}`,
		`<html>`, `{`,
	} {
		f.Add(400, 5, "30", []byte(body))
	}
	f.Fuzz(func(t *testing.T, status, sent int, wait string, body []byte) {
		got := Classify(status, http.Header{"Retry-After": {wait}}, body, sent)
		switch {
		case !slices.Contains(Classes, got.Class):
			t.Errorf("class %q", got.Class)
		case got.Class == OK && got.Received < sent:
			t.Errorf("ok with %d of %d", got.Received, sent)
		case got.EventIndex < -1 || got.EventIndex >= max(sent, 0):
			t.Errorf("event index %d of %d", got.EventIndex, sent)
		case got.RetryAfter < 0 || got.RetryAfter > maxRetryAfter:
			t.Errorf("retry after %v", got.RetryAfter)
		case got.Class != Setup && got.Setup != NoReason:
			t.Errorf("setup %q with class %q", got.Setup, got.Class)
		}
		for _, name := range strings.Split(got.BlameField, ".") {
			if name != "" && !known[name] {
				t.Errorf("blamed field %q", name)
			}
		}
	})
}
