package capi

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/identity"
)

// anyText is text of senders: mostly plain, at times escapes, line ends, other scripts, broken UTF-8.
var anyText = rapid.OneOf(
	rapid.StringMatching(`[a-zA-Z0-9 ._-]{1,20}`),
	rapid.StringOfN(rapid.RuneFrom([]rune("a\"\\/<&\u2028\u0000\n\tß€😀\ufffd")), 1, 12, -1),
	rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 1, 12).Draw(t, "bytes")) }),
)

// anyJSON is a raw value that jsonscan.Check takes, white space and numbers of any spelling included.
var anyJSON = rapid.OneOf(
	rapid.SampledFrom([]string{
		`null`, `true`, `false`, `""`, `[]`, `{ }`, `0`, `-0.0`, `12345678901234567890.10`, `1E+2`, ` [ 1 , "a" ] `,
		`{"a" : {"b":[null, 1.50]}}`, `"\ud83d\ude00\u0000"`,
	}),
	rapid.Custom(func(t *rapid.T) string { return string(jsonText(anyText.Draw(t, "text"))) }),
)

var anyDecimal = rapid.OneOf(
	rapid.StringMatching(`[0-9]{1,12}(\.[0-9]{1,6})?`),
	rapid.SampledFrom([]string{"", "0", "0.00", "007", " 5 ", "+5", "1.5e2", "-3", "free", "NaN", "1,5", "123456789012345678.99"}),
)

func jsonText(text string) []byte {
	out, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return out
}

// anyKey is UTF-8, as every key is that jsonscan.Check has taken.
var anyKey = rapid.OneOf(
	rapid.SampledFrom([]string{"a", "b", "value", "id", "extinfo", "user_data", "status"}),
	rapid.Map(anyText, func(s string) string { return string([]rune(s)) }),
)

func anyMembers(t *rapid.T, name string) []Member {
	var all []Member
	for range rapid.IntRange(0, 4).Draw(t, name) {
		all = append(all, member(anyKey.Draw(t, "key"), anyJSON.Draw(t, "value")))
	}
	return all
}

func draw(t *rapid.T, from *rapid.Generator[string], name string) []byte {
	if text := from.Draw(t, name); text != "" {
		return []byte(text)
	}
	return nil
}

// anyEvent fills e with what mappers may fill it with.
func anyEvent(t *rapid.T, e *Event) {
	maybe := func(from *rapid.Generator[string]) *rapid.Generator[string] { return rapid.OneOf(rapid.Just(""), from) }
	e.Reset()
	e.Name = draw(t, rapid.OneOf(rapid.SampledFrom(messagingNames), anyText), "name")
	e.ID = draw(t, maybe(anyText), "id")
	e.Time, e.TimeSet = testNow.Unix()-rapid.Int64Range(-70, 6*86400).Draw(t, "age"), true
	e.ActionSource = rapid.SampledFrom(actionSources).Draw(t, "source")
	e.SourceURL = draw(t, maybe(rapid.Map(anyText, func(s string) string { return "https://" + s })), "url")
	e.ReferrerURL = draw(t, maybe(anyText), "referrer")
	e.OptOut = draw(t, rapid.SampledFrom([]string{"", "true", " false", `"yes"`, "null"}), "opt out")
	e.Options = draw(t, rapid.SampledFrom([]string{"", "[]", `["LDU"]`, ` [ "LDU" , 1]`, "1"}), "options")
	e.OptCountry = draw(t, rapid.SampledFrom([]string{"", "0", "1", "2", `"1"`}), "country")
	e.OptState = draw(t, rapid.SampledFrom([]string{"", "0", "1000", "1014"}), "state")
	e.Messaging = draw(t, rapid.SampledFrom([]string{"whatsapp", "Messenger", "instagram", "", "sms"}), "channel")
	e.Custom.Value, e.Custom.Currency = draw(t, anyDecimal, "value"), draw(t, rapid.SampledFrom([]string{"usd", "EUR", "", "xxx"}), "currency")
	e.Custom.Members = anyMembers(t, "custom")
	for range rapid.IntRange(0, 3).Draw(t, "contents") {
		e.Custom.Contents = append(e.Custom.Contents, Content{
			draw(t, maybe(anyText), "id"), draw(t, anyDecimal, "quantity"), draw(t, anyDecimal, "price"), anyMembers(t, "content"),
		})
	}
	flag := rapid.SampledFrom([]string{"0", "1", "", "yes"})
	e.App.AdvertiserTracking, e.App.ApplicationTracking = draw(t, flag, "tracking"), draw(t, flag, "tracking")
	if rapid.Bool().Draw(t, "extinfo") {
		e.App.ExtInfo = texts("a2|p|1|1|16|||||||||||")
		e.App.ExtInfo[5] = draw(t, anyText, "model")
	}
	e.App.Members = anyMembers(t, "app")
	e.Extra = anyMembers(t, "extra")
	for range rapid.IntRange(1, 8).Draw(t, "values") {
		k := identity.Key(rapid.IntRange(0, int(identity.NumKeys)-1).Draw(t, "key"))
		text := rapid.OneOf(
			rapid.SampledFrom([]string{
				"jane@example.com", "+4930123456", "Jane", "f", "1990-02-01", "0123456789012345", "99007199254740993", "8.8.8.8",
				"fb.1.1795426200000.1", "de", "ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789.AQQCAQMC",
			}), anyText).Draw(t, "text")
		e.User.Add(k, identity.Form(rapid.IntRange(0, 2).Draw(t, "form")), []byte(text))
	}
}

// model is what e and h say, as encoding/json decodes it with numbers kept.
func model(t *rapid.T, e *Event, h *Hashed) map[string]any {
	text := func(b []byte) string { return string([]rune(string(b))) } // broken UTF-8 becomes U+FFFD
	raw := func(b []byte) (v any) {
		d := json.NewDecoder(bytes.NewReader(b))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			t.Fatalf("%q: %v", b, err)
		}
		return v
	}
	number := func(b []byte) any { return json.Number(b) }
	put := func(m map[string]any, key string, b []byte, as func([]byte) any) {
		if len(b) > 0 {
			m[key] = as(b)
		}
	}
	asText := func(b []byte) any { return text(b) }
	asRaw := func(b []byte) any { return raw(b) }
	members := func(m map[string]any, list []Member) {
		for i := range list {
			m[text(list[i].Key)] = raw(list[i].Value)
		}
	}
	m := map[string]any{"event_name": text(e.Name), "event_time": number(strconv.AppendInt(nil, e.Time, 10))}
	put(m, "event_id", e.ID, asText)
	put(m, "action_source", e.ActionSource, asText)
	put(m, "event_source_url", e.SourceURL, asText)
	put(m, "referrer_url", e.ReferrerURL, asText)
	put(m, "messaging_channel", e.Messaging, asText)
	put(m, "opt_out", e.OptOut, asRaw)
	put(m, "data_processing_options", e.Options, asRaw)
	put(m, "data_processing_options_country", e.OptCountry, asRaw)
	put(m, "data_processing_options_state", e.OptState, asRaw)
	members(m, e.Extra)
	user, custom, app := map[string]any{}, map[string]any{}, map[string]any{}
	for k := range identity.NumKeys {
		switch all := h.all(k); {
		case len(all) == 0:
		case k.List():
			list := []any{}
			for _, v := range all {
				list = append(list, text(v))
			}
			user[k.String()] = list
		case isNumber(k) && all[0][0] != '0':
			user[k.String()] = number(all[0])
		default:
			user[k.String()] = text(all[0])
		}
	}
	put(custom, "value", e.Custom.Value, number)
	put(custom, "currency", e.Custom.Currency, asText)
	members(custom, e.Custom.Members)
	contents := []any{}
	for i := range e.Custom.Contents {
		c := &e.Custom.Contents[i]
		one := map[string]any{"id": text(c.ID)}
		put(one, "quantity", c.Quantity, number)
		put(one, "item_price", c.ItemPrice, number)
		members(one, c.Members)
		contents = append(contents, one)
	}
	if len(contents) > 0 {
		custom["contents"] = contents
	}
	put(app, "advertiser_tracking_enabled", e.App.AdvertiserTracking, number)
	put(app, "application_tracking_enabled", e.App.ApplicationTracking, number)
	extinfo := []any{}
	for _, one := range e.App.ExtInfo {
		extinfo = append(extinfo, text(one))
	}
	if len(extinfo) > 0 {
		app["extinfo"] = extinfo
	}
	members(app, e.App.Members)
	m["user_data"] = user
	if len(custom) > 0 {
		m["custom_data"] = custom
	}
	if len(app) > 0 {
		m["app_data"] = app
	}
	return m
}

// TestWhatPassesValidateIsEncodedWhole: an event that passes Validate encodes to JSON that decodes to the same values,
// every number with its own digits, that is UTF-8 whatever came, and that the sandbox takes.
func TestWhatPassesValidateIsEncodedWhole(t *testing.T) {
	var e Event
	var h Hashed
	var dst []byte
	passed := 0
	rapid.Check(t, func(t *rapid.T) {
		anyEvent(t, &e)
		h.Fill(&e.User, &identity.Context{DefaultCountry: "de"}, nil)
		if Validate(&e, &h, testNow, nil) != nil {
			return
		}
		passed++
		want := model(t, &e, &h)
		dst = AppendEvent(dst[:0], &e, &h)
		if !utf8.Valid(dst) {
			t.Fatalf("no UTF-8: %q", dst)
		}
		var got map[string]any
		d := json.NewDecoder(bytes.NewReader(dst))
		d.UseNumber()
		if err := d.Decode(&got); err != nil || d.More() {
			t.Fatalf("no single object: %v: %s", err, dst)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s\n%s", dst, diff)
		}
		if refused := CheckWire(dst, testNow); refused != nil {
			t.Fatalf("Meta refuses it: %v at %s: %s", refused, refused.Path, dst)
		}
		if slices.Contains([]string{"[]", "{}", `""`, "null"}, string(jsonOf(dst, "user_data"))) {
			t.Fatalf("nobody in it: %s", dst)
		}
	})
	if passed == 0 {
		t.Error("no event passed")
	}
}

func jsonOf(object []byte, key string) []byte {
	var m map[string]json.RawMessage
	if json.Unmarshal(object, &m) != nil {
		return nil
	}
	return m[key]
}
