package segment

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes Segment's requests apart.
type Receiver struct{}

// Segment's own limits.
const (
	maxBody  = 500 << 10
	maxCall  = 32 << 10
	maxCalls = 2500
)

type answer struct{ receive.Hook }

// Refused answers as Hook, too large a request with 400.
func (a answer) Refused(reply *receive.Reply, f *receive.Refusal, b *receive.Batch, traceID string) {
	a.Hook.Refused(reply, f, b, traceID)
	if f.Kind == receive.TooLarge {
		reply.Status = http.StatusBadRequest
		reply.Body = append(receive.AppendProblem(reply.Body[:0], http.StatusBadRequest, f), '}', '\n')
	}
}

// Claim reads the write key: Basic's user (Segment, RudderStack), X-Write-Key (Jitsu), else ?writeKey= (beacons).
func (Receiver) Claim(r *http.Request) receive.Claim {
	c := receive.ReadHead(r)
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

// claimWriteKey completes a claim with a write key, which names the sender and is its secret.
func claimWriteKey(c *receive.Claim, key string) {
	if key = strings.TrimSpace(key); key == "" || c.Proof != nil {
		return
	}
	c.Key, _, _ = strings.Cut(key, ":")
	c.Proof, c.PublicKey = writeKey(key), true
}

// writeKey is a write key as presented: "key", or Jitsu's "id:secret".
type writeKey string

// Holds says whether the write key, its id or its secret is the source's secret.
func (k writeKey) Holds(secret string, _ receive.Terms) bool {
	id, rest, _ := strings.Cut(string(k), ":")
	whole := receive.SameSecret(string(k), secret)
	first := receive.SameSecret(id, secret)
	return secret != "" && (receive.SameSecret(rest, secret) || first || whole)
}

// BodyClaims says where the claim is: the body's writeKey counts only where the head has none, since Jitsu masks it.
func (Receiver) BodyClaims(c receive.Claim) bool { return c.Proof == nil }

// Split reads a batch, which has the member batch, or a single call. Only what is no JSON object, or too large, is
// refused.
func (f Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if r := receive.CheckBody(in.Body); r != nil {
		return r
	}
	body := jsonscan.Trim(in.Body)
	if jsonscan.Kind(body) != 'o' {
		return &receive.Refusal{Kind: receive.Unreadable, Detail: "the body must be an object"}
	}
	calls, shared := f.read(b, body)
	calls = b.Embedded(calls)
	if len(body) > maxBody {
		return &receive.Refusal{Kind: receive.TooLarge, Detail: "the body is larger than 500 KB"}
	}
	kind := typeOf(chi.URLParam(in.Request, "type"))
	switch {
	case jsonscan.Kind(calls) == 'a':
		return f.splitBatch(b, calls, shared)
	case calls != nil || kind == "batch":
		return &receive.Refusal{Kind: receive.Unreadable, Field: "batch", Detail: "batch must be an array of calls"}
	}
	if kind != "" {
		b.AddContextText(storedType, []byte(kind))
	}
	return f.add(b, body)
}

// read takes what the request says beside its calls.
func (Receiver) read(b *receive.Batch, body []byte) (calls []byte, shared [2][]byte) {
	jsonscan.Object(body, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &b.Scratch)) {
		case "batch":
			calls = value
		case "context":
			shared[0] = value
		case "integrations":
			shared[1] = value
		case "sentAt":
			b.SentBy(value)
		case "writeKey":
			claimWriteKey(&b.Claim, string(b.Text(value)))
		}
		return true
	})
	return calls, shared
}

func (f Receiver) splitBatch(b *receive.Batch, calls []byte, shared [2][]byte) *receive.Refusal {
	for i, name := range []string{storedContext, storedIntegrations} {
		if jsonscan.Kind(shared[i]) == 'o' {
			b.AddContext([]byte(name), shared[i])
		}
	}
	if r := b.CloseContext(); r != nil {
		return r
	}
	var refused *receive.Refusal
	jsonscan.Array(calls, func(call []byte) bool {
		if len(b.Items) == maxCalls {
			refused = &receive.Refusal{Kind: receive.TooLarge, Field: "batch", Detail: "batch holds more than " + strconv.Itoa(maxCalls) + " calls"}
			return false
		}
		refused = f.addCall(b, call)
		return refused == nil
	})
	return refused
}

// add adds the call that a request is.
func (f Receiver) add(b *receive.Batch, call []byte) *receive.Refusal {
	if r := b.CloseContext(); r != nil {
		return r
	}
	return f.addCall(b, call)
}

func (Receiver) addCall(b *receive.Batch, call []byte) *receive.Refusal {
	if len(call) > maxCall {
		return &receive.Refusal{Kind: receive.TooLarge, Detail: "a call is larger than 32 KB"}
	}
	return b.Add(call)
}

// typeOf is the type that a path's part says, "batch" for batches, "" if it says none.
func typeOf(part string) string {
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

// Identify reads a call: its id is that of its properties which a pixel shares (x-fb-event_id, else event_id), else its
// messageId.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	var message, event, when, original, user, anonymous, properties []byte
	if !jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.Scratch)) {
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
	id.HasTime = receive.IsPresent(when) || receive.IsPresent(original)
	id.Person = receive.FirstOf(in.ID(user), in.ID(anonymous))
	var pixel, own []byte
	jsonscan.Object(properties, func(key, value []byte) bool {
		if string(key) == "event_id" {
			own = in.EventID(value)
		} else if receive.IsPixelID(key) {
			pixel = receive.FirstOf(in.EventID(value), pixel)
		}
		return true
	})
	id.EventID = receive.FirstOf(pixel, own, in.EventID(message))
	if id.EventID != nil {
		return fault.None
	}
	id.Natural = in.OrderKey(jsonscan.Text(event, &in.Scratch), jsonscan.Get(properties, "order_id"))
	return fault.None
}
