package capi

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Answer answers as Meta's Graph API does, so that its SDKs and tags notice no difference.
type Answer struct{}

// KeepsHopeless is true: Meta's answer has no place for rejections by index.
func (Answer) KeepsHopeless() bool { return true }

// Accepted answers 200 with the three keys that the Python SDK indexes.
func (Answer) Accepted(reply *receive.Reply, _ *receive.Input, b *receive.Batch, traceID string) {
	reply.Status, reply.ContentType = http.StatusOK, "application/json; charset=UTF-8"
	d := append(reply.Body[:0], `{"events_received":`...)
	d = strconv.AppendInt(d, int64(len(b.Items)), 10)
	d = append(d, `,"messages":[],"fbtrace_id":"`...)
	d = appendFBTraceID(d, traceID)
	reply.Body = append(d, `"}`...)
}

// graphError is Meta's code for a kind of ours; SDKs decide by it.
type graphError struct {
	code      int
	subcode   int
	transient bool
	status    int // 0: the kind's own
	message   string
}

var graphErrors = map[receive.Kind]graphError{
	receive.Unreadable:     {code: 100, message: "(#100) Invalid parameter"},
	receive.TooLarge:       {code: 100, message: "(#100) Invalid parameter"},
	receive.Unauthorized:   {code: 190, status: http.StatusBadRequest, message: "Invalid OAuth access token."},
	receive.Forbidden:      {code: 200, message: "(#200) Permissions error"},
	receive.NotFound:       {code: 100, subcode: 33, message: "Unsupported post request. Object does not exist."},
	receive.WrongMethod:    {code: 100, subcode: 33, message: "Unsupported request method."},
	receive.WrongEncoding:  {code: 100, message: "(#100) Invalid parameter"},
	receive.RateLimited:    {code: 613, transient: true, message: "(#613) Calls to this api have exceeded the rate limit."},
	receive.Unavailable:    {code: 2, transient: true, message: "Service temporarily unavailable"},
	receive.SlowBody:       {code: 1, transient: true, message: "The request timed out"},
	receive.AllHopeless:    {code: 100, message: "(#100) Invalid parameter"},
	receive.InternalFailed: {code: 1, message: "An unknown error occurred"},
}

// Refused answers with Meta's error object.
func (Answer) Refused(reply *receive.Reply, f *receive.Refusal, _ *receive.Batch, traceID string) {
	e := graphErrors[f.Kind]
	reply.Status, reply.ContentType = e.status, "application/json; charset=UTF-8"
	if reply.Status == 0 {
		reply.Status = f.Kind.Status()
	}
	text := []byte(e.message)
	if f.Detail != "" && e.code == 100 {
		text = append(append(text, ": "...), f.Detail...)
	}
	d := append(reply.Body[:0], `{"error":{"message":`...)
	d = jsonscan.AppendString(d, text)
	d = append(d, `,"type":"OAuthException","code":`...)
	d = strconv.AppendInt(d, int64(e.code), 10)
	if e.subcode != 0 {
		d = append(d, `,"error_subcode":`...)
		d = strconv.AppendInt(d, int64(e.subcode), 10)
	}
	if e.transient {
		d = append(d, `,"is_transient":true`...)
	}
	if f.Field != "" {
		d = append(d, `,"error_data":{"blame_field_specs":[[`...)
		d = jsonscan.AppendString(d, []byte(f.Field))
		d = append(d, `]]}`...)
	}
	d = append(d, `,"fbtrace_id":"`...)
	d = appendFBTraceID(d, traceID)
	reply.Body = append(d, `"}}`...)
}

// appendFBTraceID writes the request's trace id in the form of Meta's: "A" and 22 characters of base64url. It leads from
// a sender's log to our traces.
func appendFBTraceID(d []byte, traceID string) []byte {
	var id [16]byte
	if _, err := hex.Decode(id[:], []byte(traceID)); err != nil {
		clear(id[:])
	}
	return base64.RawURLEncoding.AppendEncode(append(d, 'A'), id[:])
}
