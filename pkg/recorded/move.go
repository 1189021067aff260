package recorded

import (
	"bytes"
	"regexp"
	"strconv"
	"time"

	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// schemeOf returns the scheme by which senders of a format sign; nil if they do not sign.
func schemeOf(name string) signature.Scheme {
	if f := all.Named(name); f != nil {
		return f.Signature
	}
	return nil
}

// Until returns by how much a request must be moved to be one of the current minute. It is whole minutes, since some
// senders write no seconds.
func Until(now time.Time) time.Duration { return now.Truncate(time.Minute).Sub(time.Unix(Moment, 0)) }

// Move moves all recorded times of a request. If the request's signature was good, it is signed again at now.
func (r *Request) Move(by time.Duration, now time.Time) error {
	signed := false
	if scheme := schemeOf(r.Format); scheme != nil {
		secret, err := Secret(r.Format)
		if err != nil {
			return err
		}
		signed = scheme.Holds(r.signed(time.Unix(Moment, 0)), secret)
	}
	r.URL = string(Moved([]byte(r.URL), by))
	if err := r.moveBody(by); err != nil {
		return err
	}
	for _, values := range r.Header {
		for i := range values {
			values[i] = string(Moved([]byte(values[i]), by))
		}
	}
	if signed {
		return r.Sign(now)
	}
	return nil
}

// Sign signs a request that was changed, as its sender would have done at now. A request of a format without signatures
// stays as it is.
func (r *Request) Sign(now time.Time) error {
	scheme := schemeOf(r.Format)
	if scheme == nil {
		return nil
	}
	secret, err := Secret(r.Format)
	if err != nil {
		return err
	}
	scheme.Sign(r.signed(now), secret)
	return nil
}

func (r *Request) moveBody(by time.Duration) (err error) {
	switch {
	case bytes.HasPrefix(r.Body, []byte("PK\x03\x04")): // a zip file: a workbook
		r.Body, err = movedWorkbook(r.Body, by)
	case r.Header.Get("Content-Encoding") == "gzip":
		r.Body, err = movedGzip(r.Body, by)
	default:
		r.Body = Moved(r.Body, by)
	}
	return err
}

func (r *Request) signed(now time.Time) *signature.Request {
	return &signature.Request{Method: r.Method, URL: r.URL, Header: r.Header, Body: r.Body, Now: now}
}

// madeID matches an event_id that ingest made of an item's bytes or fields.
var madeID = regexp.MustCompile(`\b[0-9a-f]{32}\b`)

// Unlasting returns an event_id without the parts that change when the request is moved; an id without such parts is
// returned as it is.
func Unlasting(id string) string {
	return recordedTime.ReplaceAllString(madeID.ReplaceAllString(id, "…"), "…")
}

// recordedTime matches a time of the days around Moment: in Unix seconds, milliseconds, microseconds or nanoseconds, or
// as a date, with or without the time of the day, as texts and URLs write it.
var recordedTime = regexp.MustCompile(`\b(179(?:52[5-9]|5[3-5]\d)\d{4})(\d{3}|\d{6}|\d{9})?\b` +
	`|\b2026-11-2[1-4](?:(T| |%20|\+)(\d\d)(:|%3A)(\d\d)(?:(:|%3A)(\d\d))?)?`)

// Moved returns text with every recorded time moved. Older times (a cookie's, a birthday) stay.
func Moved(text []byte, by time.Duration) []byte {
	var out []byte
	end := 0
	for _, m := range recordedTime.FindAllSubmatchIndex(text, -1) {
		out = append(out, text[end:m[0]]...)
		out = appendMoved(out, text, m, by)
		end = m[1]
	}
	return append(out, text[end:]...)
}

// appendMoved appends one time, moved; m holds the places of its parts in text.
func appendMoved(dst, text []byte, m []int, by time.Duration) []byte {
	group := func(n int) string {
		if m[2*n] < 0 {
			return ""
		}
		return string(text[m[2*n]:m[2*n+1]])
	}
	if seconds, err := strconv.ParseInt(group(1), 10, 64); err == nil {
		return append(strconv.AppendInt(dst, seconds+int64(by/time.Second), 10), group(2)...)
	}
	const date, clock = "2006-01-02", "15:04:05"
	day := string(text[m[0] : m[0]+len(date)])
	if group(3) == "" {
		if at, err := time.Parse(date, day); err == nil {
			return at.AddDate(0, 0, int(by/(24*time.Hour))).AppendFormat(dst, date)
		}
		return append(dst, text[m[0]:m[1]]...)
	}
	seconds := group(8)
	if seconds == "" {
		seconds = "00"
	}
	at, err := time.Parse(date+" "+clock, day+" "+group(4)+":"+group(6)+":"+seconds)
	if err != nil {
		return append(dst, text[m[0]:m[1]]...)
	}
	at = at.Add(by)
	dst = at.AppendFormat(dst, date)
	dst = append(dst, group(3)...)
	dst = at.AppendFormat(dst, "15")
	dst = append(dst, group(5)...)
	dst = at.AppendFormat(dst, "04")
	if group(7) != "" {
		dst = append(dst, group(7)...)
		dst = at.AppendFormat(dst, "05")
	}
	return dst
}
