package httpapi

import "github.com/omnicapi/omnicapi/services/ingest/internal/taken"

// repeats says whether the request is one that its sender signed once and that was stored long before, or often: it is answered
// as it was then, and not stored again. A sender's own retry is; its events have the same ids.
func (x *exchange) repeats() bool {
	if !x.in.Server || x.source.Taken == nil || !x.source.Taken.Repeats(taken.SumOf(x.body.bytes), x.in.Now) {
		return false
	}
	x.repeated = true
	return true
}

// remember notes that a signed request is stored.
func (x *exchange) remember() {
	if x.in.Server && x.source.Taken != nil {
		x.source.Taken.Stored(taken.SumOf(x.body.bytes), x.in.Now)
	}
}
