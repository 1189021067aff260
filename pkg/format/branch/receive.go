package branch

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes Branch's webhooks apart.
type Receiver struct{}

// Split reads one event.
func (Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if r := receive.CheckBody(in.Body); r != nil {
		return r
	}
	return b.Add(jsonscan.Trim(in.Body))
}

// Identify takes Branch's id of the event, else names it by person, name, time and transaction.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	var parts [4][]byte
	if !jsonscan.Object(item, func(key, value []byte) bool {
		switch string(key) {
		case "id":
			id.EventID = in.EventID(value)
		case "name":
			parts[1] = in.FirstText(value)
		case "timestamp":
			parts[2] = in.FirstText(value)
		case "event_data":
			parts[3] = in.ID(jsonscan.Get(value, "transaction_id"))
		case "user_data":
			parts[0] = personOf(in, value)
		}
		return true
	}) {
		return fault.Undecodable
	}
	id.Person, id.HasTime = parts[0], len(parts[2]) > 0
	if id.EventID == nil && parts[0] != nil && id.HasTime {
		id.Natural = in.Digest("", parts[:])
	}
	return fault.None
}

// personOf is the first of a user's ids, nil if there is none.
func personOf(in *receive.Input, user []byte) []byte {
	if jsonscan.Kind(user) != 'o' {
		return nil
	}
	for _, name := range []string{"developer_identity", "idfa", "aaid", "idfv", "android_id"} {
		if t := in.ID(jsonscan.Get(user, name)); len(t) > 0 {
			return t
		}
	}
	return nil
}
