package httpapi

import (
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
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

// TestOpenAPIHasTheCodes: every status that the other tables meet on a route is documented there.
func TestOpenAPIHasTheCodes(t *testing.T) {
	codesOf := map[string][]int{
		"/v{version}/{dataset}/events":  {200, 400, 404, 405, 408, 413, 415, 429, 503},
		"/capi/{dataset}/events":        {202, 400, 401, 404, 405, 408, 413, 415, 429, 503},
		"/v1/{channel}/events":          {202, 400, 401, 404, 405, 408, 413, 415, 429, 503},
		"/v1/website/openbridge/events": {200, 400, 401, 403, 404, 405, 408, 413, 415, 429, 503},
		"/tr":                           {200, 401, 403, 404, 405, 408, 413, 415, 429, 503},
		"/tr/":                          {200, 401, 403, 404, 405, 408, 413, 415, 429, 503},
		"/mp/collect":                   {204, 404, 405, 408, 413, 415, 429, 503},
		"/g/collect":                    {204, 403, 404, 405, 408, 413, 415, 429, 503},
		"/v1/store/transactions":        {202, 400, 401, 404, 405, 408, 413, 415, 429, 503},
		"/data":                         {200, 400, 403, 404, 405, 408, 413, 415, 429, 503},
		"/v1/store/square":              {200, 400, 403, 404, 405, 408, 413, 415, 429, 503},
		"/debug/mp/collect":             {200, 408, 413, 415, 503},
		"/v1/website/collect":           {202, 400, 401, 403, 404, 405, 408, 413, 415, 429, 503},
		"/v1/whatsapp/webhook":          {200, 400, 401, 404, 405, 408, 413, 415, 429, 503},
		"/v1/crm/meta/webhook":          {200, 400, 401, 404, 405, 408, 413, 415, 429, 503},
		"/v1/crm/hubspot":               {200, 400, 401, 404, 405, 408, 413, 415, 429, 503},
		"/v1/crm/salesforce":            {200, 400, 403, 404, 405, 408, 413, 415, 429, 503},
		"/v1/crm/stages":                {202, 400, 401, 404, 405, 408, 413, 415, 429, 503},
		"/v1/platform/shopify":          {200, 400, 401, 404, 405, 408, 413, 415, 429, 503},
		"/v1/platform/cloudevents":      {202, 400, 401, 404, 405, 408, 413, 415, 429, 503},
		"/v1/app/appsflyer":             {200, 400, 403, 404, 405, 408, 413, 415, 429, 503},
		"/v1/app/adjust":                {200, 400, 403, 404, 405, 408, 413, 415, 429, 503},
		"/v1/app/branch":                {200, 400, 403, 404, 405, 408, 413, 415, 429, 503},
		"/v2/events":                    {202, 400, 401, 403, 404, 405, 408, 413, 415, 429, 503},
		"/v2/bulkevents":                {202, 400, 401, 403, 404, 405, 408, 413, 415, 429, 503},
		"/v1/{type}":                    {200, 400, 401, 403, 404, 405, 408, 415, 429, 503},
		"/beacon/v1/batch":              {200, 400, 401, 403, 404, 405, 408, 415, 429, 503},
		"/api/s/s2s/{type}":             {200, 400, 401, 403, 404, 405, 408, 415, 429, 503},
		"/v1/platform/stripe":           {200, 400, 404, 405, 408, 413, 415, 429, 503},
		"/v1/platform/woocommerce":      {200, 400, 401, 404, 405, 408, 413, 415, 429, 503},
		"/v1/sources/{source}":          {200, 202, 204, 400, 401, 403, 404, 405, 408, 413, 415, 429, 503},
	}
	for path, item := range openAPI(t).Paths {
		var want []string
		for _, c := range codesOf[path] {
			want = append(want, strconv.Itoa(c))
		}
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(item["post"].Responses))); diff != "" {
			t.Errorf("%s (-want +documented):\n%s", path, diff)
		}
	}
}
