package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/recorded"
	"github.com/omnicapi/omnicapi/pkg/stream"
	ingest "github.com/omnicapi/omnicapi/services/ingest/app"
	normalizer "github.com/omnicapi/omnicapi/services/normalizer/app"
)

// What is put into addresses, and must not be found again: credentials nowhere, persons not on the way to Meta.
const (
	spilled = "CaNaRy0SpIlLeD0CrEdEnTiAl"
	person  = "canary.person"
)

// spoiled is an address with credentials and a person in its user, path, query and fragment.
func spoiled(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	rest, fragment, _ := strings.Cut(rest, "#")
	rest, query, _ := strings.Cut(rest, "?")
	host, path, _ := strings.Cut(rest, "/")
	if query != "" {
		query += "&"
	}
	next := url.QueryEscape("https://a.example/?token=" + spilled)
	return scheme + "://" + person + ":" + spilled + "@" + host + "/" + path + "/reset-password/" + spilled + "/u/" + person + "@example.com?" + query +
		"access_token=" + spilled + "&email=" + person + "%40example.com&next=" + next + "&first_name=" + person + "#token=" + spilled + "&" + fragment
}

var (
	plainAddress   = regexp.MustCompile(`https?://[A-Za-z0-9.-]+[A-Za-z0-9._~%/?&=:#+;@!*-]*`)
	slashedAddress = regexp.MustCompile(`https?:\\/\\/[A-Za-z0-9._~%/?&=:#+;@!*\\-]*`)
	escapedAddress = regexp.MustCompile(`(?i)https?%3A%2F%2F[A-Za-z0-9._~%+*-]*`)
)

// spoil puts them into every address of a text: written plainly, with escaped slashes, percent-encoded. It says how many.
func spoil(text string) (string, int) {
	n := 0
	isXML := strings.HasPrefix(strings.TrimSpace(text), "<")
	text = escapedAddress.ReplaceAllStringFunc(text, func(a string) string {
		end := len(a)
		for _, quote := range []string{"%22", "%5C", "%20", "%2C"} {
			if i := strings.Index(a, quote); i >= 0 {
				end = min(end, i)
			}
		}
		plain, err := url.QueryUnescape(a[:end])
		if err != nil {
			return a
		}
		n++
		return url.QueryEscape(spoiled(plain)) + a[end:]
	})
	text = slashedAddress.ReplaceAllStringFunc(text, func(a string) string {
		n++
		return strings.ReplaceAll(spoiled(strings.ReplaceAll(a, `\`, "")), "/", `\/`)
	})
	text = plainAddress.ReplaceAllStringFunc(text, func(a string) string {
		if isXML && strings.Contains(a, "xmlsoap.org") || strings.Contains(a, "w3.org") || strings.Contains(a, "soap.sforce.com") {
			return a
		}
		n++
		if a = spoiled(a); isXML {
			a = strings.ReplaceAll(a, "&", "&amp;")
		}
		return a
	})
	return text, n
}

// recordedSource is the source that took a recorded request, "" if nothing was stored of it.
func recordedSource(t *testing.T, c recorded.Case) string {
	t.Helper()
	raws, _, err := c.Golden()
	if err != nil {
		t.Fatal(err)
	}
	if len(raws) == 0 {
		return ""
	}
	var raw struct{ Source string }
	if err := json.Unmarshal(raws[0].Value, &raw); err != nil {
		t.Fatal(err)
	}
	return raw.Source[strings.LastIndexByte(raw.Source, '/')+1:]
}

// plainBody is a request's body as text, "" if it is none.
func plainBody(t *testing.T, r *recorded.Request) string {
	t.Helper()
	body := r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if body, err = io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
		r.Header.Del("Content-Encoding")
	}
	if bytes.IndexByte(body, 0) >= 0 {
		return ""
	}
	return string(body)
}

// stored is what ingest would store of a request.
func stored(t *testing.T, cfg *config.Config, source string, r *recorded.Request, target, body string) *ingest.Explained {
	t.Helper()
	req := httptest.NewRequest(r.Method, target, strings.NewReader(body))
	req.Header = r.Header.Clone()
	got, err := ingest.Explain(cfg, source, req, time.Unix(recorded.Moment, 0))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func recordedConfig(t *testing.T) *config.Config {
	t.Helper()
	file, err := recorded.WriteConfig(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	cfg, _, err := config.Load(file, nil, config.RoleLocal)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// TestAddresses: whatever address a sender of whatever format says, no credential in it is stored, and neither a credential
// nor a person in it goes to Meta. The recorded requests say where the formats have addresses.
func TestAddresses(t *testing.T) {
	cfg := recordedConfig(t)
	cases, err := recorded.Cases()
	if err != nil {
		t.Fatal(err)
	}
	covered, without := map[string]bool{}, map[string]bool{}
	for _, c := range cases {
		source := recordedSource(t, c)
		if source == "" {
			continue
		}
		r, err := c.Request()
		if err != nil {
			t.Fatal(err)
		}
		body, n := spoil(plainBody(t, r))
		if body == "" && len(r.Body) > 0 {
			without[c.Format] = true // a workbook: its cells are a table's, as those of csv
			continue
		}
		target := r.URL
		if u, query, found := strings.Cut(target, "?"); found {
			var more int
			query, more = spoil(query)
			target, n = u+"?"+query, n+more
		}
		if referer := r.Header.Get("Referer"); referer != "" {
			r.Header.Set("Referer", spoiled(referer))
			n++
		}
		if n == 0 {
			without[c.Format] = true
			continue
		}
		got := stored(t, cfg, source, r, target, body)
		if len(got.Records) == 0 {
			t.Errorf("%s/%s: answered %d, nothing is stored: %s", c.Format, c.Name, got.Status, got.Answer)
			continue
		}
		covered[c.Format] = true
		leaks(t, c.Format+"/"+c.Name, cfg, got.Records, person)
	}
	for _, f := range all.Formats {
		if !covered[f.Name] && !without[f.Name] {
			t.Errorf("%s: no recorded request was tried", f.Name)
		}
	}
	if len(covered) < 15 {
		t.Errorf("only %d formats have addresses in their recorded requests", len(covered))
	}
}

// leaks reports what was spilled into raw events and events for Meta, and who is in the latter.
func leaks(t *testing.T, name string, cfg *config.Config, recs []stream.Record, who string) {
	t.Helper()
	for _, rec := range recs {
		if i := bytes.Index(rec.Value, []byte(spilled)); i >= 0 {
			t.Errorf("%s: a credential is stored: …%s…", name, around(rec.Value, i))
		}
	}
	mapped, err := normalizer.Explain(cfg, recs, time.Unix(recorded.Moment, 0), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mapped {
		for _, canary := range []string{spilled, who} {
			if i := strings.Index(string(m.Event), canary); canary != "" && i >= 0 {
				t.Errorf("%s: %s goes to Meta: …%s…", name, canary, around(m.Event, i))
			}
		}
	}
}

func around(text []byte, i int) []byte { return text[max(0, i-150):min(len(text), i+60)] }

// TestEveryMember: the same holds for every member of a document that is a text, whatever its name: a format takes addresses
// in more places than its recorded requests show.
func TestEveryMember(t *testing.T) {
	cfg := recordedConfig(t)
	cases, err := recorded.Cases()
	if err != nil {
		t.Fatal(err)
	}
	address := spoiled("https://shop.example.com/p?order=7")
	tried, taken := map[string]bool{}, 0
	for _, c := range cases {
		source := recordedSource(t, c)
		if source == "" {
			continue
		}
		r, err := c.Request()
		if err != nil {
			t.Fatal(err)
		}
		body := plainBody(t, r)
		var document any
		if json.Unmarshal([]byte(body), &document) != nil {
			continue
		}
		for _, m := range members(document, nil) {
			path := c.Format + " " + strings.Join(slices.DeleteFunc(slices.Clone(m.path), func(s string) bool { return s == "[]" }), ".")
			if tried[path] {
				continue
			}
			tried[path] = true
			before := m.get()
			m.set(address)
			text, err := json.Marshal(document)
			m.set(before)
			if err != nil {
				t.Fatal(err)
			}
			got := stored(t, cfg, source, r, r.URL, string(text))
			if len(got.Records) > 0 {
				taken++
				leaks(t, path, cfg, got.Records, "")
			}
		}
	}
	if taken < 500 {
		t.Errorf("only %d members were tried", taken)
	}
}

// member is a text within a document that can be replaced.
type member struct {
	path []string
	get  func() any
	set  func(any)
}

// members are the texts of a document.
func members(v any, path []string) (list []member) {
	at := func(step string) []string { return append(slices.Clone(path), step) }
	one := func(step string, value any, get func() any, set func(any)) {
		if _, isText := value.(string); isText {
			list = append(list, member{at(step), get, set})
			return
		}
		list = append(list, members(value, at(step))...)
	}
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			one(key, value, func() any { return v[key] }, func(x any) { v[key] = x })
		}
	case []any:
		for i, value := range v {
			one("[]", value, func() any { return v[i] }, func(x any) { v[i] = x })
		}
	}
	return list
}
