package httpapi

import (
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// TestRouting: which source a request belongs to. want is its name, or "" for a refusal.
func TestRouting(t *testing.T) {
	otherDataset := func(s *source.Source) { s.DatasetID = "2222" }
	sources := []*source.Source{
		newSource("a-keyed", "website", "capi", secret("A"), key("1111")),
		newSource("b-keyless", "website", "capi", secret("B", "B2")),
		newSource("c-keyless", "website", "capi", secret("C")),
		newSource("d-other", "website", "capi", secret("B"), otherDataset),
		newSource("e-crm", "crm", "capi", secret("B")),
		newSource("f-open", "store", "capi", func(s *source.Source) { s.Open = true }),
		newSource("g-lines", "store", "ndjson", secret("G")),
	}
	tests := []struct {
		name, target, token, want string
		status                    int
	}{
		{"key of the path", "/v25.0/1111/events", "A", "a-keyed", 200},
		{"keyed, other's secret", "/v25.0/1111/events", "B", "", 400},
		{"secret decides", "/v25.0/" + shop + "/events", "C", "c-keyless", 200},
		{"rotated secret", "/v25.0/" + shop + "/events", "B2", "b-keyless", 200},
		{"dataset of a keyless one", "/v25.0/2222/events", "B", "d-other", 200},
		{"dataset of nobody", "/v25.0/3333/events", "B", "", 400},
		{"channel narrows", "/v1/crm/events", "B", "e-crm", 202},
		{"no key named: keyless first", "/v1/website/events", "B", "b-keyless", 202},
		{"no key can be named: its secret is enough", "/v1/website/events", "A", "a-keyed", 202},
		{"by name", "/v1/website/events?source=c-keyless", "C", "c-keyless", 202},
		{"by name, wrong secret", "/v1/website/events?source=c-keyless", "B", "", 401},
		{"by name, not of the route", "/v1/website/events?source=g-lines", "G", "", 401},
		{"by path", "/v1/sources/a-keyed", "A", "a-keyed", 202},
		{"open", "/v1/store/events", "", "f-open", 202},
		{"open, with a secret of its own", "/v1/store/events", "anything", "f-open", 202},
		{"version 1 of Graph", "/v1/1111/events", "A", "a-keyed", 200},
		{"prefix of a secret", "/v25.0/1111/events", "", "", 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t, nil, sources...)
			var headers []string
			if tt.token != "" {
				headers = append(headers, "Authorization: Bearer "+tt.token)
			}
			w := f.post(tt.target, oneBody, headers...)
			if w.Code != tt.status {
				t.Errorf("status %d, want %d: %s", w.Code, tt.status, w.Body)
			}
			got := ""
			for _, r := range f.kafka.taken() {
				_, rest, _ := strings.Cut(string(r.Value), `"source":"/channels/`)
				got, _, _ = strings.Cut(rest, `"`)
				_, got, _ = strings.Cut(got, "/")
			}
			if got != tt.want {
				t.Errorf("source %q, want %q", got, tt.want)
			}
		})
	}
}

// TestSecretPlaces: where a capi sender may put its token, and what goes before what.
func TestSecretPlaces(t *testing.T) {
	tests := []struct {
		name, query, body, header string
		ok                        bool
	}{
		{"bearer", "", oneBody, "Bearer EAAtestToken", true},
		{"bearer in another case", "", oneBody, "bearer EAAtestToken", true},
		{"query", "?access_token=EAAtestToken", oneBody, "", true},
		{"query accessKey", "?accessKey=test_access_key", oneBody, "", true},
		{"body", "", `{"access_token":"EAAtestToken","data":[` + oneEvent + `]}`, "", true},
		{"body accessKey", "", `{"accessKey":"test_access_key","data":[` + oneEvent + `]}`, "", true},
		{"body written with escapes", "", `{"access\u005ftoken":"EAAtestToken","data":[` + oneEvent + `]}`, "", true},
		{"bearer within", "?access_token=Bearer%20EAAtestToken", oneBody, "", true},
		{"header before body", "", `{"access_token":"EAAtestToken","data":[` + oneEvent + `]}`, "Bearer nope", false},
		{"header before query", "?access_token=EAAtestToken", oneBody, "Bearer nope", false},
		{"basic is none", "", oneBody, "Basic EAAtestToken", false},
		{"prefix", "", oneBody, "Bearer EAAtest", false},
		{"longer", "", oneBody, "Bearer EAAtestTokenn", false},
		{"empty", "?access_token=", oneBody, "Bearer ", false},
	}
	f := newFixture(t, nil)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var headers []string
			if tt.header != "" {
				headers = append(headers, "Authorization: "+tt.header)
			}
			w := f.post(graphPath+tt.query, tt.body, headers...)
			if (w.Code == 200) != tt.ok {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			for _, r := range f.kafka.taken() {
				for _, s := range []string{"EAAtestToken", "test_access_key"} {
					if strings.Contains(string(r.Value), s) {
						t.Errorf("the secret is stored: %s", r.Value)
					}
				}
			}
		})
	}
}
