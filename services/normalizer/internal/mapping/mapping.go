// Package mapping turns items into Meta's server event: one mapper per format, one file per mapper, each tested against
// golden files. The normalizer's map step calls it. It refuses I/O, hashing and policy: values stay as the sender gave
// them, but for their JSON type; what cannot be read is left out by name, and only an item that is no event is an error.
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
	// Map fills out from in. Its error is a *fault.Error: the item can be no event.
	Map(in *Input, out *Output) error
	// Default is the action_source of the format's events, "" if the channel decides.
	Default() string
	// Names is the format's table of event names; nil: its senders use Meta's. Map leaves the sender's name.
	Names() *Names
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
// scratch, and are valid until Reset.
type Output struct {
	Event   capi.Event
	Consent []byte // raw JSON of what the event, else its request, says; nil: nothing
	Params  []byte // the request's other top-level parameters, a JSON object; nil: none
	People  People
	Browser Browser
	Dropped []Dropped
	Names   *Names          // this event's table, of a mapper that has several; nil: the mapper's
	Index   *jsonscan.Index // knows the raw event; nil: values are read again where they are walked

	scratch []byte
	settled bool  // contents are Meta's own list: no other counts
	line    line  // the one that is being read
	place   place // the one that is being read
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
	o.Dropped, o.scratch, o.settled = o.Dropped[:0], o.scratch[:0], false
}

// Why a mapper leaves a value out.
const (
	malformed = "malformed" // not a value of this field
	unknown   = "unknown"   // Meta has no such field
)

// Reasons is the closed list of mappers' reasons.
var Reasons = []string{malformed, unknown}

// Fields is the closed list of mappers' field labels, beside the match keys' names and capi.Fields.
var Fields = []string{
	fieldActionSource, fieldSourceURL, fieldReferrerURL, fieldOptOut, fieldOptions, fieldOptCountry, fieldOptState,
	fieldMessaging, fieldEventName, fieldEvent, fieldUser, fieldCustom, fieldValue, fieldCurrency, fieldContents, fieldContentIDs,
	fieldApp, fieldExtInfo, fieldAdvertiser, fieldApplication, fieldParams,
}

const (
	fieldActionSource = "action_source"
	fieldSourceURL    = "event_source_url"
	fieldReferrerURL  = "referrer_url"
	fieldOptOut       = "opt_out"
	fieldOptions      = "data_processing_options"
	fieldOptCountry   = "data_processing_options_country"
	fieldOptState     = "data_processing_options_state"
	fieldMessaging    = "messaging_channel"
	fieldEventName    = "event_name" // a name that no table has: a custom event
	fieldEvent        = "event"      // an unknown member of the event
	fieldUser         = "user_data"  // an unknown member of user_data
	fieldCustom       = "custom_data"
	fieldValue        = "custom_data.value"
	fieldCurrency     = "custom_data.currency"
	fieldContents     = "custom_data.contents"
	fieldContentIDs   = "custom_data.content_ids"
	fieldApp          = "app_data"
	fieldExtInfo      = "app_data.extinfo"
	fieldAdvertiser   = "app_data.advertiser_tracking_enabled"
	fieldApplication  = "app_data.application_tracking_enabled"
	fieldParams       = "params" // a parameter of the request
)

func (o *Output) drop(field, reason string) {
	o.Dropped = append(o.Dropped, Dropped{Field: field, Reason: reason})
}

// Of returns the mapper of a format, nil if this build has none.
func Of(format []byte) Mapper {
	switch string(format) {
	case "capi":
		return capiMapper{params: true}
	case "ndjson":
		return capiMapper{}
	case "collect":
		return collectMapper{}
	case "meta.openbridge":
		return openBridgeMapper{}
	case "meta.pixel":
		return pixelMapper{}
	case "ga4.mp":
		return ga4mpMapper{}
	case "ga4.gtag":
		return gtagMapper{}
	case "stape":
		return stapeMapper{}
	case "pos":
		return posMapper{}
	case "square":
		return squareMapper{}
	case "whatsapp":
		return whatsappMapper{}
	case "meta.leadgen":
		return leadgenMapper{}
	case "hubspot":
		return hubspotMapper{}
	case "salesforce":
		return salesforceMapper{}
	case "stages":
		return stagesMapper{}
	case "segment":
		return segmentMapper{}
	case "mparticle":
		return mParticleMapper{}
	case "appsflyer":
		return appsFlyerMapper{}
	case "adjust":
		return adjustMapper{}
	case "branch":
		return branchMapper{}
	case "cloudevents":
		return cloudEventsMapper{}
	case "stripe":
		return stripeMapper{}
	case "woocommerce":
		return wooMapper{}
	case "csv", "xlsx", "json":
		return rowsMapper{}
	case "shopify":
		return shopifyMapper{}
	}
	return nil
}
