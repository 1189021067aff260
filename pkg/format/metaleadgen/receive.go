package metaleadgen

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/metahook"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes a page's lead webhooks apart.
type Receiver struct{}

// Greet answers the request by which Meta verifies the endpoint.
func (Receiver) Greet(in *receive.Input, to receive.Candidates, reply *receive.Reply) bool {
	return metahook.Greet(in, to, reply)
}

// Split makes an item of each leadgen change's value; changes of other fields, or without a value, are counted.
func (Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if r := receive.CheckBody(in.Body); r != nil {
		return r
	}
	return metahook.Changes(b, in.Body, func(_, field, value []byte) *receive.Refusal {
		if string(field) != "leadgen" || jsonscan.Kind(value) != 'o' {
			b.Ignored++
			return nil
		}
		return b.Add(value)
	})
}

// Identify names a lead by its id.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.Scratch)) {
		case "leadgen_id":
			id.Person = in.ID(value)
		case "created_time":
			id.HasTime = jsonscan.Kind(value) != 'z'
		}
		return true
	})
	if id.Person != nil {
		id.EventID = receive.UsableID(in.Joined("leadgen-", id.Person))
	}
	return fault.None
}
