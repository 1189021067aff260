package httpapi

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/recorded"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// recordedSecrets are the secrets of the recorded configuration.
func recordedSecrets(t *testing.T) []string {
	t.Helper()
	folder := t.TempDir()
	if _, err := recorded.WriteConfig(folder); err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(folder, "secrets", "*"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no secrets: %v", err)
	}
	var secrets []string
	for _, file := range found {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, strings.TrimSpace(string(text)))
	}
	slices.Sort(secrets)
	return slices.Compact(secrets)
}

// spellings are the ways in which a secret may stand in a text: in clear, escaped for a URL, and in base64 at any of
// three offsets, without the digits that depend on its neighbours.
func spellings(secret string) []string {
	all := []string{secret, url.QueryEscape(secret)}
	for offset := range 3 {
		code := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", offset) + secret))
		first := (offset*8 + 5) / 6
		last := (offset + len(secret)) * 8 / 6
		all = append(all, code[first:last])
	}
	return all
}

// leaks are the secrets that stand in a record.
func leaks(r stream.Record, secrets []string) []string {
	parts := []string{string(r.Key), string(r.Value)}
	for _, h := range r.Headers {
		parts = append(parts, string(h.Value))
	}
	text := strings.Join(parts, "\n")
	var found []string
	for _, s := range secrets {
		if slices.ContainsFunc(spellings(s), func(as string) bool { return strings.Contains(text, as) }) {
			found = append(found, s)
		}
	}
	return found
}

// TestNoSecretIsStored: no recorded request leaves a secret in what is stored of it, also when its credential stands in
// the query, a page's URL or a cookie beside its own place.
func TestNoSecretIsStored(t *testing.T) {
	secrets := recordedSecrets(t)
	cases, err := recorded.Cases()
	if err != nil {
		t.Fatal(err)
	}
	places := map[string]func(r *http.Request, secret string){
		"its own place": func(*http.Request, string) {},
		"header": func(r *http.Request, secret string) {
			r.Header.Set("Cookie", "session="+secret)
			r.Header.Set("Referer", "https://shop.example.com/?token="+secret+"#access_token="+secret)
			r.Header.Set("X-Api-Key", secret)
			if r.Header.Get("Authorization") == "" {
				r.Header.Set("Authorization", "Bearer "+secret)
			}
		},
	}
	for _, name := range []string{"token", "access_token", "api_secret", "writeKey", "accessKey", "appsecret_proof"} {
		places["?"+name+"="] = func(r *http.Request, secret string) {
			if r.URL.Query().Has(name) {
				return
			}
			if r.URL.RawQuery != "" {
				r.URL.RawQuery += "&"
			}
			r.URL.RawQuery += name + "=" + url.QueryEscape(secret)
		}
	}
	f := newFixture(t, nil, recordedSources(t)...)
	for place, put := range places {
		stored := 0
		for _, c := range cases {
			secret, err := recorded.Secret(c.Format)
			if err != nil {
				if secret, err = recorded.Secret("bearer"); err != nil {
					t.Fatal(err)
				}
			}
			r := httpRequest(t, c)
			put(r, secret)
			f.ServeHTTP(newRecorder(), r)
			for _, record := range f.kafka.taken() {
				stored++
				for _, found := range leaks(record, secrets) {
					t.Errorf("%s/%s, %s: %q is stored: %s", c.Format, c.Name, place, found, record.Value)
				}
			}
		}
		if stored < len(cases)/4 {
			t.Errorf("%s: only %d records of %d requests", place, stored, len(cases))
		}
	}
}

// TestLeakIsSeen: what the test above looks for is seen when it is there.
func TestLeakIsSeen(t *testing.T) {
	const secret = "test_app_secret"
	for _, text := range []string{secret, "a" + secret, base64.StdEncoding.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte("a:" + secret + ":")), base64.RawURLEncoding.EncodeToString([]byte("u:p" + secret))} {
		if len(leaks(stream.Record{Value: []byte(text)}, []string{secret})) != 1 {
			t.Errorf("%s is not seen", text)
		}
	}
	if len(leaks(stream.Record{Value: []byte("test_app")}, []string{secret})) > 0 {
		t.Error("a part is taken for the secret")
	}
}
