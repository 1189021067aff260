package receive

import "net/http"

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

// EmptyBody refuses a request that brings nothing.
func EmptyBody() *Refusal { return &Refusal{Kind: Unreadable, Detail: "the body is empty"} }
