package channel

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Adjust is Adjust's callbacks to a URL that we hand out: one event in its query (or in a form, as its names are there).
// docs/channels.md has the template. The token in the URL is the secret: Adjust signs nothing.
type Adjust struct{}

// Name is adjust.
func (Adjust) Name() string { return "adjust" }

// Routes is one.
func (f Adjust) Routes() []Route {
	return []Route{{Methods: []string{http.MethodGet, http.MethodPost}, Pattern: "/v1/app/adjust", Answer: f.Answer()}}
}

// Answer is an empty 200, 403 for a wrong token.
func (Adjust) Answer() Answer { return Hook{Denied: http.StatusForbidden} }

// Claim reads the token.
func (Adjust) Claim(r *http.Request) Claim { return headClaim(r) }

// BodyClaims implements Format: never.
func (Adjust) BodyClaims(Claim) bool { return false }

// Split reads one event.
func (Adjust) Split(in *Input, b *Batch) *Refusal { return flatEvents(in, b) }

// Identify takes an event_id of the app's own (a callback parameter), else names the event by install, kind, event, time
// and Adjust's random number, which keeps two events of a second apart.
func (Adjust) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	var parts [5][]byte
	var device, user []byte
	if !jsonscan.Object(item, func(key, value []byte) bool {
		switch string(key) {
		case "event_id":
			if own := jsonscan.Text(value, &in.text); usableID(own) {
				id.EventID = own
			}
		case "adid":
			parts[0] = in.first(value)
		case "activity_kind":
			parts[1] = in.first(value)
		case "event":
			parts[2] = in.first(value)
		case "created_at":
			parts[3] = in.first(value)
		case "random":
			parts[4] = in.first(value)
		case "gps_adid", "idfa":
			device = in.first(value)
		case "external_id", "user_id":
			user = in.first(value)
		}
		return true
	}) {
		return fault.Undecodable
	}
	id.Person = firstText(user, parts[0], device)
	id.HasTime = len(parts[3]) > 0
	if id.EventID == nil && len(firstText(parts[0], device)) > 0 && id.HasTime {
		parts[0] = firstText(parts[0], device)
		id.Natural = in.digestOf("", parts[:])
	}
	return fault.None
}
