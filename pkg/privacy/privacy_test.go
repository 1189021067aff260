package privacy_test

import (
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/privacy"
)

// TestConsent: one table for all the ways in which consent is written.
func TestConsent(t *testing.T) {
	for statement, values := range map[privacy.Statement][]string{
		privacy.Nothing: {
			``, `null`, `""`, `" "`, `{}`, `{"marketing":null}`, `{"analytics":false}`, `{"C0001":0,"C0002":"denied"}`, `{"version":3}`,
			`{"foo":true}`, `{"preferences":{"analytics":false}}`, `{"category":"analytics","status":"denied"}`, `[{"category":"analytics","status":"denied"}]`,
			`{"deniedConsentIds":["analytics",7],"allowedConsentIds":["x"]}`, `{"revoked":false}`, `"C0001:1"`,
		},
		privacy.Granted: {
			`true`, `1`, `1.0`, `"1"`, `"granted"`, `"GRANTED"`, `" Yes "`, `"opted-in"`, `"optIn"`, `"all"`, `["granted"]`, `["analytics","marketing"]`,
			`{"marketing":true}`, `{"Marketing":"Accepted"}`, `{"status":"granted"}`, `{"granted":1}`, `",C0001,C0004,"`, `"C0001:0,C0004:1"`,
			`{"ad_user_data":"granted","ad_storage":"denied","ad_personalization":"denied"}`, `{"adUserData":{"status":"granted"}}`,
			`"{\"marketing\":true}"`, `{"consent":{"categories":{"ads":"yes"}}}`, `{"onetrust":{"C0004":true}}`, `{"marketing":true,"foo":"denied"}`,
			`{"allow_marketing":true}`, `{"ad_user_data_enabled":"true"}`, `{"marketing":true,"state":"CA"}`,
			`{"deniedConsentIds":[],"allowedConsentIds":["C0004"]}`, `{"default":{"ad_user_data":"granted"}}`,
		},
		privacy.Denied: {
			`false`, `0`, `0.0`, `"0"`, `"false"`, `"denied"`, `"Opted Out"`, `"none"`, `[]`, `["denied"]`, `["necessary"]`, `"analytics"`, `",C0001,"`,
			`"C0004:0"`, `{"marketing":false}`, `{"granted":false}`, `{"status":"denied"}`, `{"ad_user_data":{"status":"denied"}}`,
			`{"ad_user_data":"granted","marketing":"no"}`, `{"ad_storage":"denied"}`, `{"marketing":true,"ad_storage":"denied"}`, `{"denied":true}`, `{"marketing_opt_out":true}`,
			`{"denied":["marketing"],"granted":["analytics"]}`, `{"granted":["analytics"]}`, `"\"denied\""`, `"{\"ad_user_data\":0}"`,
			`{"foo":{"ads":false}}`, `{"consent_marketing":"0"}`, `[{"purpose":"ads","granted":false}]`, `{"functional":true,"targeting":0}`,
			`{"a":{"b":{"c":{"marketing":false}}}}`, `["{\"ads\":0}"]`, `{"status":"granted","ads":false}`,
		},
		privacy.Unreadable: {
			`2`, `-1`, `1.5`, `10`, `"perhaps"`, `"undefined"`, `"null"`, `"N/A"`, `"?"`, `[1]`, `["x"]`, `[null,"x"]`, `{"ad_user_data":{"nested":true}}`, `{"marketing":{}}`,
			`{"marketing":"maybe"}`, `{"foo":"denied"}`, `{"foo":"bar"}`, `{"foo":{"status":"denied"}}`, `"{"`, `"[x]"`, `"C0004:maybe"`, `{"status":"CA"}`,
			`"` + strings.Repeat("a", 99) + `"`, strings.Repeat(`[`, 12) + strings.Repeat(`]`, 12),
		},
	} {
		for _, value := range values {
			if got := privacy.ReadConsent([]byte(value)); got != statement {
				t.Errorf("%s: %s, want %s", value, got, statement)
			}
		}
	}
}

// TestPurposes: of a sender's own purposes only those of advertising count.
func TestPurposes(t *testing.T) {
	for value, want := range map[string]privacy.Statement{
		`{"advertising":{"consented":true}}`:                       privacy.Granted,
		`{"advertising":{"consented":"false"}}`:                    privacy.Denied,
		`{"Marketing":0,"ads":1}`:                                  privacy.Denied,
		`{"our newsletter of the month":false,"functional":false}`: privacy.Nothing,
		`{"ads":{"x":1}}`:                                          privacy.Unreadable,
		`7`:                                                        privacy.Nothing,
	} {
		if got := privacy.ReadPurposes([]byte(value)); got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}

// TestOptions: Limited Data Use in every way in which it is written.
func TestOptions(t *testing.T) {
	for value, want := range map[string]string{
		``: "", `null`: "", `""`: "", `" "`: "",
		`[]`: "[]", `"[]"`: "[]", ` [ ] `: "[]", `[[],0,0]`: "[] 0 0",
		`["LDU"]`: `["LDU"]`, `"LDU"`: `["LDU"]`, `"ldu"`: `["LDU"]`, `[ "Ldu" ]`: `["LDU"]`, `"[\"LDU\"]"`: `["LDU"]`, `"\"LDU\""`: `["LDU"]`, `"LDU,1,1000"`: `["LDU"]`,
		`{"0":"LDU"}`: `["LDU"]`, `["[\"LDU\"]"]`: `["LDU"]`, `[["LDU"],1,1000]`: `["LDU"] 1 1000`, `["LDU",1,1000]`: `["LDU"] 1 1000`,
		`[["LDU"],"1","1000"]`: `["LDU"] "1" "1000"`,
		`["LDU","X"]`:          `["LDU"] unclear`, `["X"]`: `["LDU"] unclear`, `[""]`: `["LDU"] unclear`, `[null]`: `["LDU"] unclear`, `true`: `["LDU"] unclear`, `false`: `["LDU"] unclear`,
		`1`: `["LDU"] unclear`, `{}`: `["LDU"] unclear`, `{"a":1}`: `["LDU"] unclear`, `"CCPA"`: `["LDU"] unclear`, `"["`: `["LDU"] unclear`, `[7,1,1000]`: `["LDU"] 1 1000 unclear`,
	} {
		o := privacy.ReadOptions([]byte(value))
		got := string(o.JSON())
		if o.Country != nil {
			got += " " + string(o.Country) + " " + string(o.State)
		}
		if o.Unclear {
			got += " unclear"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}

// TestFields: the names of Limited Data Use and opt_out.
func TestFields(t *testing.T) {
	for field, names := range map[privacy.Field][]string{
		privacy.OptionsField: {
			"data_processing_options", "dataProcessingOptions", "data-processing-options", "data_processing_options[]", "data_processing_options[0]",
			"x-fb-data-processing-options", "fb.data_processing_options", "dpo", "Data_Processing_Options__c", "_data_processing_options",
		},
		privacy.CountryField: {"data_processing_options_country", "dataProcessingOptionsCountry", "x-fb-data-processing-options-country", "dpoco"},
		privacy.StateField:   {"data_processing_options_state", "dpost"},
		privacy.OptOutField:  {"opt_out", "optOut", "x-fb-opt-out"},
		privacy.NoField:      {"", "d", "data", "data_processing", "options", "x-fb-ud-em", "delivery_category", "order_id", strings.Repeat("d", 99)},
	} {
		for _, name := range names {
			if got := privacy.FieldOf([]byte(name)); got != field {
				t.Errorf("%s: %d, want %d", name, got, field)
			}
		}
	}
}

// TestConsentNames: the names of statements on consent, and paths to what one says of advertising.
func TestConsentNames(t *testing.T) {
	for name, want := range map[string][2]bool{ // whether it is one; whether it may be to anything
		"consent": {true, true}, "Consent__c": {true, true}, "consentStatus": {true, true}, "consent_state": {true, false},
		"ad_user_data": {true, false}, "adUserData": {true, false}, "consent_state.ad_user_data": {true, false},
		"consent[marketing]": {true, false}, "consent.analytics": {false, false}, "contact.marketing": {false, false},
		"email_consent": {false, false}, "content": {false, false}, "address": {false, false}, "": {false, false},
	} {
		if got := [2]bool{privacy.IsConsent([]byte(name)), privacy.IsAnyConsent([]byte(name))}; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// TestAllocations: what senders usually say costs none.
func TestAllocations(t *testing.T) {
	values := [][]byte{[]byte(`"granted"`), []byte(`{"ad_user_data":"DENIED","ad_personalization":"DENIED"}`), []byte(`{"status":"denied"}`), []byte(`["LDU"]`)}
	name := []byte("data_processing_options_country")
	if n := testing.AllocsPerRun(100, func() {
		for _, v := range values {
			privacy.ReadConsent(v)
			o := privacy.ReadOptions(v)
			o.JSON()
		}
		privacy.FieldOf(name)
		privacy.IsConsent(name)
		privacy.IsConsent([]byte("consent_state.ad_user_data"))
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzRead: whatever JSON it is, it is read, and JSON in a text is what it is outside.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{`{"ad_user_data":{"status":"denied"}}`, `["C0004",{"ads":0}]`, `"C0001:1,C0004:0"`, `[["LDU"],1,1000]`, `{"0":"LDU"}`, `-1e5`, `"\u0000"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		if jsonscan.Check(value, jsonscan.Limits{}) != nil {
			return
		}
		privacy.ReadPurposes(value)
		privacy.Flag(value)
		said, options := privacy.ReadConsent(value), privacy.ReadOptions(value)
		if options.Limited && !options.Said {
			t.Errorf("%s: limited, but not said", value)
		}
		kind := jsonscan.Kind(value)
		if kind != 'o' && kind != 'a' || len(value) > 1000 {
			return
		}
		text := jsonscan.AppendString(nil, value)
		if again := privacy.ReadConsent(text); again != said && again != privacy.Unreadable {
			t.Errorf("%s: %s, as a text %s", value, said, again)
		}
		if again := privacy.ReadOptions(text); again.Limited != options.Limited {
			t.Errorf("%s: limited %v, as a text %v", value, options.Limited, again.Limited)
		}
	})
}
