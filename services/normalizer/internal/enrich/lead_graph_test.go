package enrich_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/enrich"
)

// values lists what answers add to an event, as "em=jane@example.com".
func values(a *enrich.Answers) []string {
	var e capi.Event
	a.Complete(&e)
	var list []string
	for _, v := range e.User.Values {
		list = append(list, v.Key.String()+"="+string(v.Text))
	}
	return list
}

// serve starts a Graph that answers with handler, and returns a client of it that is patient.
func serve(t *testing.T, handler http.HandlerFunc) (*enrich.LeadGraph, *httptest.Server) {
	t.Helper()
	return serveFor(t, time.Minute, handler)
}

// serveFor is the same with a client that waits for so long.
func serveFor(t *testing.T, timeout time.Duration, handler http.HandlerFunc) (*enrich.LeadGraph, *httptest.Server) {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	g := enrich.NewLeadGraph(config.Graph{URL: s.URL + "/", Version: "v25.0", Timeout: timeout}, config.StaticSecret("page-token"), nil)
	t.Cleanup(g.Close)
	return g, s
}

// TestLead: a lead takes one GET, with the token in the header and nowhere else, and gives the form's answers as match
// keys.
func TestLead(t *testing.T) {
	lead, err := os.ReadFile(filepath.Join("testdata", "lead.json"))
	if err != nil {
		t.Fatal(err)
	}
	var got *http.Request
	g, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		_, _ = w.Write(lead)
	})
	answers, a := g.Lead(t.Context(), "1234567890123456")
	if a.Class != capi.OK {
		t.Fatalf("%+v", a)
	}
	want := []string{"fn=Jane", "ln=Doe", "em=jane.doe@example.com", "ph=+14155550123", "zp=94105"}
	if diff := cmp.Diff(want, values(answers)); diff != "" {
		t.Error(diff)
	}
	if got.Method != http.MethodGet || got.URL.String() != "/v25.0/1234567890123456?fields=field_data" || got.Header.Get("Authorization") != "Bearer page-token" {
		t.Errorf("%s %s, Authorization %q", got.Method, got.URL, got.Header.Get("Authorization"))
	}
}

// TestAnswers: the standard questions are read, however they are answered, and none of the advertiser's own.
func TestAnswers(t *testing.T) {
	for body, want := range map[string][]string{
		`{"id":"1","field_data":[{"name":"full_name","values":["  Ana  María de la Cruz "]}]}`:                                                                                               nil,
		`{"id":"1","field_data":[{"name":"full_name","values":["Cher"]}]}`:                                                                                                                   nil,
		`{"id":"1","field_data":[{"name":"full_name","values":["  Ana   Cruz "]}]}`:                                                                                                          {"fn=Ana", "ln=Cruz"},
		`{"id":"1","field_data":[{"name":"email","values":["a@b.co","c@d.co",""]},{"name":"work_email","values":["e@f.co"]}]}`:                                                               {"em=a@b.co", "em=c@d.co", "em=e@f.co"},
		`{"id":"1","field_data":[{"name":"post_code","values":[10115]},{"name":"province","values":["Ontario"]}]}`:                                                                           {"zp=10115", "st=Ontario"},
		`{"id":"1","field_data":[{"name":"ip","values":["203.0.113.1"]},{"name":"fbc","values":["x"]},{"name":"lead_id","values":["9"]},{"name":"how_did_you_hear","values":["a friend"]}]}`: nil,
		`{"id":"1","field_data":[{"name":"date_of_birth","values":["02/28/1990"]},{"name":"gender","values":["female"]}]}`:                                                                   {"db=02/28/1990", "ge=female"},
		`{"id":"1","field_data":[{"name":"email"},{"values":["x"]},7,null,{"name":7,"values":7},{"name":"email","values":[{},true,null]}]}`:                                                  nil,
		`{"id":"1","field_data":[]}`: nil,
		`{"id":"1"}`:                 nil,
	} {
		g, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) })
		answers, a := g.Lead(t.Context(), "1")
		if a.Class != capi.OK {
			t.Errorf("%s: %+v", body, a)
			continue
		}
		if diff := cmp.Diff(want, values(answers)); diff != "" {
			t.Errorf("%s: %s", body, diff)
		}
	}
}

// TestLeadRefused: an answer that is no lead is classified like Meta's other answers: by its body, else by its status.
func TestLeadRefused(t *testing.T) {
	const oauth = `{"error":{"message":"Error validating access token of jane@example.com","type":"OAuthException","code":190,"error_subcode":463,"fbtrace_id":"A1"}}`
	for name, c := range map[string]struct {
		status int
		body   string
		class  capi.Class
	}{
		"token":              {401, oauth, capi.Setup},
		"token, as 200":      {200, oauth, capi.Setup},
		"rate":               {400, `{"error":{"code":4}}`, capi.Throttle},
		"page's rate":        {400, `{"error":{"code":80005}}`, capi.Throttle},
		"permission":         {403, `{"error":{"code":200}}`, capi.Setup},
		"temporary":          {500, `{"error":{"code":2,"is_transient":true}}`, capi.Transient},
		"a proxy's page":     {502, `<html>`, capi.Transient},
		"a page as 200":      {200, `<html>`, capi.Transient},
		"another object":     {200, `{"success":true}`, capi.Transient},
		"an array":           {200, `[]`, capi.Transient},
		"field_data no list": {200, `{"id":"1","field_data":{}}`, capi.Transient},
		"a redirect":         {302, ``, capi.Transient},
		"too long":           {200, `{"id":"1","field_data":[` + strings.Repeat(" ", 300<<10) + `]}`, capi.Transient},
	} {
		followed := false
		g, s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/elsewhere") {
				followed = true
			}
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		})
		answers, a := g.Lead(t.Context(), "1")
		if a.Class != c.class || answers != nil || followed {
			t.Errorf("%s: %+v %v, followed %v", name, a, answers, followed)
		}
		s.Close()
		if _, a := g.Lead(t.Context(), "1"); a.Class != capi.Transient {
			t.Errorf("%s: nobody there: %+v", name, a)
		}
	}
}

// TestLeadHangs: if no answer comes, Lead gives up after the timeout, or at once when the caller's context ends.
func TestLeadHangs(t *testing.T) {
	hang := make(chan struct{})
	g, _ := serveFor(t, 200*time.Millisecond, func(http.ResponseWriter, *http.Request) { <-hang })
	defer close(hang)
	if _, a := g.Lead(t.Context(), "1"); a.Class != capi.Transient {
		t.Errorf("%+v", a)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, a := g.Lead(ctx, "1"); a.Class != capi.Transient {
		t.Errorf("%+v", a)
	}
}
