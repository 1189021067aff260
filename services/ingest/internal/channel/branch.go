package channel

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Branch is Branch's webhooks with their default body, one event each. The token in the URL is the secret: Branch signs
// nothing.
type Branch struct{}

// Name is branch.
func (Branch) Name() string { return "branch" }

// Routes is one.
func (f Branch) Routes() []Route {
	return []Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/app/branch", Answer: f.Answer()}}
}

// Answer is an empty 200, 403 for a wrong token.
func (Branch) Answer() Answer { return Hook{Denied: http.StatusForbidden} }

// Claim reads the token.
func (Branch) Claim(r *http.Request) Claim { return headClaim(r) }

// BodyClaims implements Format: never.
func (Branch) BodyClaims(Claim) bool { return false }

// Split reads one event.
func (Branch) Split(in *Input, b *Batch) *Refusal {
	if sniff(in.Body) == 0 {
		return emptyBody()
	}
	if r := check(in.Body, ""); r != nil {
		return r
	}
	return b.add(in, 0, jsonscan.Trim(in.Body))
}

// Identify takes Branch's id of the event, else names it by person, name, time and transaction.
func (Branch) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	var parts [4][]byte
	if !jsonscan.Object(item, func(key, value []byte) bool {
		switch string(key) {
		case "id":
			if own := jsonscan.Text(value, &in.text); usableID(own) {
				id.EventID = own
			}
		case "name":
			parts[1] = in.first(value)
		case "timestamp":
			parts[2] = in.first(value)
		case "event_data":
			parts[3] = in.first(jsonscan.Get(value, "transaction_id"))
		case "user_data":
			parts[0] = in.branchPerson(value)
		}
		return true
	}) {
		return fault.Undecodable
	}
	id.Person, id.HasTime = parts[0], len(parts[2]) > 0
	if id.EventID == nil && parts[0] != nil && id.HasTime {
		id.Natural = in.digestOf("", parts[:])
	}
	return fault.None
}

// branchPerson is the first of a user's ids, nil if there is none.
func (in *Input) branchPerson(user []byte) []byte {
	if jsonscan.Kind(user) != 'o' {
		return nil
	}
	for _, name := range []string{"developer_identity", "idfa", "aaid", "idfv", "android_id"} {
		if t := in.first(jsonscan.Get(user, name)); len(t) > 0 {
			return t
		}
	}
	return nil
}
