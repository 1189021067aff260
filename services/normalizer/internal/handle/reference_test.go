package handle_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/net/idna"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// The reference makes a signal of a collector's event as one would write it first: encoding/json, structs and fmt, the
// well-known libraries, and expressions compiled once. It takes every step that Handle takes for such an event; what it
// leaves out (repeated keys, hashes that came as such, aliases of keys, other formats) is in its favour.

type refEnvelope struct {
	SpecVersion string    `json:"specversion"`
	ID          string    `json:"id"`
	Type        string    `json:"type"`
	Source      string    `json:"source"`
	Time        time.Time `json:"time"`
	Format      string    `json:"format"`
	TraceParent string    `json:"traceparent"`
	Data        struct {
		Request struct {
			IP      string            `json:"ip"`
			Headers map[string]string `json:"headers"`
			Context struct {
				Server  bool `json:"server"`
				Consent any  `json:"consent"`
			} `json:"context"`
		} `json:"request"`
		Item json.RawMessage `json:"item"`
	} `json:"data"`
}

type refItem struct {
	Name         string         `json:"event_name"`
	Time         int64          `json:"event_time"`
	ActionSource string         `json:"action_source"`
	SourceURL    string         `json:"event_source_url"`
	ReferrerURL  string         `json:"referrer_url"`
	Consent      any            `json:"consent"`
	User         map[string]any `json:"user"`
	Custom       map[string]any `json:"custom_data"`
}

type refSignal struct {
	Name         string         `json:"event_name"`
	Time         int64          `json:"event_time"`
	ID           string         `json:"event_id"`
	ActionSource string         `json:"action_source"`
	SourceURL    string         `json:"event_source_url,omitempty"`
	ReferrerURL  string         `json:"referrer_url,omitempty"`
	User         map[string]any `json:"user_data"`
	Custom       map[string]any `json:"custom_data,omitempty"`
}

var errRefDropped = errors.New("not consented")

// reference makes the signal of a raw event.
func reference(rec *stream.Record, now time.Time) (*stream.Record, error) {
	var env refEnvelope
	if err := json.Unmarshal(rec.Value, &env); err != nil {
		return nil, fmt.Errorf("reading the envelope: %w", err)
	}
	source := strings.Split(env.Source, "/")
	if env.SpecVersion != "1.0" || env.Type != "omnicapi.raw.v1" || env.Format != "collect" || len(source) != 4 {
		return nil, fmt.Errorf("unsupported event of type %s, format %s, source %s", env.Type, env.Format, env.Source)
	}
	var item refItem
	if err := json.Unmarshal(env.Data.Item, &item); err != nil {
		return nil, fmt.Errorf("reading the item: %w", err)
	}
	if item.Consent == nil {
		item.Consent = env.Data.Request.Context.Consent
	}
	if !refConsented(item.Consent) {
		return nil, errRefDropped
	}
	user := refNormalize(item.User, now)
	if !env.Data.Request.Context.Server {
		refBrowser(user, &env, &item)
	}
	signal := refSignal{
		Name: strings.TrimSpace(item.Name), Time: item.Time, ID: env.ID, ActionSource: item.ActionSource,
		SourceURL: item.SourceURL, ReferrerURL: item.ReferrerURL, User: user, Custom: item.Custom,
	}
	if err := refValidate(&signal, env.Time, now); err != nil {
		return nil, fmt.Errorf("validating the event: %w", err)
	}
	body, err := json.Marshal(signal)
	if err != nil {
		return nil, fmt.Errorf("encoding the event: %w", err)
	}
	out := &stream.Record{Topic: "t.signals.shop", Key: []byte(env.ID), Value: body, Time: env.Time}
	header := func(key, value string) {
		if value != "" {
			out.Headers = append(out.Headers, stream.Header{Key: key, Value: []byte(value)})
		}
	}
	header("ce_specversion", env.SpecVersion)
	header("ce_id", env.ID)
	header("ce_type", "omnicapi.signal.v1")
	header("ce_source", env.Source)
	header("ce_time", env.Time.UTC().Format("2006-01-02T15:04:05.000Z07:00"))
	header("content-type", "application/json")
	header("ce_eventtime", strconv.FormatInt(signal.Time, 10))
	header("ce_eventname", signal.Name)
	header("ce_actionsource", signal.ActionSource)
	header("ce_value", refText(signal.Custom["value"]))
	header("ce_currency", refText(signal.Custom["currency"]))
	header("ce_trust", "proven") // which an envelope that does not say it counts as
	header("traceparent", env.TraceParent)
	return out, nil
}

// refText is a JSON value as text.
func refText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	default:
		return ""
	}
}

func refConsented(said any) bool {
	if modes, ok := said.(map[string]any); ok {
		return refConsented(modes["ad_user_data"]) && refConsented(modes["marketing"])
	}
	switch strings.ToLower(refText(said)) {
	case "", "true", "granted", "yes":
		return true
	}
	return false
}

// refBrowser adds what the visitor's own request says.
func refBrowser(user map[string]any, env *refEnvelope, item *refItem) {
	request := &env.Data.Request
	if ip, err := netip.ParseAddr(request.IP); err == nil && ip.IsGlobalUnicast() && !ip.IsPrivate() {
		user["client_ip_address"] = request.IP
	}
	if agent := request.Headers["user-agent"]; agent != "" && len(agent) <= 2048 && !strings.ContainsFunc(agent, unicode.IsControl) {
		user["client_user_agent"] = agent
	}
	if item.SourceURL == "" {
		item.SourceURL = request.Headers["referer"]
	}
	var clicked string
	cookies, err := http.ParseCookie(request.Headers["cookie"])
	for i := 0; err == nil && i < len(cookies); i++ {
		switch c := cookies[i]; {
		case c.Name == "_fbp" && refClick.MatchString(c.Value):
			user["fbp"] = c.Value
		case c.Name == "_fbc" && refClick.MatchString(c.Value):
			clicked = c.Value
		}
	}
	if page, err := url.Parse(item.SourceURL); err == nil {
		if id := page.Query().Get("fbclid"); id != "" && !strings.HasSuffix(clicked, "."+id) {
			clicked = fmt.Sprintf("fb.1.%d.%s", item.Time*1000, id)
		}
	}
	if clicked != "" {
		user["fbc"] = clicked
	}
}

var (
	refClick     = regexp.MustCompile(`^fb\.\d+\.\d+\.[^.\s]+$`)
	refEmail     = regexp.MustCompile(`^[\w!#$%&'*+/=?^{|}~-]+(\.[\w!#$%&'*+/=?^{|}~-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+$`)
	refCountries = map[string]string{"us": "us", "usa": "us", "unitedstates": "us", "de": "de", "deu": "de", "germany": "de"}
	refGenders   = map[string]string{"m": "m", "male": "m", "man": "m", "f": "f", "female": "f", "woman": "f"}
	refDates     = []string{"2006-01-02", "20060102", "01/02/2006", "2.1.2006"}
)

// refNormalize normalizes and hashes the person's values, and leaves out what is none.
func refNormalize(values map[string]any, now time.Time) map[string]any {
	user := make(map[string]any, len(values)+4)
	country := refCountries[refOnly(refText(values["country"]), unicode.IsLetter)]
	for key, value := range values {
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		var hashes []string
		for _, v := range list {
			text := refValue(key, strings.TrimSpace(refText(v)), country, now)
			if text == "" {
				continue
			}
			sum := sha256.Sum256([]byte(text))
			if hash := hex.EncodeToString(sum[:]); !slices.Contains(hashes, hash) {
				hashes = append(hashes, hash)
			}
		}
		if len(hashes) > 0 {
			user[key] = hashes
		}
	}
	return user
}

// refOnly is the lower-case text of the characters that keep wants.
func refOnly(text string, keep func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		if !keep(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}

// refValue is the text of a key that is hashed, "" if the value is none.
func refValue(key, text, country string, now time.Time) string {
	alnum := func(r rune) bool { return r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
	switch key {
	case "em":
		local, domain, _ := strings.Cut(strings.ToLower(text), "@")
		ascii, err := idna.Lookup.ToASCII(domain)
		if mail := local + "@" + ascii; err == nil && refEmail.MatchString(mail) {
			return mail
		}
	case "ph":
		number, err := phonenumbers.Parse(text, strings.ToUpper(country))
		if err == nil && phonenumbers.IsValidNumber(number) {
			return strings.TrimPrefix(phonenumbers.Format(number, phonenumbers.E164), "+")
		}
	case "fn", "ln":
		return refOnly(text, func(r rune) bool { return !unicode.IsSpace(r) && !unicode.IsPunct(r) && !unicode.IsSymbol(r) })
	case "ge":
		return refGenders[strings.ToLower(text)]
	case "db":
		for _, layout := range refDates {
			if d, err := time.Parse(layout, text); err == nil && d.Year() >= 1800 && d.Year() <= now.Year()+1 {
				return d.Format("20060102")
			}
		}
	case "ct":
		return refOnly(text, alnum)
	case "st":
		if state := refOnly(text, alnum); country != "us" || len(state) <= 2 {
			return state
		}
	case "zp":
		zip := refOnly(text, func(r rune) bool { return !unicode.IsSpace(r) && r != '-' })
		if country == "us" && len(zip) > 5 {
			zip = zip[:5]
		}
		return zip
	case "country":
		return country
	case "external_id":
		return refOnly(text, func(r rune) bool { return !unicode.IsSpace(r) })
	}
	return ""
}

var (
	refActionSources = []string{
		"website", "app", "physical_store", "system_generated", "business_messaging", "email", "phone_call", "chat", "other",
	}
	refCurrencies = []string{"AUD", "BRL", "CAD", "CHF", "CNY", "EUR", "GBP", "INR", "JPY", "MXN", "SEK", "USD"}
	refThin       = []string{"ct", "country", "st", "zp", "ge", "client_user_agent"}
)

// refValidate leaves out what Meta would refuse; an error is the end of the event.
func refValidate(s *refSignal, arrival, now time.Time) error {
	if s.ActionSource == "" {
		s.ActionSource = "website"
	}
	if s.Time == 0 {
		s.Time = arrival.Unix()
	}
	switch {
	case s.Name == "" || len(s.Name) > 50:
		return errors.New("invalid event_name")
	case s.Time > now.Add(time.Minute).Unix():
		return errors.New("event_time in the future")
	case !slices.Contains(refActionSources, s.ActionSource):
		return errors.New("invalid action_source")
	}
	s.Time = min(s.Time, now.Unix())
	for _, link := range []*string{&s.SourceURL, &s.ReferrerURL} {
		if u, err := url.Parse(*link); err != nil || u.Scheme != "http" && u.Scheme != "https" {
			*link = ""
		}
	}
	value, hasValue := refAmount(s.Custom["value"])
	currency := strings.ToUpper(strings.TrimSpace(refText(s.Custom["currency"])))
	hasCurrency := slices.Contains(refCurrencies, currency)
	if s.Name == "Purchase" && (!hasValue || !hasCurrency) {
		return errors.New("a purchase without value or currency")
	}
	delete(s.Custom, "value")
	delete(s.Custom, "currency")
	if hasCurrency {
		s.Custom["currency"] = currency
		if hasValue {
			s.Custom["value"] = value
		}
	}
	if contents, ok := s.Custom["contents"].([]any); ok {
		s.Custom["contents"] = refContents(contents)
	}
	for key := range s.User {
		if !slices.Contains(refThin, key) {
			return nil
		}
	}
	return errors.New("no identity")
}

func refContents(list []any) []any {
	kept := list[:0]
	for _, v := range list {
		content, ok := v.(map[string]any)
		if !ok || refText(content["id"]) == "" {
			continue
		}
		content["id"] = refText(content["id"])
		for _, key := range []string{"quantity", "item_price"} {
			if n, ok := refAmount(content[key]); ok {
				content[key] = n
			} else {
				delete(content, key)
			}
		}
		kept = append(kept, content)
	}
	return kept
}

// refAmount reads a number or a numeric text.
func refAmount(v any) (float64, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(refText(v)), 64)
	return n, err == nil && n >= 0 && !math.IsNaN(n) && !math.IsInf(n, 0)
}
