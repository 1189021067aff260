package receive

import (
	"net/http"
)

// Kind is why a request is refused as a whole: a closed list.
type Kind int

// The kinds.
const (
	Unreadable     Kind = iota + 1 // the body is not what the route takes
	TooLarge                       // over a limit
	Unauthorized                   // wrong or missing secret, unknown key
	Forbidden                      // a page of another origin
	NotFound                       // no source of that name, no such route
	WrongMethod                    //
	WrongEncoding                  // a content encoding other than gzip
	RateLimited                    // over the source's rate
	Unavailable                    // Kafka does not take it now
	SlowBody                       // the body did not arrive in time
	AllHopeless                    // every item was rejected
	InternalFailed                 // a bug
)

var statuses = map[Kind]int{
	Unreadable:     http.StatusBadRequest,
	TooLarge:       http.StatusRequestEntityTooLarge,
	Unauthorized:   http.StatusUnauthorized,
	Forbidden:      http.StatusForbidden,
	NotFound:       http.StatusNotFound,
	WrongMethod:    http.StatusMethodNotAllowed,
	WrongEncoding:  http.StatusUnsupportedMediaType,
	RateLimited:    http.StatusTooManyRequests,
	Unavailable:    http.StatusServiceUnavailable,
	SlowBody:       http.StatusRequestTimeout,
	AllHopeless:    http.StatusBadRequest,
	InternalFailed: http.StatusInternalServerError,
}

// Status is the kind's usual HTTP status.
func (k Kind) Status() int { return statuses[k] }

// Refusal is a request that is not taken. Detail is text of ours, which quotes nothing of the request.
type Refusal struct {
	Kind   Kind
	Field  string // "data", "events": what of the body is wrong
	Detail string
}

// Reply is an answer, ready to be written.
type Reply struct {
	Status      int
	ContentType string
	Body        []byte
	Headers     []Header // beside Content-Type
}

// Header is one header of an answer.
type Header struct{ Name, Value string }

// Reset empties the reply and keeps its room.
func (r *Reply) Reset() { *r = Reply{Body: r.Body[:0], Headers: r.Headers[:0]} }

// Answer is one sender's way of being answered. TraceID is the request's, 32 hex digits, for shapes that show one.
type Answer interface {
	// KeepsHopeless says that the shape has no place for rejections by index: hopeless items are stored and end as dead
	// letters.
	KeepsHopeless() bool
	Accepted(reply *Reply, b *Batch, traceID string)
	Refused(reply *Reply, f *Refusal, b *Batch, traceID string)
}
