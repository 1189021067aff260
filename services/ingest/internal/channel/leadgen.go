package channel

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// LeadGen is the webhook of a Facebook page whose lead ads people fill in. It brings the lead's id; the answers are the
// normalizer's to look up.
type LeadGen struct{}

// Name is meta.leadgen.
func (LeadGen) Name() string { return "meta.leadgen" }

// Routes is one.
func (f LeadGen) Routes() []Route {
	return []Route{{Methods: []string{http.MethodGet, http.MethodPost}, Pattern: "/v1/crm/meta/webhook", Answer: f.Answer()}}
}

// Answer is 200: Meta repeats anything else.
func (LeadGen) Answer() Answer { return Hook{} }

// Claim reads ?source=; the page is in the body.
func (LeadGen) Claim(r *http.Request) Claim { return headClaim(r) }

// BodyClaims implements Format: always, the body is signed.
func (LeadGen) BodyClaims(Claim) bool { return true }

// Greet implements Greeter.
func (LeadGen) Greet(in *Input, to Candidates, reply *Reply) bool {
	return greetMeta(in, to, reply)
}

// Split makes an item of each leadgen change's value; changes of other fields, or without a value, are counted.
func (LeadGen) Split(in *Input, b *Batch) *Refusal {
	sign(in, b, signature.Meta{})
	if sniff(in.Body) == 0 {
		return emptyBody()
	}
	if r := check(in.Body, ""); r != nil {
		return r
	}
	return metaChanges(b, in.Body, func(_, field, value []byte) *Refusal {
		if string(field) != "leadgen" || jsonscan.Kind(value) != 'o' {
			b.Ignored++
			return nil
		}
		return b.add(in, 0, value)
	})
}

// Identify names a lead by its id.
func (LeadGen) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.text)) {
		case "leadgen_id":
			id.Person = some(in.first(value))
		case "created_time":
			id.HasTime = jsonscan.Kind(value) != 'z'
		}
		return true
	})
	if id.Person != nil {
		id.EventID = usable(in.joined("leadgen-", id.Person))
	}
	return fault.None
}
