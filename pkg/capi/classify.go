package capi

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Classify reads the answer to a POST of sent events; every status, header and body has a class. The body decides where it
// holds an error or a count, else the status.
func Classify(status int, header http.Header, body []byte, sent int) Answer {
	a := Answer{Status: status, EventIndex: -1, RetryAfter: retryAfter(header)}
	var b answerBody
	if !lenient(body, &b) {
		b = answerBody{}
	}
	switch {
	case isObject(b.Error):
		var e errorBody
		lenient(b.Error, &e)
		a.refused(status, &e, sent)
	case status >= 200 && status <= 299 && a.accepted(&b, sent):
	default:
		a.Class = byStatus(status)
	}
	return a
}

// ClassifyError is the answer to a request that got none: transient, whatever the error was. A caller that stopped the
// request itself looks at its context first.
func ClassifyError(error) Answer { return Answer{Class: Transient, EventIndex: -1} }

// answerBody is what is read of an answer. Nothing else of it is kept, above all not its free text.
type answerBody struct {
	Received json.RawMessage `json:"events_received"`
	TraceID  string          `json:"fbtrace_id"`
	Error    json.RawMessage `json:"error"`
}

type errorBody struct {
	Type        string          `json:"type"`
	Code        int             `json:"code"`
	Subcode     int             `json:"error_subcode"`
	IsTransient bool            `json:"is_transient"`
	TraceID     string          `json:"fbtrace_id"`
	UserMessage string          `json:"error_user_msg"` // for the path in it alone
	Data        json.RawMessage `json:"error_data"`     // an object, or a string that holds one
}

// lenient reads JSON and ignores members of an unexpected type: a trace id that is a number must not hide the code beside
// it. It returns false if the text is not JSON at all.
func lenient(data []byte, v any) bool {
	err := json.Unmarshal(data, v)
	var wrongType *json.UnmarshalTypeError
	return err == nil || errors.As(err, &wrongType)
}

func isObject(value json.RawMessage) bool { return jsonscan.Kind(value) == 'o' }

// accepted reads the count; false: there is none.
func (a *Answer) accepted(b *answerBody, sent int) bool {
	received, err := strconv.Atoi(string(b.Received))
	if err != nil {
		return false
	}
	a.Received, a.FBTraceID, a.Class = received, traceID(b.TraceID), OK
	if received < sent {
		a.Class = Partial
	}
	return true
}

func (a *Answer) refused(status int, e *errorBody, sent int) {
	v := handlingOf(status, e.Code, e.Subcode, e.IsTransient)
	a.Class, a.Setup, a.EventFault = v.class, v.setup, v.eventFault
	a.Code, a.Subcode, a.Type, a.FBTraceID = e.Code, e.Subcode, errorType(e.Type), traceID(e.TraceID)
	if a.EventIndex, a.BlameField = blame(e); a.EventIndex >= sent {
		a.EventIndex = -1
	}
}

// byStatus is for answers that say nothing in JSON: a proxy's page, a cut body.
func byStatus(status int) Class {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return TooLarge
	case http.StatusTooManyRequests:
		return Throttle
	}
	return Transient
}

// maxRetryAfter is the longest wait that is believed.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads seconds or an HTTP date; Meta does not document the header, proxies send it.
func retryAfter(header http.Header) time.Duration {
	text := header.Get("Retry-After")
	if text == "" {
		return 0
	}
	wait := time.Duration(0)
	// Out of range it is the largest or the smallest number.
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		wait = time.Duration(min(max(seconds, 0), int64(maxRetryAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		sent, err := http.ParseTime(header.Get("Date"))
		if err != nil {
			return 0
		}
		wait = at.Sub(sent)
	}
	return min(max(wait, 0), maxRetryAfter)
}

// maxWord bounds a trace id or type.
const maxWord = 64

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

// errorType keeps a name of letters; free text, or a number, may be a person's.
func errorType(text string) string {
	return word(text, isLetter)
}

// traceID keeps what may be a trace id.
func traceID(text string) string {
	return word(text, func(b byte) bool { return isLetter(b) || b >= '0' && b <= '9' || b == '-' || b == '_' })
}

// word returns a short text of allowed characters, and "" for any other text.
func word(text string, allowed func(byte) bool) string {
	if len(text) > maxWord {
		return ""
	}
	for i := range len(text) {
		if !allowed(text[i]) {
			return ""
		}
	}
	return text
}
