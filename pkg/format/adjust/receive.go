package adjust

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/appevent"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes Adjust's callbacks apart.
type Receiver struct{}

// Split reads one event.
func (Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	return appevent.SplitFlat(in, b)
}

// Identify takes an event_id of the app's own (a callback parameter), else names the event by install, kind, event, time
// and Adjust's random number, which keeps two events of a second apart.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	var parts [5][]byte
	var device, user []byte
	if !jsonscan.Object(item, func(key, value []byte) bool {
		switch string(key) {
		case "event_id":
			id.EventID = in.EventID(value)
		case "adid":
			parts[0] = in.FirstText(value)
		case "activity_kind":
			parts[1] = in.FirstText(value)
		case "event":
			parts[2] = in.FirstText(value)
		case "created_at":
			parts[3] = in.FirstText(value)
		case "random":
			parts[4] = in.FirstText(value)
		case "gps_adid", "idfa":
			device = in.FirstText(value)
		case "external_id", "user_id", "customer_id", "external_device_id":
			user = receive.FirstOf(user, in.FirstText(value))
		}
		return true
	}) {
		return fault.Undecodable
	}
	id.Person = receive.FirstOf(user, parts[0], device)
	id.HasTime = len(parts[3]) > 0
	if id.EventID == nil && len(receive.FirstOf(parts[0], device)) > 0 && id.HasTime {
		parts[0] = receive.FirstOf(parts[0], device)
		id.Natural = in.Digest("", parts[:])
	}
	return fault.None
}
