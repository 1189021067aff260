// Package mapping is what every mapper shares: the event being built, and how a person, a place, a browser, a cart, money,
// times and names are read into it. The mappers of the formats are built of it; the normalizer's map step calls them. It
// refuses to know a format by name, I/O, hashing and policy: values stay as the sender gave them, but for their JSON type;
// what cannot be read is left out by name, and only an item that is no event is an error.
package mapping

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
	"github.com/omnicapi/omnicapi/pkg/nothing"
	"github.com/omnicapi/omnicapi/pkg/privacy"
)

// Mapper maps the items of one format.
type Mapper interface {
	// Map fills out from in, under the sender's own name of the event. Its error is a *fault.Error: the item can be no event.
	Map(in *Input, out *Output) error
}

// Input is one item with what surrounds it.
type Input struct {
	Raw  *event.Raw
	Rows *mapfile.Mapping // the source's mapping file; nil: none
	Zone *time.Location   // the source's, for times without a zone

	Events   map[string][]byte // the source's own event names; nil value: dropped
	Currency string            // the source's default, for money in minor units; "" none
}

// Output is what a mapper makes of an item. It is reused: slices point into the raw record, the event's arena or the
// Scratch, and are valid until Reset.
type Output struct {
	Reader

	Event   capi.Event
	Consent privacy.Statement // what the event, else its request, says
	Params  []byte            // the request's other top-level parameters, a JSON object; nil: none
	People  People
	Browser Browser
	Dropped []Dropped
	Names   *Names // this event's table, of a mapper that has several; nil: the mapper's

	unread  unread
	later   laterTimes
	trial   bool    // a free one begins
	product Product // the one that is being read
	place   Place   // the one that is being read

	itemCurrency []byte // that of the products, as text
	mixed        bool   // they have several
}

// unread is what the sender said and nobody could read: it differs from what was not said.
type unread struct {
	time, value bool
	quantity    bool // of a product, whose price is not what it costs then
}

// Reset empties the output and keeps its memory.
func (o *Output) Reset() {
	o.Event.Reset()
	o.Consent, o.Params, o.Names, o.Index = privacy.Nothing, nil, nil, nil
	o.People, o.Browser = People{}, Browser{}
	o.Dropped, o.Scratch = o.Dropped[:0], o.Scratch[:0]
	o.itemCurrency, o.mixed = nil, false
	o.unread, o.later, o.trial = unread{}, laterTimes{}, false
}

// Drop says that a value of a field was left out, and why.
func (o *Output) Drop(field, reason string) {
	o.Dropped = append(o.Dropped, Dropped{Field: field, Reason: reason})
}

// SetText sets dst to the text of a string, or to the first one in a list; a value that is missing, null or "" leaves it, any
// other, and a program's word for nothing, is dropped by name.
func (o *Output) SetText(dst *[]byte, field string, value []byte) {
	value = o.firstString(value)
	switch jsonscan.Kind(value) {
	case 's':
		switch t := o.Text(value); {
		case len(t) == 0:
		case nothing.Is(t):
			o.Drop(field, Empty)
		default:
			*dst = t
		}
	case 0, 'z':
	default:
		o.Drop(field, Malformed)
	}
}

// Where an event happened, as action_source says it.
var (
	SourceApp     = []byte("app")
	SourceStore   = []byte("physical_store")
	SourceSystem  = []byte("system_generated")
	SourceWebsite = []byte("website")
)
