package cloudevents

import (
	"strings"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/serverevent"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Mapper maps CloudEvents: data that has event_name or user_data is Meta's server event, any other flat object
// is read by the names of Meta's fields. They come from servers: nothing of the request is the customer's.
type Mapper struct{}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	a, ok := readAttributes(out.Index, in.Raw.Item, (*[]byte)(&out.Scratch))
	if !ok {
		return fault.New(fault.Undecodable, "item")
	}
	if field, reason := a.wrong((*[]byte)(&out.Scratch)); reason != fault.None {
		return fault.New(reason, field)
	}
	switch jsonscan.Kind(a.data) {
	case 'o':
	case 0, 'z':
		if !mapping.IsEmpty(a.packed) {
			return fault.New(fault.Undecodable, attrDataBase64)
		}
	default:
		return fault.New(fault.Undecodable, attrData)
	}
	if err := cloudData(in, out, a.data); err != nil {
		return err
	}
	if a.wishes {
		out.ReadWishes(in.Raw.Item)
	}
	if !out.Event.TimeSet {
		out.ReadTime(in.Zone, a.when)
	}
	if err := out.NeedReadTime(attrTime); err != nil {
		return err
	}
	out.DefaultTime(in.Raw.Time)
	if len(out.Event.Name) == 0 {
		out.Event.Name = pattern(in, out.Text(a.kind))
	}
	return nil
}

// cloudData reads the data: Meta's server event, or any other flat object.
func cloudData(in *mapping.Input, o *mapping.Output, data []byte) error {
	if jsonscan.Kind(data) != 'o' {
		return nil
	}
	if !mapping.IsEmpty(o.Index.Get(data, "event_name")) || !mapping.IsEmpty(o.Index.Get(data, "user_data")) {
		return serverevent.Map(in, o, data, "user_data", true)
	}
	var err error
	o.Index.Object(data, func(key, value []byte) bool {
		err = flatMember(in, o, key, value)
		return err == nil
	})
	return err
}

// flatMember reads a member of an object that nobody made for Meta: by the names of its fields and match keys. Others
// stay out, since nobody said that they may be passed on.
func flatMember(in *mapping.Input, o *mapping.Output, key, value []byte) error {
	switch string(key) {
	case "value", "currency", "contents", "content_ids", "num_items", "order_id", "content_type", "content_name", "content_category",
		"search_string", "status", "predicted_ltv", "net_revenue", "delivery_category", "lead_event_source", "event_source":
		o.ReadCustomMember(key, value)
	case "custom_data":
		o.ReadCustom(value)
	case "user":
		o.ReadUser(value, true)
	case "event_id", "event_time", "action_source", "event_source_url", "referrer_url", "messaging_channel", "wa_id", "app_data",
		"consent", mapping.FieldOptOut, mapping.FieldOptions, mapping.FieldOptCountry, mapping.FieldOptState:
		return serverevent.Member(in, o, key, value, true)
	default:
		if k, ok := identity.KeyOf(key); ok && !isOrders(key) {
			o.AddUserValues(k, value)
		} else if !o.ReadPersonID(key, value) && !o.ReadPermission(key, value) && !mapping.IsEmpty(value) {
			o.Drop(mapping.FieldEvent, mapping.Unknown)
		}
	}
	return nil
}

// isOrders says whether a name that is a match key's within a person's data is another thing's beside it: an order's state,
// a deployment's region.
func isOrders(key []byte) bool { return string(key) == "state" || string(key) == "region" }

// pattern is the name in the source's events that a type falls under: itself, else the longest pattern with * that fits,
// else it falls under none and stays.
func pattern(in *mapping.Input, kind []byte) []byte {
	if _, own := in.Events[string(kind)]; own {
		return kind
	}
	best := ""
	for p := range in.Events {
		if strings.IndexByte(p, '*') >= 0 && fits(p, kind) && (len(p) > len(best) || len(p) == len(best) && p < best) {
			best = p
		}
	}
	if best == "" {
		return kind
	}
	return []byte(best)
}

// fits says whether a text fits a pattern, whose * stands for anything.
func fits(pattern string, text []byte) bool {
	head, rest, found := strings.Cut(pattern, "*")
	if len(text) < len(head) || string(text[:len(head)]) != head {
		return false
	}
	if text = text[len(head):]; !found {
		return len(text) == 0
	}
	for i := 0; i <= len(text); i++ {
		if fits(rest, text[i:]) {
			return true
		}
	}
	return false
}
