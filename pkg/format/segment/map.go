package segment

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/ecommerce"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/privacy"
)

// Mapper maps the calls of Segment's spec, which RudderStack's and Jitsu's clients follow. identify, group and
// alias make no event: what they say of a person is a fact. A page's call (it has an Origin) is the visitor's own
// request: its address and agent count, those its body claims do not.
type Mapper struct{}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	var c segmentCall
	if err := c.read(in, out); err != nil {
		return err
	}
	if err := c.nameEvent(out); err != nil {
		return err
	}
	if c.excluded(out) {
		return fault.New(fault.Suppressed, "integrations")
	}
	c.time(in, out)
	meta, drop, _ := in.MetaName(ecommerce.Names, out)
	if drop {
		return nil
	}
	c.limits(out)
	c.person(in, out)
	c.place(out)
	c.props.Fill(in, out, meta)
	return nil
}

// segmentCall is a call's members as they were found, raw unless said otherwise.
type segmentCall struct {
	kind, name, event             []byte // text
	user, anonymous               []byte
	when, original, sent          []byte
	integrations, allIntegrations []byte // the call's, the batch's
	context                       segmentContext
	props                         ecommerce.Properties
	properties                    []byte
}

func (c *segmentCall) read(in *mapping.Input, out *mapping.Output) error {
	var own []byte
	out.Index.Object(in.Raw.Context, func(key, value []byte) bool {
		switch string(key) {
		case storedType:
			c.kind = out.Text(value)
		case storedContext:
			c.context.read(out, value)
		case storedIntegrations:
			c.allIntegrations = value
		}
		return true
	})
	ok := out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		switch string(key) {
		case "type":
			if c.kind == nil {
				c.kind = out.Text(value)
			}
		case "event":
			c.event = out.Text(value)
		case "name":
			c.name = value
		case "userId":
			c.user = value
		case "anonymousId":
			c.anonymous = value
		case "timestamp":
			c.when = value
		case "originalTimestamp":
			c.original = value
		case "sentAt":
			c.sent = value
		case "context":
			own = value
		case "integrations":
			c.integrations = value
		case "properties":
			c.properties = value
		}
		return true
	})
	if !ok {
		return fault.New(fault.Undecodable, "item")
	}
	c.context.read(out, own) // after the batch's: it goes before it
	c.props.Read(out, c.properties)
	return nil
}

// nameEvent names the event as the table of names has it; a call that is no event is an error.
func (c *segmentCall) nameEvent(out *mapping.Output) error {
	switch string(c.kind) {
	case "track":
		if out.Event.Name = mapping.Trim(c.event); len(out.Event.Name) == 0 {
			return fault.New(fault.MissingField, "event")
		}
	case "page", "screen":
		out.Event.Name = c.kind
	case "identify":
		return fault.New(fault.Fact, "identify")
	case "group":
		return fault.New(fault.Fact, "group")
	case "alias":
		return fault.New(fault.Fact, "alias")
	case "":
		return fault.New(fault.MissingField, "type")
	default:
		return fault.New(fault.InvalidField, "type")
	}
	return nil
}

// ours ranks the names of integrations that mean this service: our own is 3; the destinations for Meta's Conversions API of
// Segment, RudderStack and Jitsu are 2; Meta's pixel is 1; any other is 0.
func ours(key []byte) int {
	var room [48]byte
	if len(key) > len(room) {
		return 0
	}
	name := room[:0]
	for _, c := range key {
		switch {
		case c == ' ', c == '_', c == '-', c == '(', c == ')':
		case 'A' <= c && c <= 'Z':
			name = append(name, c+'a'-'A')
		default:
			name = append(name, c)
		}
	}
	switch string(name) {
	case "omnicapi":
		return 3
	case "facebookconversionsapi", "facebookconversionsapiactions", "facebookconversions", "facebookconversion", "metaconversionsapi",
		"metaconversionsapiactions", "metaconversions", "facebookcapi", "metacapi":
		return 2
	case "facebookpixel", "metapixel":
		return 1
	}
	return 0
}

// excluded says whether integrations keep the call from us: by our name, else by All. The call's go before the batch's.
func (c *segmentCall) excluded(out *mapping.Output) bool {
	var all, us []byte
	for _, list := range [][]byte{c.allIntegrations, c.integrations} {
		best := 1
		out.Index.Object(list, func(key, value []byte) bool {
			if string(key) == "All" || string(key) == "all" {
				all = value
			} else if closeness := ours(key); closeness >= best {
				best, us = closeness, value
			}
			return true
		})
	}
	if kind := jsonscan.Kind(us); kind != 0 && kind != 'z' {
		return isRefusal(us)
	}
	return isRefusal(all)
}

// isRefusal says whether the setting of an integration keeps calls from it: any but true, its options, and nothing.
func isRefusal(setting []byte) bool {
	switch jsonscan.Kind(setting) {
	case 0, 'z', 'o':
		return false
	}
	yes, _ := privacy.Flag(setting)
	return !yes
}

// limits reads what the integrations' options say of Limited Data Use: analytics.js has it there for Meta's pixel.
func (c *segmentCall) limits(out *mapping.Output) {
	for _, list := range [][]byte{c.allIntegrations, c.integrations} {
		out.Index.Object(list, func(key, options []byte) bool {
			if ours(key) > 0 {
				out.Index.Object(options, func(k, v []byte) bool {
					out.ReadProcessing(k, v)
					return true
				})
			}
			return true
		})
	}
}

// skewed is from how many seconds on the sender's clock is taken for wrong: less may be the network or a retry.
const skewed = 60

// time corrects the sender's clock by when it says it sent the request.
func (c *segmentCall) time(in *mapping.Input, out *mapping.Output) {
	sent := c.sent
	if mapping.IsEmpty(sent) && len(in.Raw.SentAt) > 0 {
		sent = out.Quoted(in.Raw.SentAt)
	}
	skew := int64(0)
	if at, ok := out.InstantOf(in.Zone, sent); ok && !in.Raw.Time.IsZero() {
		if d := in.Raw.Time.Unix() - at.Unix(); d > skewed || d < -skewed {
			skew = d
		}
	}
	out.ReadTime(in.Zone, c.when, c.original, c.sent)
	if out.Event.TimeSet {
		out.Event.Time += skew
	}
	out.DefaultTime(in.Raw.Time)
}

// person adds the match keys: ids, traits, and what the visitor's own request or the context says of the browser.
func (c *segmentCall) person(in *mapping.Input, out *mapping.Output) {
	out.AddUserValue(identity.ExternalID, c.user)
	out.AddUserValue(identity.ExternalID, c.anonymous)
	x := &c.context
	x.names(out)
	x.complete(identity.Em, c.props.Email) // as Segment's own destination takes them
	x.complete(identity.Ph, c.props.Phone)
	for k, value := range x.keys {
		if value != nil {
			out.AddUserValues(identity.Key(k), value)
		}
	}
	out.AddUserValue(identity.ExternalID, x.traitsID)
	out.AddUserValue(identity.Fbp, mapping.First(c.props.Fbp, x.fbp))
	out.AddUserValue(identity.Fbc, mapping.First(c.props.Fbc, x.fbc))
	out.AddUserValue(identity.CtwaClid, c.props.CtwaClid)
	if len(jsonscan.Get(in.Raw.Headers, "origin")) > 0 {
		out.ReadBrowser(in.Raw)
		return
	}
	out.AddUserValue(identity.ClientIPAddress, x.ip)
	out.AddUserValue(identity.ClientUserAgent, x.agent)
}

// place says where it happened: action_source, page, app.
func (c *segmentCall) place(out *mapping.Output) {
	x := &c.context
	e := &out.Event
	out.SetText(&e.SourceURL, mapping.FieldSourceURL, mapping.First(x.url, c.pageURL()))
	out.SetText(&e.ReferrerURL, mapping.FieldReferrerURL, x.referrer)
	if string(e.ReferrerURL) == "$direct" { // RudderStack's word for none
		e.ReferrerURL = nil
	}
	x.device.Platform = mapping.PlatformOf(out.Text(x.deviceType))
	out.SetText(&e.ActionSource, mapping.FieldActionSource, c.props.ActionSource)
	if len(e.ActionSource) == 0 {
		switch {
		case x.device.Platform != nil || string(c.kind) == "screen":
			e.ActionSource = mapping.SourceApp
		case len(e.SourceURL) > 0 || isBrowserAgent(out.Text(x.agent)) || len(out.Browser.UserAgent) > 0:
			e.ActionSource = mapping.SourceWebsite
		}
	}
	if string(e.ActionSource) == "app" {
		x.app(out)
	}
	out.Consent = privacy.Stricter(out.Consent, x.consent)
}

// pageURL is the url of a page call's properties; elsewhere a url may be anything.
func (c *segmentCall) pageURL() []byte {
	if string(c.kind) != "page" {
		return nil
	}
	return c.props.URL
}

func isBrowserAgent(agent []byte) bool {
	return len(agent) > 8 && string(agent[:8]) == "Mozilla/"
}
