package capi

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// Classify reads an answer to a POST of sent events. It is total: every status, header and body has a class. By the body
// where it holds an error or a count, by the status only where it does not.
func Classify(status int, header http.Header, body []byte, sent int) Answer {
	a := Answer{Status: status, EventIndex: -1, RetryAfter: retryAfter(header)}
	var b answerBody
	if json.Unmarshal(body, &b) != nil {
		b = answerBody{}
	}
	switch {
	case b.Error != nil:
		a.refused(status, b.Error)
	case b.Received != nil && status >= 200 && status <= 299:
		a.accepted(&b, sent)
	default:
		a.Class = byStatus(status)
	}
	return a
}

// ClassifyError is the answer to a request that got none: transient, whatever the error was. A caller that stopped the
// request itself looks at its context first.
func ClassifyError(error) Answer { return Answer{Class: Transient, EventIndex: -1} }

// answerBody is what is read of an answer; all else, its free text above all, is not even kept in memory.
type answerBody struct {
	Received *int       `json:"events_received"`
	TraceID  string     `json:"fbtrace_id"`
	Error    *errorBody `json:"error"`
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

func (a *Answer) accepted(b *answerBody, sent int) {
	a.Received, a.FBTraceID, a.Class = *b.Received, word(b.TraceID), OK
	if a.Received < sent {
		a.Class = Partial
	}
}

func (a *Answer) refused(status int, e *errorBody) {
	v := judge(status, e.Code, e.Subcode, e.IsTransient)
	a.Class, a.Setup, a.EventFault = v.class, v.setup, v.eventFault
	a.Code, a.Subcode, a.Type, a.FBTraceID = e.Code, e.Subcode, word(e.Type), word(e.TraceID)
	a.EventIndex, a.BlameField = blame(e)
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
	if seconds, err := strconv.Atoi(text); err == nil {
		wait = time.Duration(min(seconds, int(maxRetryAfter/time.Second))) * time.Second
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

// word keeps what is an identifier, and nothing else: free text may quote a person.
func word(text string) string {
	if len(text) > maxWord {
		return ""
	}
	for i := range len(text) {
		if b := text[i]; !(b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '_') {
			return ""
		}
	}
	return text
}
