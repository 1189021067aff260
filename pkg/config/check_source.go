package config

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/nearest"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// actionSources is Meta's list.
var actionSources = []string{"website", "app", "physical_store", "system_generated", "business_messaging", "email", "phone_call", "chat", "other"}

// AnySignature is a source's signature where versions of its sender's scheme count that sign less than the last.
const AnySignature = "any"

func (c *checker) source(path, name string, s Source) {
	c.name(path, name)
	c.oneOf(path+".channel", s.Channel, topic.Channels...)
	if s.Dataset == "" {
		c.wrong(path+".dataset", "is required: the dataset where its events go")
	} else if _, ok := c.cfg.Datasets[s.Dataset]; !ok {
		known := slices.Sorted(maps.Keys(c.cfg.Datasets))
		c.wrong(path+".dataset", "is not under datasets%s", nearest.DidYouMean(s.Dataset, known))
	}
	f := all.Named(s.Format)
	known := f != nil
	switch {
	case !known:
		c.wrong(path+".format", "is no format%s (formats: %s)", nearest.DidYouMean(s.Format, all.Names()), strings.Join(all.Names(), ", "))
	case topic.IsChannel(s.Channel) && !slices.Contains(f.Channels, s.Channel):
		c.wrong(path+".format", "%s serves %s, not %s", f.Name, strings.Join(f.Channels, ", "), s.Channel)
	}
	c.secretFiles(path, s)
	if known {
		c.secrets(path, s, f)
		c.mapping(path, s, f)
		if len(s.Origins) > 0 && !f.Browser {
			c.wrong(path+".origins", "is for formats that pages post; %s is none", f.Name)
		}
		if s.VerifyTokenFile != "" && !f.Verify {
			c.wrong(path+".verify_token_file", "is for Meta's webhooks; %s is none", f.Name)
		}
		if s.TokenFile != "" && !f.Lookup {
			c.wrong(path+".token_file", "is for lookups of %s; the token that sends events is the dataset's, and what senders present is in secrets",
				formatsThat(func(f *format.Format) bool { return f.Lookup }))
		}
	}
	c.key(path+".key", s.Key, f)
	c.origins(path+".origins", s.Origins)
	switch {
	case s.Signature == "":
	case s.Signature != AnySignature:
		c.wrong(path+".signature", "is not any (or left out: the last version of its sender's scheme)")
	case known && f.Signature == nil:
		c.wrong(path+".signature", "is for formats whose requests are signed; %s has a secret that its sender presents", f.Name)
	}
	if s.PublicURL != "" {
		c.webURL(path+".public_url", s.PublicURL)
	}
	c.defaults(path+".defaults", s.Defaults)
	c.oneOf(path+".consent.unknown", s.Consent.Unknown, "allow", "deny")
	for _, from := range slices.Sorted(maps.Keys(s.Events)) {
		if to := s.Events[from]; strings.TrimSpace(from) == "" || strings.TrimSpace(to) != to || to == "" {
			c.wrong(path+".events."+from, "must name an event of Meta's, or drop")
		}
	}
	for i, a := range s.ActionSources {
		c.oneOf(fmt.Sprintf("%s.action_sources.%d", path, i), a, actionSources...)
	}
	if s.MaxValue < 0 && s.MaxValue != -1 {
		c.wrong(path+".max_value", "is below 0 (0: by the event's currency, -1: any)")
	}
	if known && f.TurnsOff && s.Rate.EventsPerSecond > 0 {
		c.wrong(path+".rate", "is not for %s: its sender does not repeat what is refused", f.Name)
	}
	if s.Rate.Burst > 0 && s.Rate.EventsPerSecond == 0 {
		c.wrong(path+".rate.events_per_second", "is required with burst")
	}
	c.limits(path, s)
}

// limits checks that no limit of a source is below 0.
func (c *checker) limits(path string, s Source) {
	for _, l := range []struct {
		key string
		is  float64
	}{
		{".rate.events_per_second", s.Rate.EventsPerSecond},
		{".rate.burst", float64(s.Rate.Burst)},
		{".unproven.events_per_second", s.Unproven.EventsPerSecond},
		{".unproven.burst", float64(s.Unproven.Burst)},
		{".unproven.events_per_request", float64(s.Unproven.EventsPerRequest)},
		{".unproven.bytes_per_request", float64(s.Unproven.BytesPerRequest)},
	} {
		switch {
		case l.is >= 0:
		case strings.HasSuffix(l.key, ".burst"):
			c.wrong(path+l.key, "is below 0")
		default:
			c.wrong(path+l.key, "is below 0 (0: no limit)")
		}
	}
}

// secrets checks that something proves who sends: a source without secrets is open to everybody, so its configuration must
// say that, or list the origins of the pages that post to it.
func (c *checker) secrets(path string, s Source, f *format.Format) {
	switch s.Auth {
	case "":
		if len(s.Secrets) == 0 && (!f.Browser || len(s.Origins) <= 0) {
			hint := "name the files with what its sender presents, or set auth: none"
			if f.Browser {
				hint += ", or list the pages' origins"
			}
			c.wrong(path+".secrets", "is required: %s", hint)
		}
	case "none":
		if len(s.Secrets) > 0 {
			c.wrong(path+".auth", "is none, but there are secrets: one of the two")
		}
	default:
		c.wrong(path+".auth", "is not none (or left out)")
	}
}

// secretFiles checks the secret files, whatever the format: a typo in its name must not hide other problems.
func (c *checker) secretFiles(path string, s Source) {
	seen := map[string]bool{}
	for i, file := range s.Secrets {
		at := fmt.Sprintf("%s.secrets.%d", path, i)
		if file == "" {
			c.wrong(at, "is empty: name a file")
		}
		if seen[file] {
			c.wrong(at, "stands twice")
		}
		seen[file] = true
		if c.reads(RoleIngest) {
			c.secret(at, file)
		}
	}
	if c.reads(RoleIngest) {
		c.secret(path+".verify_token_file", s.VerifyTokenFile)
	}
	if c.reads(RoleNormalizer, RoleSandbox) {
		c.secret(path+".token_file", s.TokenFile)
	}
}

func (c *checker) mapping(path string, s Source, f *format.Format) {
	switch {
	case f.Mapping && s.Mapping == "":
		c.wrong(path+".mapping", "is required: format %s has no meaning without a mapping file", f.Name)
	case !f.Mapping && s.Mapping != "":
		c.wrong(path+".mapping", "is for %s; %s has its own meaning", formatsThat(func(f *format.Format) bool { return f.Mapping }), f.Name)
	case c.reads(RoleIngest, RoleNormalizer):
		c.file(path+".mapping", s.Mapping)
	}
}

// formatsThat is the names of the formats of which something is true, for a message.
func formatsThat(is func(*format.Format) bool) string {
	var names []string
	for _, f := range all.Formats {
		if is(f) {
			names = append(names, f.Name)
		}
	}
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " and " + names[last]
	}
	return strings.Join(names, "")
}

// key checks a key as it will be compared: byte for byte with what the sender says. Shop systems say their address without
// scheme, in lower case.
func (c *checker) key(path, key string, f *format.Format) {
	if strings.TrimSpace(key) != key {
		c.wrong(path, "begins or ends with a blank")
		return
	}
	if f == nil || !f.Shop {
		return
	}
	_, address, hasScheme := strings.Cut(key, "://")
	if !hasScheme {
		address = key
	}
	if address = strings.ToLower(strings.TrimRight(address, "/")); address != key {
		c.wrong(path, "must be the shop's address without scheme, in lower case: %s", address)
	}
}

func (c *checker) origins(path string, origins []string) {
	for i, o := range origins {
		u, err := url.Parse(o)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || o != u.Scheme+"://"+u.Host {
			c.wrong(fmt.Sprintf("%s.%d", path, i), "is no origin: write scheme and host only, like https://shop.example.com")
		}
	}
}

func (c *checker) defaults(path string, d Defaults) {
	if d.Country != "" {
		if r, err := language.ParseRegion(d.Country); err != nil || len(d.Country) != 2 || !r.IsCountry() {
			c.wrong(path+".country", "is no ISO 3166-1 alpha-2 code, like US")
		}
	}
	if d.Currency != "" {
		if _, err := currency.ParseISO(d.Currency); err != nil {
			c.wrong(path+".currency", "is no ISO 4217 code, like USD")
		}
	}
	if d.Timezone != "" {
		if _, err := time.LoadLocation(d.Timezone); err != nil || d.Timezone == "Local" {
			c.wrong(path+".timezone", "is no IANA time zone, like America/New_York")
		}
	}
	if d.ActionSource != "" {
		c.oneOf(path+".action_source", d.ActionSource, actionSources...)
	}
	if d.EventSourceURL != "" {
		c.webURL(path+".event_source_url", d.EventSourceURL)
	}
}
