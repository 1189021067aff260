package receive

import (
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/credential"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// TestWithoutCredentials: what is cut, and that all else stays byte for byte.
func TestWithoutCredentials(t *testing.T) {
	for value, want := range map[string]string{
		`{"a":1}`:                            `{"a":1}`,
		`{"token":"s"}`:                      `{}`,
		`{"a": [1, 2],"Access_Token":"s"}`:   `{"a":[1,2]}`,
		`{"access\u005ftoken":"s","b":"\""}`: `{"b":"\""}`,
		`{"context":{"writeKey":"s","page":{"url":"u"}},"type":"track"}`:                              `{"context":{"page":{"url":"u"}},"type":"track"}`,
		`{"data":{"object":{"id":"pi_1","client_secret":"s","amount":1.50}}}`:                         `{"data":{"object":{"id":"pi_1","amount":1.50}}}`,
		`{"list":[{"api_secret":"s"},{"b":[{"accessKey":"s"}]},[],{},null]}`:                          `{"list":[{},{"b":[{}]},[],{},null]}`,
		`[{"token":"coupon"},{"appsecret_proof":{"a":"s"}}]`:                                          `[{"token":"coupon"},{}]`,
		`{"meta_data":[{"key":"token","value":"v"}],"d":{"token":"device"}}`:                          `{"meta_data":[{"key":"token","value":"v"}],"d":{"token":"device"}}`,
		`{"custom_data":{"token":"s","a":{"token":"s","b":1},"password":"s"},"device":{"token":"d"}}`: `{"custom_data":{"a":{"b":1}},"device":{"token":"d"}}`,
		`{"note_attributes":[{"name":"api_key","value":"s"},{"name":"gift","value":"v"}]}`:            `{"note_attributes":[{"name":"api_key"},{"name":"gift","value":"v"}]}`,
		`{"page":{"url":"https://a.example/?token=s&a=1"}, "n":1}`:                                    `{"page":{"url":"https://a.example/?a=1"},"n":1}`,
		`["https:\/\/u:p@a.example\/","a"]`:                                                           `["https://u@a.example/","a"]`,
		`{"data":"{\"url\":\"https://a.example/?token=s\",\"access_token\":\"s\",\"n\": 1}"}`:         `{"data":"{\"url\":\"https://a.example/\",\"n\":1}"}`,
		`{"data":"[\"{\\\"password\\\":1}\"]"}`:                                                       `{"data":"[\"{}\"]"}`,
		`"access_token"`:                                                                              `"access_token"`,
		`["access_token"]`:                                                                            `["access_token"]`,
	} {
		var b Batch
		if got := string(withoutCredentials([]byte(value), &b.Scratch)); got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}

// FuzzWithoutCredentials: what is left of a document is one, without a credential, and nothing is left to cut.
func FuzzWithoutCredentials(f *testing.F) {
	for _, seed := range []string{
		`{"token":"s","a":[{"token":"t","access_token":1}]}`, `[{"writeKey":{}},null]`, `{"\u0074oken":1,"b":"\\"}`, ` { "a" : [ ] } `, `"token"`,
		`{"custom_data":{"token":1,"u":"see /?token=x"},"l":[{"name":"password","value":"x"}],"d":"{\"token\":1}"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		if Check(value, "") != nil {
			return
		}
		var b Batch
		left := withoutCredentials(value, &b.Scratch)
		if r := Check(left, ""); r != nil {
			t.Fatalf("%q became %q: %s", value, left, r.Detail)
		}
		var walk func(v []byte, at place)
		walk = func(v []byte, at place) {
			jsonscan.Object(v, func(key, member []byte) bool {
				name := jsonscan.Key(key, nil)
				if credential.IsMember(name, at != nested) {
					t.Errorf("%q is left of %q", key, value)
				}
				walk(member, at.within(name))
				return true
			})
			jsonscan.Array(v, func(element []byte) bool { walk(element, at.within(nil)); return true })
		}
		walk(left, top)
		if again := withoutCredentials(left, &b.Scratch); string(again) != string(left) {
			t.Errorf("%q is cut again: %q", left, again)
		}
	})
}

func BenchmarkWithoutCredentials(b *testing.B) {
	line := `{"id":1071823172,"sku":"SKU-0001-BLK","quantity":2,"price":"29.95","properties":[],"title":"Black T-Shirt"}`
	for name, body := range map[string]string{
		"none": `{"id":4512345678901,"line_items":[` + strings.Repeat(line+",", 20) + line + `]}`,
		"one":  `{"data":{"object":{"id":"pi_1","client_secret":"s"}},"lines":[` + strings.Repeat(line+",", 20) + line + `]}`,
	} {
		b.Run(name, func(b *testing.B) {
			var batch Batch
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				batch.Scratch = batch.Scratch[:0]
				withoutCredentials([]byte(body), &batch.Scratch)
			}
		})
	}
}
