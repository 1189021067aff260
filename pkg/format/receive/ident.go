package receive

import "bytes"

// Ident is what names an item. Its slices point into the item or the input's scratch.
type Ident struct {
	EventID []byte // the sender's own; nil: none that can be used
	Natural []byte // what stays the same when the sender repeats the item, such as order id and name; nil: its bytes
	HasTime bool   // the item says when it was; else the minute of arrival tells it from others with the same bytes
	Person  []byte // who it is about, as that channel knows them; nil: not said
	Field   string // what is wrong with a hopeless item
	Index   int    // in the request; set before Identify
}

// MaxEventID is the longest event_id, in bytes.
const MaxEventID = 256

// UsableID is a sender's id if it can be the event_id, else nil: Meta and the pixel compare it byte for byte.
func UsableID(id []byte) []byte {
	if len(id) > MaxEventID || len(bytes.TrimSpace(id)) == 0 {
		return nil
	}
	return id
}
