package httpapi

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/recorded"
)

// ambiguities are what two readers of one document read differently; put at the end of its last object.
var ambiguities = map[string]string{
	"invalid UTF-8 in a key":     "\"z\xff\":1,",
	"invalid UTF-8 in a value":   "\"z\":\"\xc3\x28\",",
	"an overlong slash":          "\"z\":\"\xc0\xaf\",",
	"a surrogate as UTF-8":       "\"z\":\"\xed\xa0\x80\",",
	"two halves as two keys":     `"\ud83d":1,"\ud83e":2,`,
	"a key twice":                `"z":1,"z":2,`,
	"a key twice, once escaped":  `"z":1,"\u007a":2,`,
	"a key twice, a level lower": `"y":{"z":1,"z":2},`,
}

// TestDocumentsAreRefused is the one rule of ADR 19 for JSON, whatever format wraps it: what is ambiguous is refused whole,
// or by its line where each line is a document.
func TestDocumentsAreRefused(t *testing.T) {
	for name, part := range ambiguities {
		eachChanged(t, func(c recorded.Case, r *recorded.Request) bool {
			at := bytes.LastIndexByte(r.Body, '{')
			if at < 0 || !json.Valid(r.Body) && c.Format != "ndjson" {
				return false
			}
			r.Body = slices.Concat(r.Body[:at+1], []byte(part), bytes.TrimPrefix(r.Body[at+1:], []byte("}")))
			return true
		}, func(t *testing.T, c recorded.Case, before, got effect) {
			if c.Format == "ndjson" && got.stored == before.stored-1 {
				return
			}
			if got.stored > 0 || !slices.Contains(mannersOf(t, c.Format).Unreadable, got.status) {
				t.Errorf("%s: %d, %d stored: %s", name, got.status, got.stored, got.body)
			}
		})
	}
}

// eachObject puts a member at the begin of each object of a JSON body.
func eachObject(r *recorded.Request, member string) bool {
	if !json.Valid(r.Body) {
		return false
	}
	body := bytes.ReplaceAll(r.Body, []byte(`{"`), []byte("{"+member+`"`))
	changed := json.Valid(body) && len(body) > len(r.Body)
	if changed {
		r.Body = body
	}
	return changed
}

// TestHalvesAreMended: half a surrogate pair costs no event of any format, in a value or in a key, and is not stored.
func TestHalvesAreMended(t *testing.T) {
	for name, member := range map[string]string{
		"cut":             `"zz":"cut \ud83d",`,
		"in a key":        `"z\ud83d":1,`,
		"the wrong order": `"zz":"\ude00\ud83d",`,
		"another escape":  `"zz":["\uD83D\u0041"],`,
	} {
		eachChanged(t, func(_ recorded.Case, r *recorded.Request) bool { return eachObject(r, member) },
			func(t *testing.T, _ recorded.Case, before, got effect) {
				if got.status != before.status || got.stored != before.stored {
					t.Errorf("%s: %d, %d stored: %s", name, got.status, got.stored, got.body)
				}
				if jsonscan.HasHalf([]byte(got.values)) || !strings.Contains(got.values, `\ufffd`) {
					t.Errorf("%s: stored as %s", name, got.values)
				}
			})
	}
}

// TestMarksAreSkipped: a byte order mark before a body costs nothing, whatever the body is; the signature is of all of it.
func TestMarksAreSkipped(t *testing.T) {
	eachChanged(t, func(_ recorded.Case, r *recorded.Request) bool {
		if len(r.Body) == 0 || r.Header.Get("Content-Encoding") != "" || bytes.HasPrefix(r.Body, []byte("PK")) || bytes.HasPrefix(r.Body, []byte("--")) {
			return false
		}
		r.Body = append([]byte("\ufeff"), r.Body...)
		return true
	}, func(t *testing.T, _ recorded.Case, before, got effect) {
		if got.status != before.status || got.stored != before.stored {
			t.Errorf("%d, %d stored: %s", got.status, got.stored, got.body)
		}
	})
}

// TestMarksWithinABodyAreSkipped: of files that were joined, and of a document in a form or packed in another.
func TestMarksWithinABodyAreSkipped(t *testing.T) {
	f := newFixture(t, nil)
	const mark = "%EF%BB%BF"
	for _, body := range []string{
		"data=" + mark + url.QueryEscape("["+oneEvent+"]"),
		`{"data":["\ufeff` + strings.ReplaceAll(oneEvent, `"`, `\"`) + `"]}`,
		`{"data":"\ufeff[` + strings.ReplaceAll(oneEvent, `"`, `\"`) + `]"}`,
	} {
		if w := f.post(graphPath, body, goodToken); w.Code != 200 {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
}

// TestUTF16IsRefused with a word for it, of a form's sender, too.
func TestUTF16IsRefused(t *testing.T) {
	eachChanged(t, func(_ recorded.Case, r *recorded.Request) bool {
		if len(r.Body) == 0 || r.Header.Get("Content-Encoding") != "" || bytes.HasPrefix(r.Body, []byte("PK")) {
			return false
		}
		wide := []byte("\xff\xfe")
		for _, c := range r.Body {
			wide = append(wide, c, 0)
		}
		r.Body = wide
		return true
	}, func(t *testing.T, c recorded.Case, _, got effect) {
		if got.stored > 0 || !slices.Contains(mannersOf(t, c.Format).Unreadable, got.status) {
			t.Errorf("%d, %d stored: %s", got.status, got.stored, got.body)
		}
	})
}

// TestOtherDocumentsAreRefused is the same for XML and for events in headers.
func TestOtherDocumentsAreRefused(t *testing.T) {
	eachChanged(t, func(c recorded.Case, r *recorded.Request) bool {
		switch {
		case c.Format == "salesforce":
			r.Body = bytes.Replace(r.Body, []byte("</"), []byte("\xff</"), 1)
		case r.Header.Get("Ce-Type") != "":
			r.Header.Set("Ce-Subject", "%ff")
		default:
			return false
		}
		return true
	}, func(t *testing.T, c recorded.Case, _, got effect) {
		if got.stored > 0 || !slices.Contains(mannersOf(t, c.Format).Unreadable, got.status) {
			t.Errorf("%d, %d stored: %s", got.status, got.stored, got.body)
		}
	})
}

// TestPairsAreResolved is the one rule for queries and the forms of pixels and URL templates: nobody behind an image could
// mend them. What is no UTF-8 is U+FFFD, and of a name that is given twice the first value counts.
func TestPairsAreResolved(t *testing.T) {
	eachChanged(t, func(c recorded.Case, r *recorded.Request) bool {
		if c.Format == "capi" || r.Header.Get("Content-Encoding") != "" {
			return false // Meta's forms carry a document
		}
		const odd = "zz=%ffa&zz=b&zz=%C3%28"
		switch isForm := r.Method == "POST" && len(r.Body) > 0 && !bytes.ContainsAny(r.Body[:1], "{[<") && strings.Contains(r.Header.Get("Content-Type"), "urlencoded"); {
		case isForm:
			r.Body = append(append(r.Body, '&'), odd...)
		case r.Method == "GET" && c.Format != "cloudevents":
			r.URL += "&" + odd
		default:
			return false
		}
		return true
	}, func(t *testing.T, c recorded.Case, before, got effect) {
		if got.status != before.status || got.stored != before.stored {
			t.Fatalf("%d, %d stored: %s", got.status, got.stored, got.body)
		}
		want := `"zz":"�a"`
		if c.Format == "meta.pixel" {
			want = `"zz":["�a","b","�("]` // its mapper takes the first where it wants one
		}
		if !strings.Contains(got.values, want) {
			t.Errorf("no %s is stored: %s", want, got.values)
		}
	})
}

// TestFormsOfMetaAreRefused: their data is a document.
func TestFormsOfMetaAreRefused(t *testing.T) {
	f := newFixture(t, nil)
	data := "data=" + url.QueryEscape("["+oneEvent+"]")
	for _, body := range []string{data + "&" + data, data + "&upload_tag=a&upload_tag=b", data + "&upload_tag=%ff", data + "&%ff=a", "data=" + url.QueryEscape(`[{"event_name":"a","event_name":"b"}]`), "data=%5B%22%ff%22%5D"} {
		if w := f.post(graphPath, body, goodToken); w.Code != 400 || !strings.Contains(w.Body.String(), `"code":100`) {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
}
