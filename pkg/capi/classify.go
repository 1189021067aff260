package capi

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

type graphBody struct {
	Received *int `json:"events_received"`
	Error    *struct {
		Type      string `json:"type"`
		Code      int    `json:"code"`
		Subcode   int    `json:"error_subcode"`
		Transient bool   `json:"is_transient"`
		Trace     string `json:"fbtrace_id"`
	} `json:"error"`
	Trace string `json:"fbtrace_id"`
}

// Classify reads an answer to a POST of sent events. It is total: every status, header and body has a class.
func Classify(status int, header http.Header, body []byte, sent int) Answer {
	a := Answer{Class: Transient, Status: status, EventIndex: -1}
	if s, err := strconv.Atoi(header.Get("Retry-After")); err == nil && s > 0 && s < 86400 {
		a.RetryAfter = time.Duration(s) * time.Second
	}
	var b graphBody
	err := json.Unmarshal(body, &b)
	switch {
	case err == nil && b.Error != nil:
		a.Code, a.Subcode = b.Error.Code, b.Error.Subcode
		a.Type, a.FBTraceID = token(b.Error.Type), token(b.Error.Trace)
		a.byCode(b.Error.Transient)
	case err == nil && b.Received != nil && status >= 200 && status < 300:
		a.Received, a.FBTraceID, a.Class = *b.Received, token(b.Trace), OK
		if a.Received < sent {
			a.Class = Partial
		}
	case status == http.StatusRequestEntityTooLarge:
		a.Class = TooLarge
	case status == http.StatusTooManyRequests:
		a.Class = Throttle
	}
	return a
}

func (a *Answer) byCode(transient bool) {
	c := a.Code
	switch {
	case transient:
		a.Class = Transient
	case c == 190 || c == 102:
		a.Class, a.Setup = Setup, Token
	case c == 10 || c >= 200 && c <= 299:
		a.Class, a.Setup = Setup, Permission
	case c == 3 || c == 104 || c == 803 || c == 100 && (a.Subcode == 33 || a.Subcode == 34):
		a.Class, a.Setup = Setup, Config
	case c == 368:
		a.Class, a.Setup = Setup, Blocked
	case c == 1 && a.Subcode == 99 || c == 100 || c == 105 || c == 506:
		a.Class = Invalid
		a.EventFault = c == 100 && a.Subcode >= 2804000 && a.Subcode <= 2804999
	case c == 4 || c == 17 || c == 32 || c == 341 || c == 613 || c >= 80000 && c <= 80099:
		a.Class = Throttle
	case c == 1 || c == 2 || c == 5000 || c == 21009:
		a.Class = Transient
	case a.Status >= 500 || a.Status == http.StatusTooManyRequests:
		a.Class = Transient
	default:
		a.Class = Unknown
	}
}

// token keeps a short identifier and nothing else.
func token(s string) string {
	if len(s) > 64 {
		return ""
	}
	for _, r := range s {
		if (r|32 < 'a' || r|32 > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return ""
		}
	}
	return s
}

// ClassifyError is the answer to a request that got none: transient, whatever the error was.
func ClassifyError(error) Answer { return Answer{Class: Transient, EventIndex: -1} }

// Usage is the highest usage figure of the headers as a ratio.
func Usage(header http.Header) (ratio float64, regain time.Duration) {
	var app map[string]float64
	if json.Unmarshal([]byte(header.Get("X-App-Usage")), &app) == nil {
		for _, v := range app {
			ratio = max(ratio, v/100)
		}
	}
	var acc struct {
		Pct float64 `json:"acc_id_util_pct"`
	}
	if json.Unmarshal([]byte(header.Get("X-Ad-Account-Usage")), &acc) == nil {
		ratio = max(ratio, acc.Pct/100)
	}
	var buc map[string][]struct {
		Calls  float64 `json:"call_count"`
		CPU    float64 `json:"total_cputime"`
		Time   float64 `json:"total_time"`
		Regain float64 `json:"estimated_time_to_regain_access"`
	}
	if json.Unmarshal([]byte(header.Get("X-Business-Use-Case-Usage")), &buc) == nil {
		for _, l := range buc {
			for _, u := range l {
				ratio = max(ratio, u.Calls/100, u.CPU/100, u.Time/100)
				regain = max(regain, time.Duration(u.Regain*float64(time.Minute)))
			}
		}
	}
	return ratio, regain
}
