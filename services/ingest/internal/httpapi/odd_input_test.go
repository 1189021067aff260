package httpapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/recorded"
)

// oddBodies are bodies that no sender means to send. %s is the body that it would have sent.
var oddBodies = map[string]string{
	"empty": "", "blank": " \r\n\t", "null": "null", "true": "true", "a number": "0", "a text": `"x"`, "an empty list": "[]", "an empty object": "{}",
	"a list of nothing": "[null]", "a list of numbers": "[1,2]", "a list of lists": "[[]]", "a list of empty objects": "[{},{}]",
	"a byte-order mark": "\ufeff%s", "twice": "%s%s", "a zero byte": "\x00", "another charset": "\xff\xfe{\x00}\x00",
	"deep lists": strings.Repeat("[", 10_000), "deep objects": strings.Repeat(`{"a":`, 5_000), "many keys": "{" + strings.Repeat(`"a":1,`, 5000) + `"b":1}`,
	"a long number": `{"a":` + strings.Repeat("9", 10_000) + `}`, "no JSON": "a=%zz&=&&;&b", "many fields": strings.Repeat("a=b&", 10_000), "ampersands": strings.Repeat("&", 10_000),
	"XML": "<a/>", "an entity bomb": `<!DOCTYPE a [<!ENTITY b "` + strings.Repeat("c", 100) + `"><!ENTITY d "&b;&b;">]><a>&d;</a>`, "lines": strings.Repeat("\n", 10_000),
	"no archive": "PK\x03\x04" + strings.Repeat("x", 100),
}

// oddValues are put in place of every value of a body.
var oddValues = map[string]any{
	"null": nil, "true": true, "empty": "", "blank": " \t ", "an object": map[string]any{}, "a list": []any{}, "a list of nothing": []any{nil, map[string]any{}},
	"negative": json.Number("-1"), "beyond a float": json.Number("1e999"), "beyond an integer": json.Number("99999999999999999999"), "a fraction": json.Number("0.1"),
	"no date": "0000-00-00T99:99:99Z", "a zero byte": "a\x00b", "a long text": strings.Repeat("x", 10_000), "markup": "<script>&amp;</script>", "a template": "{{.}}$${jndi:x}",
}

func replaced(v, by any) any {
	switch x := v.(type) {
	case map[string]any:
		for k, m := range x {
			x[k] = replaced(m, by)
		}
		return x
	case []any:
		for i, m := range x {
			x[i] = replaced(m, by)
		}
		return x
	}
	return by
}

// proofs are the parameters by which a sender proves itself or names its key.
var proofs = []string{"token", "access_token", "api_secret", "measurement_id", "id", "tid", "source"}

// checkStatus fails unless a request was answered by a status that its sender expects, and stored only if that says so.
func checkStatus(t *testing.T, c recorded.Case, got effect, also ...int) {
	t.Helper()
	m := mannersOf(t, c.Format)
	if !slices.Contains(slices.Concat(m.Taken, m.Unreadable, m.Denied, also), got.status) {
		t.Errorf("%d: %s", got.status, got.body)
	}
	if got.stored > 0 && !slices.Contains(m.Taken, got.status) {
		t.Errorf("%d, and %d stored", got.status, got.stored)
	}
}

// TestOddBodies: a body that no sender means is answered as its sender expects, whatever its format.
func TestOddBodies(t *testing.T) {
	for name, odd := range oddBodies {
		t.Run(name, func(t *testing.T) {
			eachChanged(t, func(_ recorded.Case, r *recorded.Request) bool {
				r.Body = []byte(strings.ReplaceAll(odd, "%s", string(r.Body)))
				return true
			}, func(t *testing.T, c recorded.Case, _, got effect) {
				checkStatus(t, c, got, http.StatusRequestEntityTooLarge)
			})
		})
	}
}

// TestOddValues: so is a request of which one value of its JSON body, or one parameter of its query, is replaced.
func TestOddValues(t *testing.T) {
	for name, odd := range oddValues {
		text, err := json.Marshal(odd)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			eachChanged(t, func(_ recorded.Case, r *recorded.Request) bool {
				var body any
				d := json.NewDecoder(bytes.NewReader(r.Body))
				d.UseNumber()
				if d.Decode(&body) == nil {
					r.Body, err = json.Marshal(replaced(body, odd))
					return err == nil
				}
				path, query, found := strings.Cut(r.URL, "?")
				var pairs []string
				for pair := range strings.SplitSeq(query, "&") {
					if key, _, _ := strings.Cut(pair, "="); !slices.Contains(proofs, key) {
						pair = key + "=" + url.QueryEscape(strings.Trim(string(text), `"`))
					}
					pairs = append(pairs, pair)
				}
				r.URL = path + "?" + strings.Join(pairs, "&")
				return found
			}, func(t *testing.T, c recorded.Case, _, got effect) {
				checkStatus(t, c, got, http.StatusRequestEntityTooLarge)
			})
		})
	}
}
