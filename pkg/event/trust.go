package event

import "github.com/omnicapi/omnicapi/pkg/record"

// Trust is what a request showed of its sender: a fact of the raw event, which ingest fixes once, and of all that is made of it.
type Trust string

// The classes. A record that says nothing is of a version that knew none, and was treated as Proven.
const (
	Proven   Trust = "proven"   // a right secret, or a signature that holds
	Unproven Trust = "unproven" // no more than anybody can say: a public key, an Origin, or nothing (auth: none)
)

// Trusts is the closed list.
var Trusts = []Trust{Proven, Unproven}

// trustOf reads what a record says; a word that is not known proves nothing.
func trustOf(text []byte) Trust {
	if string(text) == string(Proven) {
		return Proven
	}
	return Unproven
}

// value is the class as a header says it; nil: not said.
func (t Trust) value() []byte {
	switch t {
	case Proven:
		return provenValue
	case Unproven:
		return unprovenValue
	}
	return nil
}

// SignalTrust is the trust that the headers of a signal's record say.
func SignalTrust(r *record.Record) Trust {
	if said := r.Header(headerTrust); said != nil {
		return trustOf(said)
	}
	return Proven
}
