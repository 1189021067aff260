package consent_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/privacy"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/consent"
)

func TestDecide(t *testing.T) {
	for _, c := range []struct{ value, allow, deny string }{
		{``, "unknown_allowed", "unknown_denied"},
		{`null`, "unknown_allowed", "unknown_denied"},
		{`""`, "unknown_allowed", "unknown_denied"},
		{`true`, "granted", "granted"},
		{`false`, "denied", "denied"},
		{`"granted"`, "granted", "granted"},
		{`"GRANTED"`, "granted", "granted"},
		{`"Denied"`, "denied", "denied"},
		{`"no"`, "denied", "denied"},
		{`"maybe"`, "unreadable", "unreadable"},
		{`1`, "granted", "granted"},
		{`["granted"]`, "granted", "granted"},
		{`{}`, "unknown_allowed", "unknown_denied"},
		{`{"analytics":false}`, "unknown_allowed", "unknown_denied"},
		{`{"marketing":true}`, "granted", "granted"},
		{`{"marketing":null}`, "unknown_allowed", "unknown_denied"},
		{`{"ad_user_data":"GRANTED","ad_personalization":"DENIED"}`, "granted", "granted"},
		{`{"ad_user_data":"denied","marketing":true}`, "denied", "denied"},
		{`{"ad_user_data":"granted","marketing":false}`, "denied", "denied"},
		{`{"ad_user_data":"granted","marketing":"perhaps"}`, "unreadable", "unreadable"},
		{`{"ad_user_data":{"nested":true}}`, "unreadable", "unreadable"},
	} {
		said := privacy.ReadConsent([]byte(c.value))
		if got := (consent.Policy{}).Decide(said); string(got) != c.allow {
			t.Errorf("%s with unknown: allow: %s, want %s", c.value, got, c.allow)
		}
		if got := (consent.Policy{DenyUnknown: true}).Decide(said); string(got) != c.deny {
			t.Errorf("%s with unknown: deny: %s, want %s", c.value, got, c.deny)
		}
	}
}

func TestOnlyTwoDecisionsPass(t *testing.T) {
	var pass []consent.Decision
	for _, d := range consent.Decisions {
		if d.Pass() {
			pass = append(pass, d)
		}
	}
	if diff := cmp.Diff([]consent.Decision{consent.PassGranted, consent.PassUnknown}, pass); diff != "" {
		t.Error(diff)
	}
}

func TestLimitedDataUse(t *testing.T) {
	l := consent.NewLimited(config.LimitedDataUse{Options: []string{"LDU"}, Country: 1, State: 1000})
	for _, c := range []struct {
		name                    string
		event                   capi.Event
		options, country, state string
	}{
		{"says nothing", capi.Event{}, `["LDU"]`, "1", "1000"},
		{"says a place alone", capi.Event{OptCountry: []byte("0"), OptState: []byte("0")}, `["LDU"]`, "1", "1000"},
		{"says off", capi.Event{Options: []byte(`[]`)}, `[]`, "", ""},
		{"says its own", capi.Event{Options: []byte(`["LDU"]`), OptCountry: []byte("0"), OptState: []byte("0")}, `["LDU"]`, "0", "0"},
	} {
		l.Apply(&c.event)
		got := [3]string{string(c.event.Options), string(c.event.OptCountry), string(c.event.OptState)}
		want := [3]string{c.options, c.country, c.state}
		if got != want {
			t.Errorf("%s: %q", c.name, got)
		}
	}
	var e capi.Event
	consent.NewLimited(config.LimitedDataUse{}).Apply(&e)
	if e.Options != nil {
		t.Errorf("no setting: options %s", e.Options)
	}
}
