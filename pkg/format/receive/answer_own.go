package receive

import (
	"net/http"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Own is our own answer: counts, rejections by index and event ids, errors as problem documents (RFC 9457).
type Own struct{}

// KeepsHopeless is false: hopeless items are rejected by index.
func (Own) KeepsHopeless() bool { return false }

// Accepted answers 202, or 400 where every item was rejected.
func (o Own) Accepted(reply *Reply, _ *Input, b *Batch, traceID string) {
	if len(b.Items) == 0 && len(b.Rejected) > 0 {
		o.Refused(reply, &Refusal{Kind: AllHopeless, Detail: "no event of the request can be stored"}, b, traceID)
		return
	}
	reply.Status, reply.ContentType = http.StatusAccepted, "application/json"
	reply.Body = append(appendCounts(append(reply.Body[:0], '{'), b), '}', '\n')
}

// Refused answers with a problem document.
func (Own) Refused(reply *Reply, f *Refusal, b *Batch, _ string) {
	status := f.Kind.Status()
	reply.Status, reply.ContentType = status, "application/problem+json"
	d := AppendProblem(reply.Body[:0], status, f)
	if f.Kind == AllHopeless {
		d = appendCounts(append(d, ','), b)
	}
	reply.Body = append(d, '}', '\n')
}

// AppendProblem appends a problem document without its closing brace.
func AppendProblem(d []byte, status int, f *Refusal) []byte {
	d = append(d, `{"type":"about:blank","title":`...)
	d = jsonscan.AppendString(d, []byte(http.StatusText(status)))
	d = append(d, `,"status":`...)
	d = strconv.AppendInt(d, int64(status), 10)
	if f.Detail != "" {
		d = append(d, `,"detail":`...)
		d = jsonscan.AppendString(d, []byte(f.Detail))
	}
	if f.Field != "" {
		d = append(d, `,"field":`...)
		d = jsonscan.AppendString(d, []byte(f.Field))
	}
	return d
}

func appendCounts(d []byte, b *Batch) []byte {
	d = append(d, `"accepted":`...)
	d = strconv.AppendInt(d, int64(len(b.Items)), 10)
	d = append(d, `,"rejected":[`...)
	for i := range b.Rejected {
		if i > 0 {
			d = append(d, ',')
		}
		d = appendRejection(d, &b.Rejected[i])
	}
	d = append(d, `],"event_ids":[`...)
	for i := range b.Items {
		if i > 0 {
			d = append(d, ',')
		}
		d = jsonscan.AppendString(d, b.Items[i].ID)
	}
	return append(d, ']')
}

func appendRejection(d []byte, r *Rejection) []byte {
	d = append(d, `{"index":`...)
	d = strconv.AppendInt(d, int64(r.Index), 10)
	if r.Row > 0 {
		d = append(d, `,"row":`...)
		d = strconv.AppendInt(d, int64(r.Row), 10)
	}
	if r.Field != "" {
		d = append(d, `,"field":`...)
		d = jsonscan.AppendString(d, []byte(r.Field))
	}
	d = append(d, `,"reason":`...)
	d = jsonscan.AppendString(d, []byte(r.Reason))
	if r.Detail != "" {
		d = append(d, `,"detail":`...)
		d = jsonscan.AppendString(d, []byte(r.Detail))
	}
	return append(d, '}')
}
