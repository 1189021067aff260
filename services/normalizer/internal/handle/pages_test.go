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
