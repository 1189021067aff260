package channel

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Segment is the HTTP API of Segment, which the clients of RudderStack and Jitsu speak too: single calls, whose path says
// their type, and batches. What a batch says for all its calls (context, integrations) is stored as the request's context.
type Segment struct{}

// Segment's own limits.
const (
	segmentBody  = 500 << 10
	segmentCall  = 32 << 10
	segmentCalls = 2500
)

// Name is segment.
func (Segment) Name() string { return "segment" }

// Routes are Segment's (analytics.js shortens types to a letter), RudderStack's beacon and Jitsu's.
func (f Segment) Routes() []Route {
	post := []string{http.MethodPost}
	return []Route{
		{Methods: post, Pattern: `/v1/{type:(?:batch|track|identify|page|screen|group|alias|import|t|i|p|s|g|a|b)}`, Answer: f.Answer()},
		{Methods: post, Pattern: `/beacon/v1/batch`, Answer: f.Answer()},
		{Methods: post, Pattern: `/api/s/s2s/{type:[a-z]+}`, Answer: f.Answer()},
	}
}

// Answer is 200 {"success":true} for all that can be read, and 400 for what is too large: 413 is not in Segment's words.
func (Segment) Answer() Answer {
	return segmentAnswer{Hook{ContentType: "application/json", Body: `{"success":true}`}}
}

type segmentAnswer struct{ Hook }

// Refused answers as Hook, too large a request with 400.
func (a segmentAnswer) Refused(reply *Reply, f *Refusal, b *Batch, traceID string) {
	a.Hook.Refused(reply, f, b, traceID)
	if f.Kind == TooLarge {
		reply.Status = http.StatusBadRequest
		reply.Body = append(appendProblem(reply.Body[:0], http.StatusBadRequest, f), '}', '\n')
	}
}

// Claim reads the write key: Basic's user (Segment, RudderStack), X-Write-Key (Jitsu), else ?writeKey= (beacons).
func (Segment) Claim(r *http.Request) Claim {
	c := headClaim(r)
	c.Secret = ""
	key := r.Header.Get("X-Write-Key")
	if user, password, ok := r.BasicAuth(); ok {
		if key = user; password != "" {
			key += ":" + password
		}
	}
	if key == "" && r.URL.RawQuery != "" {
		key = r.URL.Query().Get("writeKey")
	}
	claimWriteKey(&c, key)
	return c
}

// BodyClaims implements Format: the body's writeKey counts only where the head has none, since Jitsu masks it.
func (Segment) BodyClaims(c Claim) bool { return c.Proof == nil }

// claimWriteKey completes a claim with a write key, which names the sender and is its secret.
func claimWriteKey(c *Claim, key string) {
	if key = strings.TrimSpace(key); key == "" || c.Proof != nil {
		return
	}
	c.Key, _, _ = strings.Cut(key, ":")
	c.Proof, c.PublicKey = writeKey(key), true
}

// writeKey is a write key as presented: "key", or Jitsu's "id:secret".
type writeKey string

// Holds says whether the write key, its id or its secret is the source's secret.
func (k writeKey) Holds(secret, _ string) bool {
	id, rest, _ := strings.Cut(string(k), ":")
	whole := sameSecret(string(k), secret)
	first := sameSecret(id, secret)
	return secret != "" && (sameSecret(rest, secret) || first || whole)
}

// Split reads a batch, which has the member batch, or a single call. Only what is no JSON object, or too large, is
// refused.
func (f Segment) Split(in *Input, b *Batch) *Refusal {
	if sniff(in.Body) == 0 {
		return emptyBody()
	}
	if r := check(in.Body, ""); r != nil {
		return r
	}
	body := jsonscan.Trim(in.Body)
	if jsonscan.Kind(body) != 'o' {
		return &Refusal{Kind: Unreadable, Detail: "the body must be an object"}
	}
	calls, shared := f.read(b, body)
	if len(body) > segmentBody {
		return &Refusal{Kind: TooLarge, Detail: "the body is larger than 500 KB"}
	}
	kind := segmentType(chi.URLParam(in.Request, "type"))
	switch {
	case jsonscan.Kind(calls) == 'a':
		return f.splitBatch(in, b, calls, shared)
	case calls != nil || kind == "batch":
		return &Refusal{Kind: Unreadable, Field: "batch", Detail: "batch must be an array of calls"}
	}
	if kind != "" {
		b.addContextText("type", []byte(kind))
	}
	return f.add(in, b, body)
}

// read takes what the request says beside its calls.
func (Segment) read(b *Batch, body []byte) (calls []byte, shared [2][]byte) {
	jsonscan.Object(body, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &b.Scratch)) {
		case "batch":
			calls = value
		case "context":
			shared[0] = value
		case "integrations":
			shared[1] = value
		case "sentAt":
			b.SentAt = b.text(value)
		case "writeKey":
			claimWriteKey(&b.Claim, string(b.text(value)))
		}
		return true
	})
	return calls, shared
}

func (f Segment) splitBatch(in *Input, b *Batch, calls []byte, shared [2][]byte) *Refusal {
	for i, name := range []string{"context", "integrations"} {
		if jsonscan.Kind(shared[i]) == 'o' {
			b.addContext([]byte(name), shared[i])
		}
	}
	if r := b.closeContext(); r != nil {
		return r
	}
	var refused *Refusal
	jsonscan.Array(calls, func(call []byte) bool {
		if len(b.Items) == segmentCalls {
			refused = &Refusal{Kind: TooLarge, Field: "batch", Detail: "batch holds more than " + strconv.Itoa(segmentCalls) + " calls"}
			return false
		}
		refused = f.addCall(in, b, call)
		return refused == nil
	})
	return refused
}

// add adds the call that a request is.
func (f Segment) add(in *Input, b *Batch, call []byte) *Refusal {
	if r := b.closeContext(); r != nil {
		return r
	}
	return f.addCall(in, b, call)
}

func (Segment) addCall(in *Input, b *Batch, call []byte) *Refusal {
	if len(call) > segmentCall {
		return &Refusal{Kind: TooLarge, Detail: "a call is larger than 32 KB"}
	}
	return b.add(in, 0, call)
}

// segmentType is the type that a path's part says, "batch" for batches, "" if it says none.
func segmentType(part string) string {
	switch part {
	case "track", "identify", "page", "screen", "group", "alias", "batch":
		return part
	case "t":
		return "track"
	case "i":
		return "identify"
	case "p":
		return "page"
	case "s":
		return "screen"
	case "g":
		return "group"
	case "a":
		return "alias"
	case "b", "import":
		return "batch"
	}
	return ""
}

// Identify reads a call: its id is properties.event_id, which a pixel shares, else its messageId.
func (Segment) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	var message, event, when, original, user, anonymous, properties []byte
	if !jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.text)) {
		case "messageId":
			message = value
		case "event":
			event = value
		case "timestamp":
			when = value
		case "originalTimestamp":
			original = value
		case "userId":
			user = value
		case "anonymousId":
			anonymous = value
		case "properties":
			properties = value
		}
		return true
	}) {
		return fault.Undecodable
	}
	id.HasTime = present(when) || present(original)
	if id.Person = in.first(user); len(id.Person) == 0 {
		id.Person = in.first(anonymous)
	}
	if len(id.Person) == 0 {
		id.Person = nil
	}
	for _, own := range [][]byte{jsonscan.Get(properties, "event_id"), message} {
		if t := jsonscan.Text(own, &in.text); usableID(t) {
			id.EventID = t
			return fault.None
		}
	}
	id.Natural = in.natural(jsonscan.Text(event, &in.text), jsonscan.Get(properties, "order_id"))
	return fault.None
}

// present says whether a member is there and not null.
func present(value []byte) bool { return value != nil && jsonscan.Kind(value) != 'z' }
