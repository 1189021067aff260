package httpapi

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

type apiDocument struct {
	Paths map[string]map[string]struct {
		Responses map[string]any `yaml:"responses"`
	} `yaml:"paths"`
}

func openAPI(tb testing.TB) apiDocument {
	tb.Helper()
	data, err := os.ReadFile("openapi.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	var doc apiDocument
	if err := yaml.Unmarshal(data, &doc); err != nil {
		tb.Fatal(err)
	}
	return doc
}

// TestOpenAPIHasTheRoutes: the document and the router list the same operations.
func TestOpenAPIHasTheRoutes(t *testing.T) {
	var routed, documented []string
	f := newFixture(t, nil)
	if err := chi.Walk(f.router.(chi.Routes), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		routed = append(routed, method+" "+plain(route))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for path, item := range openAPI(t).Paths {
		for method := range item {
			documented = append(documented, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(routed)
	slices.Sort(documented)
	if diff := cmp.Diff(documented, routed); diff != "" {
		t.Errorf("openapi.yaml (-) and router (+) differ:\n%s", diff)
	}
}

// TestOpenAPIHasTheCodesMet: whatever a documented operation answers to odd requests is documented there.
func TestOpenAPIHasTheCodesMet(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Config.MaxBody = 64 << 10 }, recordedSources(t)...)
	full := newFixture(t, func(o *Options) { o.Config.MaxPending = 1 }, recordedSources(t)...)
	probes := []struct {
		f                   *fixture
		query, body, header string
	}{
		{f, "", "", ""},
		{f, "", "{}", ""},
		{f, "", "{", ""},
		{f, "?source=nobody", "{}", ""},
		{f, "?token=another&access_token=another", "{}", ""},
		{f, "", "{}", "Content-Encoding: br"},
		{f, "", "{}", "Content-Encoding: gzip"},
		{f, "", strings.Repeat(" ", 65<<10), ""},
		{full, "", "{}", ""},
		{f, "", "{}", "Origin: https://evil.example"},
		{f, "", "{}", "Origin: https://shop.example.com"},
		{f, "", "", "WebHook-Request-Origin: a.example.com"},
		{f, "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=another", "", ""},
		{f, "?id=" + shop + "&ev=PageView&tid=G-TEST123456&en=scroll", "", ""},
	}
	names := []string{"nobody"}
	for _, s := range recordedSources(t) {
		names = append(names, s.Name)
	}
	for path, item := range openAPI(t).Paths {
		paths := []string{strings.NewReplacer("{version}", "25.0", "{dataset}", shop, "{channel}", "website", "{type}", "track").Replace(path)}
		if strings.Contains(path, "{source}") {
			paths = nil
			for _, name := range names {
				paths = append(paths, strings.ReplaceAll(path, "{source}", name))
			}
		}
		for method, op := range item {
			for _, target := range paths {
				for _, p := range probes {
					var headers []string
					if p.header != "" {
						headers = append(headers, p.header)
					}
					w := p.f.do(strings.ToUpper(method), target+p.query, p.body, headers...)
					if _, known := op.Responses[strconv.Itoa(w.Code)]; !known {
						t.Errorf("%s %s%s %.20s %s: %d is not documented: %s", method, target, p.query, p.body, p.header, w.Code, w.Body)
					}
				}
			}
		}
	}
}

// TestOpenAPIHasTheCodes: what a format's answer makes of an accepted request and of each kind of refusal is documented at
// its routes, and nothing else.
func TestOpenAPIHasTheCodes(t *testing.T) {
	doc := openAPI(t)
	hold := func(name, path string, want []string) {
		documented := slices.Sorted(maps.Keys(doc.Paths[path]["post"].Responses))
		if diff := cmp.Diff(want, documented); diff != "" {
			t.Errorf("%s: POST %s (-want +documented):\n%s", name, path, diff)
		}
	}
	var anywhere []string
	for _, f := range all.Formats {
		anywhere = append(anywhere, codesOf(f, receive.Route{Pattern: "/", Answer: f.Answer})...)
		for _, route := range f.Routes {
			if !slices.Contains(route.Methods, http.MethodPost) {
				continue
			}
			hold(f.Name, plain(route.Pattern), codesOf(f, route))
		}
	}
	slices.Sort(anywhere)
	hold("any format", plain(sourcePattern), slices.Compact(anywhere))
}

// codesOf is every status that a format's senders may meet at a route.
func codesOf(f *format.Format, route receive.Route) []string {
	codes, answer := map[string]bool{}, f.AnswerAt(&route)
	if status, greets := greeted(f, route); greets {
		codes[strconv.Itoa(status)] = true
		for _, kind := range []receive.Kind{receive.TooLarge, receive.WrongEncoding, receive.Unavailable, receive.SlowBody} {
			codes[strconv.Itoa(refused(answer, &receive.Refusal{Kind: kind}).Status)] = true
		}
		return slices.Sorted(maps.Keys(codes))
	}
	var reply receive.Reply
	answer.Accepted(&reply, &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/", nil)}, &receive.Batch{Items: []receive.Item{{}}}, "")
	codes[strconv.Itoa(reply.Status)] = true
	for kind := receive.Unreadable; kind < receive.InternalFailed; kind++ {
		if kind == receive.Forbidden && !f.Browser || kind == receive.AllHopeless && answer.KeepsHopeless() {
			continue
		}
		for _, secret := range []string{"", "wrong"} {
			answer.Refused(&reply, &receive.Refusal{Kind: kind}, &receive.Batch{Claim: receive.Claim{Secret: secret}}, "")
			codes[strconv.Itoa(reply.Status)] = true
		}
	}
	return slices.Sorted(maps.Keys(codes))
}

// greeted is how a route answers that takes no events, only questions.
func greeted(f *format.Format, route receive.Route) (status int, greets bool) {
	greeter, ok := f.Receiver.(receive.Greeter)
	if !ok {
		return 0, false
	}
	var reply receive.Reply
	in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, route.Pattern, nil), Body: []byte("{}")}
	greets = greeter.Greet(in, source.Candidates(nil), &reply)
	return reply.Status, greets
}
