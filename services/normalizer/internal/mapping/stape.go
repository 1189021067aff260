package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// stapeMapper maps what Stape's Data Tag sends to a Data Client (stape): an event in Google's common names, beside those
// that the Data Client takes for them. A page's request is the visitor's own; a server speaks for the visitor.
type stapeMapper struct{}

func (stapeMapper) Default() string { return "website" }
func (stapeMapper) Names() *Names   { return ga4Names }

func (stapeMapper) Map(in *Input, out *Output) error {
	server := jsonscan.Kind(out.Index.Get(in.Raw.Context, "server")) == 't'
	if !server {
		out.browser(in.Raw)
	}
	e := stapeEvent{server: server}
	var err error
	read := func(key, value []byte) bool {
		err = e.member(out, key, value)
		return err == nil
	}
	out.Index.Object(in.Raw.Context, read)
	if err != nil {
		return err
	}
	if !out.Index.Object(in.Raw.Item, read) {
		return fault.New(fault.Undecodable, "item")
	}
	if err != nil {
		return err
	}
	name := firstOf(e.name, e.event)
	if isEmpty(name) {
		return fault.New(fault.MissingField, "event_name")
	}
	if err := out.name(name); err != nil {
		return err
	}
	out.googleCart(in)
	if out.Consent == nil {
		out.Consent = e.hit.consent(out)
	}
	if !server {
		out.visited(in.Raw.Time)
	}
	out.arrival(in.Raw.Time)
	return nil
}

// stapeEvent is what of an event must be seen together.
type stapeEvent struct {
	server      bool
	name, event []byte
	hit         gtagHit
}

// member reads a member; those of the event come after the query's and go before them.
func (e *stapeEvent) member(o *Output, key, value []byte) error {
	switch string(key) {
	case "event_name", "eventName":
		e.name = value
	case "event":
		e.event = value
	case "event_time":
		return o.eventTime(value)
	case "pageLocation", "url", "href":
		if len(o.Event.SourceURL) == 0 {
			o.take(&o.Event.SourceURL, fieldSourceURL, value)
		}
	case "pageReferrer", "referrer":
		if len(o.Event.ReferrerURL) == 0 {
			o.take(&o.Event.ReferrerURL, fieldReferrerURL, value)
		}
	case "items":
		o.googleItems(o.embedded(value))
	case "ecommerce": // the data layer's own
		o.Index.Object(value, func(k, v []byte) bool {
			o.googleParam(k, v, e.server)
			return true
		})
	default:
		if !e.person(o, key, value) && !e.consent(o, key, value) {
			o.googleParam(key, value, e.server)
		}
	}
	return nil
}

// person reads who it is about.
func (e *stapeEvent) person(o *Output, key, value []byte) bool {
	switch string(key) {
	case "client_id", "data_client_id", "_dcid":
		o.People.GAClient = o.text(value)
	case "user_id", "userId":
		o.People.User = o.text(value)
	case "ip_override", "ip", "ipOverride":
		if e.server {
			o.userValue(identity.ClientIPAddress, value)
		}
	case "user_agent", "userAgent":
		if e.server {
			o.userValue(identity.ClientUserAgent, value)
		}
	case "common_cookie":
		o.Index.Object(value, func(k, v []byte) bool {
			e.cookie(o, k, v)
			return true
		})
	case "_fbp", "_fbc":
		e.cookie(o, key, value)
	case "userEmail":
		o.userValues(identity.Em, value)
	case "userPhoneNumber", "phoneNumber":
		o.userValues(identity.Ph, value)
	case "userFirstName", "firstName":
		o.userValues(identity.Fn, value)
	case "userLastName", "lastName", "familyName":
		o.userValues(identity.Ln, value)
	case "postalCode":
		o.userValues(identity.Zp, value)
	default:
		switch k, ok := identity.KeyOf(key); {
		case ok && (k <= identity.Ln || k == identity.Ct || k == identity.St || k == identity.Zp || k == identity.Country):
			o.userValues(k, value)
		default:
			return false
		}
	}
	return true
}

func (e *stapeEvent) cookie(o *Output, key, value []byte) {
	switch string(key) {
	case "_fbp":
		o.ownCookie(&o.Browser.Fbp, value)
	case "_fbc":
		o.ownCookie(&o.Browser.Fbc, value)
	case "_ga":
		first(&o.People.GAClient, gaClient(o.text(value)))
	}
}

// consent reads Google's consent mode as Google's tags and Stape's say it.
func (e *stapeEvent) consent(o *Output, key, value []byte) bool {
	switch string(key) {
	case "consent_state":
		if use := o.Index.Get(value, "ad_user_data"); !isEmpty(use) {
			o.Consent = use
		} else if storage := o.Index.Get(value, "ad_storage"); !isEmpty(storage) {
			o.Consent = storage
		}
	case "consent":
		if !isEmpty(value) {
			o.Consent = value
		}
	case "x-ga-gcs":
		e.hit.storage = value
	case "x-ga-gcd":
		e.hit.signals = value
	default:
		return false
	}
	return true
}
