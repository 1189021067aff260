package serverevent

import (
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// offlineEvent is what of a server event belongs to Meta's deprecated Offline Conversions API, which integrations of
// tills still use: the person is match_keys, and what is custom data today stands beside it.
type offlineEvent struct {
	keys   []byte // match_keys
	beside int    // members that only such an event has there
}

// member takes a member of such an event.
func (e *offlineEvent) member(key, value []byte) bool {
	switch {
	case string(key) == "match_keys":
		e.keys = value
	case isOffline(key):
		if !mapping.IsEmpty(value) {
			e.beside++
		}
	default:
		return false
	}
	return true
}

// isOffline says whether a member of custom data stands beside it in offline events. contents do elsewhere, too.
func isOffline(key []byte) bool {
	switch string(key) {
	case "value", "currency", "order_id", "item_number", "content_type", "content_ids", "content_name", "content_category",
		"num_items", "delivery_category", "store_data":
		return true
	}
	return false
}

// fill completes the event if it is an offline one, which happened in a store; of any other event, Meta does not know the
// members that stood beside custom_data. What custom_data says counts before what stands beside it.
func (e *offlineEvent) fill(o *mapping.Output, item []byte) {
	if e.keys == nil {
		for range e.beside {
			o.Drop(mapping.FieldEvent, mapping.Unknown)
		}
		return
	}
	o.ReadUser(e.keys, true)
	if len(o.Event.ActionSource) == 0 {
		o.Event.ActionSource = mapping.SourceStore
	}
	c := &o.Event.Custom
	o.Index.Object(item, func(key, value []byte) bool {
		known := string(key) == "value" && c.Value != nil || string(key) == "currency" && c.Currency != nil
		if isOffline(key) && !known && !o.HasMember(string(key)) {
			o.ReadCustomMember(key, value)
		}
		return true
	})
}
