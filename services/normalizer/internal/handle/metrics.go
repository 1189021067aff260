package handle

import (
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/consent"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/enrich"
)

// published is the result label of an event that became a signal.
const published = "published"

// deadReasons are those of fault's reasons that make a dead letter here.
var deadReasons = []fault.Reason{
	fault.Undecodable, fault.UnsupportedVersion, fault.UnknownSource, fault.UnknownDataset, fault.MissingField,
	fault.InvalidField, fault.EventTimeFuture, fault.NoIdentity, fault.Oversize, fault.Panic,
}

// dropReasons are those that drop an event here: as configured, because its person is suppressed, or because it is a fact and no event.
var dropReasons = []fault.Reason{fault.Consent, fault.Suppressed, fault.Unmapped, fault.Fact}

// Metrics are the normalizer's. All label values are of closed lists, so that every series starts at zero.
type Metrics struct {
	events      *prometheus.CounterVec
	keys        *prometheus.CounterVec
	dropped     *prometheus.CounterVec
	consent     *prometheus.CounterVec
	deadLetters *prometheus.CounterVec
	lookups     *prometheus.CounterVec
	held        *prometheus.GaugeVec
}

// NewMetrics registers the metrics, with a series for each source and each way in which its events can end.
func NewMetrics(reg prometheus.Registerer, sources *Sources) *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
		reg.MustRegister(c)
		return c
	}
	m := &Metrics{
		events: counter("omnicapi_normalizer_events_total",
			"Raw events handled, by what became of them.", "channel", "source", "trust", "result", "reason"),
		keys: counter("omnicapi_normalizer_match_keys_total",
			"Published events that carry a match key.", "channel", "key"),
		dropped: counter("omnicapi_normalizer_values_dropped_total",
			"Values left out of events, by field and reason.", "key", "reason"),
		consent: counter("omnicapi_normalizer_consent_total",
			"Consent decisions.", "channel", "decision"),
		deadLetters: counter("omnicapi_deadletters_total",
			"Dead letters written.", "stage", "reason"),
		lookups: counter("omnicapi_normalizer_lookups_total",
			"Lookups of leads, by result: each try's class, and how those ended that were not asked for.", "source", "result"),
		held: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "omnicapi_normalizer_held_records", Help: "Records that wait for a lookup.",
		}, []string{"channel"}),
	}
	reg.MustRegister(m.held)
	m.start(sources)
	return m
}

// start makes every series that there can be, at zero.
func (m *Metrics) start(sources *Sources) {
	for _, s := range sources.byName {
		for _, t := range event.Trusts {
			m.events.WithLabelValues(s.channel, s.name, string(t), published, "")
			for _, r := range slices.Concat(dropReasons, deadReasons) {
				m.events.WithLabelValues(s.channel, s.name, string(t), string(fateOf(r)), string(r))
			}
		}
	}
	for _, c := range topic.Channels {
		for _, t := range event.Trusts {
			for _, r := range deadReasons {
				m.events.WithLabelValues(c, unknownSource, string(t), string(fault.Dead), string(r))
			}
		}
		for k := range identity.NumKeys {
			m.keys.WithLabelValues(c, k.String())
		}
		m.held.WithLabelValues(c)
		for _, d := range consent.Decisions {
			m.consent.WithLabelValues(c, string(d))
		}
	}
	for _, r := range deadReasons {
		m.deadLetters.WithLabelValues(string(fault.Normalizer), string(r))
	}
	m.startDropped()
}

// startDropped starts the pairs of field and reason that there can be: match keys with identity's reasons and the one of
// mappers, other fields with the reasons of mappers and of validation.
func (m *Metrics) startDropped() {
	for k := range identity.NumKeys {
		for d := identity.Kept + 1; d < identity.NumDrops; d++ {
			m.dropped.WithLabelValues(k.String(), d.String())
		}
		m.dropped.WithLabelValues(k.String(), string(capi.DropNotAllowed))
		m.dropped.WithLabelValues(k.String(), mapping.Unproven)
	}
	for _, f := range mapping.Fields {
		for _, r := range mapping.Reasons {
			m.dropped.WithLabelValues(f, r)
		}
	}
	for _, f := range mapping.PageFields {
		m.dropped.WithLabelValues(f, mapping.Private)
	}
	for _, f := range mapping.TrustFields {
		m.dropped.WithLabelValues(f, mapping.Unproven)
	}
	m.dropped.WithLabelValues(mapping.FieldActionSource, mapping.OtherChannel)
	m.dropped.WithLabelValues(mapping.FieldValue, mapping.TooHigh)
	for _, f := range capi.Fields {
		for _, r := range capi.Drops {
			m.dropped.WithLabelValues(f, string(r))
		}
	}
}

// add counts a chunk whose results are on Kafka.
func (m *Metrics) add(channel string, c *counts) {
	for e, n := range c.events {
		result := published
		if e.reason != fault.None {
			result = string(fateOf(e.reason))
		}
		m.events.WithLabelValues(channel, e.source, string(e.trust), result, string(e.reason)).Add(float64(n))
		if result == string(fault.Dead) {
			m.deadLetters.WithLabelValues(string(fault.Normalizer), string(e.reason)).Add(float64(n))
		}
	}
	for k, n := range c.keys {
		if n > 0 {
			m.keys.WithLabelValues(channel, identity.Key(k).String()).Add(float64(n))
		}
	}
	for d, n := range c.dropped {
		m.dropped.WithLabelValues(d.Field, d.Reason).Add(float64(n))
	}
	for d, n := range c.decisions {
		m.consent.WithLabelValues(channel, string(d)).Add(float64(n))
	}
}

// fateOf is the fate of an event that ends for a reason.
func fateOf(r fault.Reason) fault.Fate {
	if r.IsDrop() {
		return fault.Dropped
	}
	return fault.Dead
}

// Lookups returns what counts the lookups of a source by result. It starts all its series at zero.
func (m *Metrics) Lookups(source string) func(result string) {
	for _, r := range enrich.LeadResults {
		m.lookups.WithLabelValues(source, r)
	}
	return func(result string) { m.lookups.WithLabelValues(source, result).Inc() }
}

// deferred counts records that begin (1) or end (-1) to wait for a lookup.
func (m *Metrics) deferred(channel string, n float64) { m.held.WithLabelValues(channel).Add(n) }
