package capi

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"
)

// wire is a Purchase that Meta takes, with members set to raw JSON, or taken out where that is "". A dot leads into an
// object.
func wire(t testing.TB, changes ...string) []byte {
	t.Helper()
	e := map[string]any{
		"event_name": "Purchase", "event_time": testNow.Unix(), "event_id": "e-1", "action_source": "website",
		"user_data":   map[string]any{"em": []string{digestOfJane}},
		"custom_data": map[string]any{"value": 5, "currency": "usd"},
		"app_data":    map[string]any{},
	}
	for i := 0; i < len(changes); i += 2 {
		object, key := e, changes[i]
		if section, member, inner := strings.Cut(key, "."); inner {
			object, key = e[section].(map[string]any), member
		}
		delete(object, key)
		if changes[i+1] != "" {
			object[key] = json.RawMessage(changes[i+1])
		}
	}
	out, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCheckWire(t *testing.T) {
	at := func(age time.Duration) string { return strconv.FormatInt(testNow.Add(-age).Unix(), 10) }
	const day = 24 * time.Hour
	extinfo := `["a2","p","1","1","16","","","","","","","","","","",""]`
	tests := []struct {
		name    string
		changes []string
		subcode int // 0: taken
		path    string
	}{
		{"a Purchase", nil, 0, ""},
		{"unknown members", []string{"anything", `{"a":[1]}`, "user_data.zip", `"1"`, "custom_data.x", `null`}, 0, ""},
		{"no name", []string{"event_name", ""}, 2804019, "event_name"},
		{"no text as name", []string{"event_name", "1"}, 2804019, "event_name"},
		{"an empty name", []string{"event_name", `""`}, 2804019, "event_name"},
		{"a long name", []string{"event_name", `"` + strings.Repeat("a", 201) + `"`}, 2804019, "event_name"},
		{"a name in other letters", []string{"event_name", "", "Event_Name", `"Purchase"`}, 2804019, "event_name"},

		{"no time", []string{"event_time", ""}, 2804019, "event_time"},
		{"time null", []string{"event_time", "null"}, 2804019, "event_time"},
		{"time as text", []string{"event_time", `"` + at(0) + `"`}, 0, ""},
		{"a date", []string{"event_time", `"2026-11-23"`}, 2804019, "event_time"},
		{"a fraction", []string{"event_time", at(0) + ".5"}, 2804019, "event_time"},
		{"zero", []string{"event_time", "0"}, 2804019, "event_time"},
		{"milliseconds", []string{"event_time", at(0) + "000"}, 2804019, "event_time"},
		{"60 s ahead", []string{"event_time", at(-MaxSkew)}, 0, ""},
		{"61 s ahead", []string{"event_time", at(-MaxSkew - time.Second)}, 2804019, "event_time"},
		{"7 days", []string{"event_time", at(7 * day)}, 0, ""},
		{"a second older", []string{"event_time", at(7*day + time.Second)}, 2804003, "event_time"},
		{"a store has 62 days", []string{"event_time", at(62 * day), "action_source", `"physical_store"`}, 0, ""},
		{"a second older there", []string{"event_time", at(62*day + time.Second), "action_source", `"physical_store"`}, 2804003, "event_time"},
		{"time goes before everything behind it", []string{"event_time", at(8 * day), "action_source", "", "user_data", ""}, 2804003, "event_time"},

		{"no source", []string{"action_source", ""}, 2804019, "action_source"},
		{"an unknown source", []string{"action_source", `"web"`}, 2804019, "action_source"},
		{"a source in upper case", []string{"action_source", `"WEBSITE"`}, 2804019, "action_source"},
		{"no id", []string{"event_id", ""}, 0, ""},
		{"id null", []string{"event_id", "null"}, 0, ""},
		{"an empty id", []string{"event_id", `""`}, 2804019, "event_id"},
		{"a number as id", []string{"event_id", "7"}, 2804019, "event_id"},

		{"no options", []string{"data_processing_options", "[]"}, 0, ""},
		{"options null", []string{"data_processing_options", "null"}, 0, ""},
		{"options of another type", []string{"data_processing_options", `"LDU"`}, 2804019, "data_processing_options"},
		{"LDU without country", []string{"data_processing_options", `["LDU"]`}, 2804019, "data_processing_options_country"},
		{"LDU with country null", []string{"data_processing_options", `["LDU"]`, "data_processing_options_country", "null"}, 2804019, "data_processing_options_country"},
		{"LDU with country", []string{"data_processing_options", `["LDU"]`, "data_processing_options_country", "0"}, 0, ""},

		{"no value", []string{"custom_data.value", ""}, 2804009, "custom_data.value"},
		{"value null", []string{"custom_data.value", "null"}, 2804009, "custom_data.value"},
		{"no custom data", []string{"custom_data", ""}, 2804009, "custom_data.value"},
		{"no custom data elsewhere", []string{"custom_data", "", "event_name", `"Lead"`}, 0, ""},
		{"value 0", []string{"custom_data.value", "0"}, 0, ""},
		{"value as text", []string{"custom_data.value", `"142.52"`}, 0, ""},
		{"value is none", []string{"custom_data.value", `"free"`}, 2804019, "custom_data.value"},
		{"value NaN", []string{"custom_data.value", `"NaN"`}, 2804019, "custom_data.value"},
		{"value a list, elsewhere too", []string{"custom_data.value", `[1]`, "event_name", `"Lead"`}, 2804019, "custom_data.value"},
		{"no currency", []string{"custom_data.currency", ""}, 2804019, "custom_data.currency"},
		{"currency of four letters", []string{"custom_data.currency", `"EURO"`, "event_name", `"Lead"`}, 2804019, "custom_data.currency"},
		{"custom data of another type", []string{"custom_data", "[]"}, 2804019, "custom_data"},

		{"an app", []string{"action_source", `"app"`, "app_data.extinfo", extinfo}, 0, ""},
		{"an app without extinfo", []string{"action_source", `"app"`}, 2804019, "app_data.extinfo"},
		{"15 places", []string{"action_source", `"app"`, "app_data.extinfo", strings.Replace(extinfo, `,""`, "", 1)}, 2804019, "app_data.extinfo"},
		{"no phone", []string{"action_source", `"app"`, "app_data.extinfo", strings.Replace(extinfo, "a2", "w1", 1)}, 2804019, "app_data.extinfo"},
		{"no OS version", []string{"action_source", `"app"`, "app_data.extinfo", strings.Replace(extinfo, "16", "", 1)}, 2804019, "app_data.extinfo"},
		{"an object of extinfo", []string{"action_source", `"app"`, "app_data.extinfo", `{"0":"a2"}`}, 2804019, "app_data.extinfo"},

		{"a conversation", []string{"action_source", `"business_messaging"`, "messaging_channel", `"whatsapp"`}, 0, ""},
		{"no channel", []string{"action_source", `"business_messaging"`}, 2804019, "messaging_channel"},
		{"another channel", []string{"action_source", `"business_messaging"`, "messaging_channel", `"sms"`}, 2804019, "messaging_channel"},
		{"another name", []string{"action_source", `"business_messaging"`, "messaging_channel", `"whatsapp"`, "event_name", `"Lead"`}, 2804066, "event_name"},

		{"nobody", []string{"user_data", ""}, 2804050, "user_data"},
		{"nobody known", []string{"user_data", `{"em":null,"zip":"1"}`}, 2804050, "user_data"},
		{"only a user agent", []string{"user_data", `{"client_user_agent":"Mozilla/5.0"}`}, 2804050, "user_data"},
		{"an address rescues it", []string{"user_data", `{"client_user_agent":"Mozilla/5.0","client_ip_address":"8.8.8.8"}`}, 0, ""},
		{"user data of another type", []string{"user_data", `"x"`}, 2804019, "user_data"},
		{"clear text", []string{"user_data.em", `["jane@example.com"]`}, 2804019, "user_data.em"},
		{"clear text behind a hash", []string{"user_data.em", `["` + digestOfJane + `","x"]`}, 2804019, "user_data.em"},
		{"one hash without a list", []string{"user_data.em", `"` + digestOfJane + `"`}, 0, ""},
		{"a hash with its suffix", []string{"user_data.ph", `["` + digestOfJane + `.AQQCAQMC"]`}, 0, ""},
		{"MD5", []string{"user_data.ph", `["` + digestOfJane[:32] + `"]`}, 0, ""},
		{"63 digits", []string{"user_data.ph", `["` + digestOfJane[1:] + `"]`}, 2804019, "user_data.ph"},
		{"external ids may be clear", []string{"user_data.external_id", `["007", 8]`}, 0, ""},
		{"an empty list", []string{"user_data.em", `[]`}, 2804019, "user_data.em"},
		{"an empty text", []string{"user_data.em", `""`}, 2804019, "user_data.em"},
		{"null in a list", []string{"user_data.em", `[null]`}, 2804019, "user_data.em"},
		{"an object", []string{"user_data.em", `{}`}, 2804019, "user_data.em"},
		{"a lead id", []string{"user_data.lead_id", "12345678901234567"}, 0, ""},
		{"a lead id as text, a zero before it", []string{"user_data.lead_id", `"012345678901234"`}, 0, ""},
		{"a lead id of 14 digits", []string{"user_data.lead_id", "12345678901234"}, 2804019, "user_data.lead_id"},
		{"a lead id of 18 digits", []string{"user_data.lead_id", "123456789012345678"}, 2804019, "user_data.lead_id"},
		{"a lead id in floating point", []string{"user_data.lead_id", "1.2345678901234e16"}, 2804019, "user_data.lead_id"},
		{"of several faults the first key's", []string{"user_data.zp", `"x"`, "user_data.em", `"x"`, "user_data.st", `"x"`}, 2804019, "user_data.em"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			expect(t, wire(t, tt.changes...), tt.subcode, tt.path)
		})
	}
}

func expect(t *testing.T, event []byte, subcode int, path string) {
	t.Helper()
	refused := CheckWire(event, testNow)
	if subcode == 0 {
		if refused != nil {
			t.Errorf("refused: %d %s at %q: %s", refused.Subcode, refused.Title, refused.Path, event)
		}
		return
	}
	if refused == nil || refused.Code != 100 || refused.Subcode != subcode || refused.Path != path {
		t.Errorf("got %+v, want %d at %q: %s", refused, subcode, path, event)
	}
	if refused != nil && (refused.Title == "" || refused.Error() != refused.Title) {
		t.Errorf("says %q and %q", refused.Title, refused.Error())
	}
}

// TestCheckWireOfNoEvent: what is no object of checked JSON is refused as a whole.
func TestCheckWireOfNoEvent(t *testing.T) {
	for _, event := range []string{
		"", "null", "1", `"x"`, "[]", "{", `{"event_name":"a"}{}`, `{"event_name":"a","event_name":"b"}`, "{\"event_name\":\"\xff\"}",
		strings.Repeat(`{"a":`, 2000),
	} {
		expect(t, []byte(event), 2804019, "")
	}
	expect(t, append(append([]byte(" \n"), wire(t)...), ' '), 0, "")
}

// FuzzCheckWire: any bytes are taken or refused by one of Meta's subcodes, with fixed words and a path of the closed
// list of fields; the answer is the same each time.
func FuzzCheckWire(f *testing.F) {
	for _, c := range encoded {
		var e Event
		var h Hashed
		c.fill(&e)
		h.Fill(&e.User, nil, nil)
		if end := Validate(&e, &h, testNow, nil); end != nil {
			f.Fatal(end)
		}
		f.Add(AppendEvent(nil, &e, &h))
	}
	f.Add(wire(f, "data_processing_options", `["LDU"]`, "user_data.em", `[1,"x"]`))
	f.Add([]byte(`{"event_name":{},"user_data":[{}],"event_time":1e999}`))
	f.Fuzz(func(t *testing.T, event []byte) {
		refused := CheckWire(event, testNow)
		if refused == nil {
			if !json.Valid(event) {
				t.Fatal("takes what is no JSON")
			}
			return
		}
		if again := CheckWire(event, testNow); again == nil || *again != *refused {
			t.Fatalf("first %+v, then %+v", refused, again)
		}
		switch refused.Subcode {
		case 2804003, 2804009, 2804019, 2804050, 2804066:
		default:
			t.Fatalf("subcode %d", refused.Subcode)
		}
		if len(refused.Path) > len("user_data.instagram_business_account_id") || strings.ContainsAny(refused.Path, "\"\\ \n\ufffd") {
			t.Fatalf("path %q is the sender's", refused.Path)
		}
	})
}
