package handle_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestPages: no address that goes to Meta names a person, and what is no address stays.
func TestPages(t *testing.T) {
	const bad, good = `https://s.example.com/a?order=7&email=jane%40example.com`, `https://s.example.com/a?order=7`
	for value, want := range map[string]string{
		`"` + bad + `"`: `"` + good + `"`,
		`"` + strings.ReplaceAll(bad, "/", `\/`) + `"`: `"` + good + `"`,
		`"\u0068ttps"`:                        `"https"`,
		`"/a?order=7&email=jane"`:             `"/a?order=7"`,
		`"HTTPS://s.example.com/?email=jane"`: `"HTTPS://s.example.com/"`,
		`{"page":{"url":"` + bad + `","n":1},"list":[ "` + bad + `", true]}`: `{"page":{"url":"` + good + `","n":1},"list":["` + good + `",true]}`,
		`["/mug","` + good + `"]`: `["/mug","` + good + `"]`,
		`"http"`:                  `"http"`,
		`7`:                       `7`,
	} {
		item := strings.Replace(lead, "{", `{"custom_data":{"landing":`+value+`},`, 1)
		body, _ := signalOf(t, raw("capi", "capi", item), payloadNow)
		var got struct {
			Custom struct{ Landing json.RawMessage } `json:"custom_data"`
		}
		if err := json.Unmarshal(body, &got); err != nil {
			t.Fatal(err)
		}
		if !equal(decoded(t, got.Custom.Landing), decoded(t, []byte(want))) {
			t.Errorf("%s: %s, want %s", value, got.Custom.Landing, want)
		}
	}
}

// TestOwnCredentials: no member of custom_data, contents or app_data that is a credential goes to Meta, at whatever depth, nor
// does one in an address among words.
func TestOwnCredentials(t *testing.T) {
	const members = `"api_key":"CaNaRy","token":"CaNaRy","a":{"b":[{"accessToken":"CaNaRy","n":1}]},"note":"see https://s.example.com/?token=CaNaRy&a=1 please"`
	item := strings.Replace(lead, "{", `{"app_data":{`+members+`},"custom_data":{"contents":[{"id":"1",`+members+`}],`+members+`},`, 1)
	body, _ := signalOf(t, raw("capi", "capi", item), payloadNow)
	if strings.Contains(string(body), "CaNaRy") {
		t.Errorf("a credential is left: %s", body)
	}
	for _, want := range []string{`"a":{"b":[{"n":1}]}`, `"note":"see https://s.example.com/?a=1 please"`} {
		if !strings.Contains(string(body), want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
}
