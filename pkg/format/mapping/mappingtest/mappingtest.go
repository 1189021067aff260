// Package mappingtest is what the tests of mappers share: an item mapped, and what came of it as texts. Only tests import it.
package mappingtest

import (
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// Received is when the items of tests arrived.
var Received = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)

// AppEvent maps an item that arrived at Received, by the source's own event names.
func AppEvent(t *testing.T, m mapping.Mapper, item string, events map[string][]byte) (*mapping.Output, string) {
	t.Helper()
	var out mapping.Output
	in := mapping.Input{Raw: &event.Raw{Time: Received, Item: []byte(item)}, Events: events}
	if err := m.Map(&in, &out); err != nil {
		return &out, err.Error()
	}
	return &out, ""
}

// ContentsText is the products of a cart as "id quantity price, …".
func ContentsText(out *mapping.Output) string {
	var all []string
	for i := range out.Event.Custom.Contents {
		c := &out.Event.Custom.Contents[i]
		all = append(all, string(c.ID)+" "+string(c.Quantity)+" "+string(c.ItemPrice))
	}
	return strings.Join(all, ", ")
}

// MapOne maps an item of a format and returns the output.
func MapOne(m mapping.Mapper, item, context string) (*mapping.Output, error) {
	out := &mapping.Output{}
	raw := &event.Raw{Time: time.Unix(1795426200, 0), Item: []byte(item), IP: []byte("203.0.113.24")}
	if context != "" {
		raw.Context = []byte(context)
	}
	err := m.Map(&mapping.Input{Raw: raw, Zone: time.UTC}, out)
	return out, err
}

// Members are an event's other members of custom_data.
func Members(out *mapping.Output) map[string]string {
	got := map[string]string{}
	for _, m := range out.Event.Custom.Members {
		got[string(m.Key)] = string(m.Value)
	}
	return got
}

// UserTexts are the match keys as "key=text", in order.
func UserTexts(out *mapping.Output) []string {
	var texts []string
	for _, v := range out.Event.User.Values {
		texts = append(texts, v.Key.String()+"="+string(v.Text))
	}
	return texts
}

// MappedValue maps an item and returns the first value of a key.
func MappedValue(t *testing.T, m mapping.Mapper, context, item string, key identity.Key) string {
	t.Helper()
	var out mapping.Output
	if err := m.Map(&mapping.Input{Raw: &event.Raw{Context: []byte(context), Item: []byte(item)}}, &out); err != nil {
		t.Fatal(err)
	}
	for _, v := range out.Event.User.Values {
		if v.Key == key {
			return string(v.Text)
		}
	}
	return ""
}

// Ending is the text of the error with which an item ends, "" if it is an event.
func Ending(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// MinorText is an amount in a currency's smallest unit as the event has it.
func MinorText(amount string, places int) string {
	o := new(mapping.Output)
	o.SetMinorValue([]byte(`"`+amount+`"`), places)
	return string(o.Event.Custom.Value)
}

// Person is what user made of an object: "key=text" of each value, the sender's own ids, "field!reason" of each drop.
func Person(o *mapping.Output) []string {
	got := []string{}
	for _, v := range o.Event.User.Values {
		got = append(got, v.Key.String()+"="+string(v.Text))
	}
	for name, id := range map[string][]byte{"membership": o.People.Membership, "user": o.People.User, "ga": o.People.GAClient} {
		if id != nil {
			got = append(got, name+":"+string(id))
		}
	}
	for _, d := range o.Dropped {
		got = append(got, d.Field+"!"+d.Reason)
	}
	return got
}
