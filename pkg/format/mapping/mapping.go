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
	Consent []byte // raw JSON of what the event, else its request, says; nil: nothing
	Params  []byte // the request's other top-level parameters, a JSON object; nil: none
	People  People
	Browser Browser
	Dropped []Dropped
	Names   *Names // this event's table, of a mapper that has several; nil: the mapper's

	Settled bool    // contents are Meta's own list: no other counts
	product Product // the one that is being read
	place   Place   // the one that is being read
}

// People are the sender's own ids of the person, for external_id.
type People struct {
	Membership, User, GAClient []byte
	WhatsApp                   []byte // wa_id: a phone number without its plus
}

// Browser is what the visitor's own request carries, for formats whose caller is a browser; empty for servers, whose
// address and agent are not the customer's.
type Browser struct {
	IP        []byte // of the request
	CookieIP  []byte // _fbi
	UserAgent []byte
	Referer   []byte
	Fbp, Fbc  []byte // _fbp, _fbc
}

// Dropped is a value that was left out. Field is from Fields or a match key's name, Reason from Reasons.
type Dropped struct{ Field, Reason string }

// Reset empties the output and keeps its memory.
func (o *Output) Reset() {
	o.Event.Reset()
	o.Consent, o.Params, o.Names, o.Index = nil, nil, nil, nil
	o.People, o.Browser = People{}, Browser{}
	o.Dropped, o.Scratch, o.Settled = o.Dropped[:0], o.Scratch[:0], false
}

// Why a mapper leaves a value out.
const (
	Malformed = "malformed" // not a value of this field
	Unknown   = "unknown"   // Meta has no such field
)

// Reasons is the closed list of mappers' reasons.
var Reasons = []string{Malformed, Unknown}

// Fields is the closed list of mappers' field labels, beside the match keys' names and capi.Fields.
var Fields = []string{
	FieldActionSource, FieldSourceURL, FieldReferrerURL, FieldOptOut, FieldOptions, FieldOptCountry, FieldOptState,
	FieldMessaging, fieldEventName, FieldEvent, FieldUser, FieldCustom, FieldValue, FieldCurrency, FieldContents, fieldContentIDs,
	FieldApp, fieldExtInfo, FieldAdvertiser, fieldApplication, fieldParams,
}

const (
	FieldActionSource = "action_source"
	FieldSourceURL    = "event_source_url"
	FieldReferrerURL  = "referrer_url"
	FieldOptOut       = "opt_out"
	FieldOptions      = "data_processing_options"
	FieldOptCountry   = "data_processing_options_country"
	FieldOptState     = "data_processing_options_state"
	FieldMessaging    = "messaging_channel"
	fieldEventName    = "event_name" // a name that no table has: a custom event
	FieldEvent        = "event"      // an unknown member of the event
	FieldUser         = "user_data"  // an unknown member of user_data
	FieldCustom       = "custom_data"
	FieldValue        = "custom_data.value"
	FieldCurrency     = "custom_data.currency"
	FieldContents     = "custom_data.contents"
	fieldContentIDs   = "custom_data.content_ids"
	FieldApp          = "app_data"
	fieldExtInfo      = "app_data.extinfo"
	FieldAdvertiser   = "app_data.advertiser_tracking_enabled"
	fieldApplication  = "app_data.application_tracking_enabled"
	fieldParams       = "params" // a parameter of the request
)

// Drop says that a value of a field was left out, and why.
func (o *Output) Drop(field, reason string) {
	o.Dropped = append(o.Dropped, Dropped{Field: field, Reason: reason})
}

// SetText sets dst to the text of a string; a value that is missing, null or "" leaves it, any other is dropped by name.
func (o *Output) SetText(dst *[]byte, field string, value []byte) {
	switch jsonscan.Kind(value) {
	case 's':
		if t := o.Text(value); len(t) > 0 {
			*dst = t
		}
	case 0, 'z':
	default:
		o.Drop(field, Malformed)
	}
}

var PhysicalStore = []byte("physical_store")

var SystemGenerated = []byte("system_generated")

var Website = []byte("website")

var (
	SourceApp     = []byte("app")
	SourceWebsite = []byte("website")
)
