package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/recorded"
)

// moment is when the recorded requests were made.
const moment = "2026-11-23T09:30:00Z"

// TestDryRunShowsWhatWouldBecome: for every recorded request that ingest stores, a dry run shows the same events and
// endings as the services' own golden files.
func TestDryRunShowsWhatWouldBecome(t *testing.T) {
	file, err := recorded.WriteConfig(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, c := range recordedCases(t) {
		source := sourceOfCase(t, c)
		if source == "" {
			continue
		}
		compared++
		t.Run(c.Format+"/"+c.Name, func(t *testing.T) {
			got := dryRun(t, "-c", file, "--source", source, caseFile(t, c))
			var ends, want []recorded.Signal
			if err := json.Unmarshal(read(t, c, "signals.json"), &want); err != nil {
				t.Fatal(err)
			}
			for _, e := range got.Events {
				s := recorded.Signal{Event: e.Event}
				if e.Event != nil {
					s.Dropped = e.Dropped
				}
				if s.End = string(e.Reason); e.Detail != "" {
					s.End += ": " + e.Detail
				}
				ends = append(ends, s)
			}
			if diff := cmp.Diff(plainSignals(t, want), plainSignals(t, ends)); diff != "" {
				t.Errorf("events (-recorded +shown):\n%s", diff)
			}
			if status, _, _ := strings.Cut(string(read(t, c, "answer")), "\n"); status != jsonText(t, got.Status) {
				t.Errorf("answered %d, recorded is %s", got.Status, status)
			}
		})
	}
	if compared < len(all.Formats) {
		t.Errorf("only %d requests were compared", compared)
	}
}

// TestDryRunOfEveryFormat: a request of any format is understood without a configuration.
func TestDryRunOfEveryFormat(t *testing.T) {
	file, err := recorded.WriteConfig(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	mappings := filepath.Join(filepath.Dir(file), "mappings")
	mapping := map[string]string{"csv": "store-mapping.json", "xlsx": "store-mapping.json", "json": "orders.json"}
	for _, f := range all.Formats {
		t.Run(f.Name, func(t *testing.T) {
			args := []string{"--format", f.Name}
			if m := mapping[f.Name]; m != "" {
				args = append(args, "--mapping", filepath.Join(mappings, m))
			}
			events := 0
			for _, c := range recordedCases(t) {
				if c.Format == f.Name {
					events += len(dryRun(t, append(args, caseFile(t, c))...).Events)
				}
			}
			if events == 0 {
				t.Error("of no request an event was shown")
			}
		})
	}
}

func TestDryRunOfABody(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "order.json", `{"id":1017,"processed_at":"2026-11-23T04:00:00-05:00","currency":"USD","total_price":"65.90","email":"jane.doe@example.com","phone":"555","client_details":{"user_agent":"Safari"}}`)
	order := []string{"send", "--dry-run", "--format", "shopify", "--at", moment, "order.json"}
	out := command(t, append(order, "--header", "X-Shopify-Topic: orders/paid", "--header", "X-Shopify-Shop-Domain: a.myshopify.com")...).mustExit(t, 0)
	out.mustSay(t, "order.json: answered 200", "1. Purchase, event_id shopify-order-1017: published", "left out: ph malformed",
		`     "event_source_url": "https://a.myshopify.com/"`)
	if strings.Contains(out.out, "jane") {
		t.Errorf("personal data is shown:\n%s", out.out)
	}
	command(t, order...).mustExit(t, 1).mustSay(t, "dead, missing_field: x-shopify-topic")
	command(t, append(order, "--header", "X-Shopify-Topic: refunds/create")...).mustExit(t, 0).mustSay(t, "dropped, unmapped")

	write(t, "events.json", `[{"specversion":"1.0","id":"a","source":"/s","type":"Lead","data":{"email":"a@example.com"}},{"id":"b"}]`)
	command(t, "send", "--dry-run", "--format", "cloudevents", "events.json").mustExit(t, 1).
		mustSay(t, "answered 202", "Lead, event_id a: published", "event_id b: dead, missing_field: specversion")
	write(t, "broken.json", `{`)
	command(t, "send", "--dry-run", "--format", "cloudevents", "broken.json").mustExit(t, 1).mustSay(t, "answered 400", "nothing of it would be stored")
}

// TestDryRunOfARecordedRequest: a dry run reads a request as proxies record it, also with Windows' line ends, and one whose
// path names another source.
func TestDryRunOfARecordedRequest(t *testing.T) {
	t.Chdir(t.TempDir())
	const body = "\r\n\r\n" + `{"event_name":"Lead","event_id":"l-1","user_data":{"em":"a@example.com"}}`
	write(t, "lead.http", "POST /v1/sources/production HTTP/1.1\r\nHost: in.example.com\r\nContent-Type: application/x-ndjson\r\nContent-Length: 9"+body)
	command(t, "send", "--dry-run", "--format", "ndjson", "lead.http").mustExit(t, 1).mustSay(t, "answered 202", "dead, missing_field: event_time")
	write(t, "page.http", "POST /v1/website/collect HTTP/1.1\r\nOrigin: https://shop.example.com\r\nX-Forwarded-For: 198.51.100.7\r\nUser-Agent: Safari"+body)
	one := dryRun(t, "--format", "collect", "page.http")
	if len(one.Events) != 1 || !strings.Contains(string(one.Events[0].Event), `"client_ip_address":"198.51.100.7"`) {
		t.Errorf("%+v", one)
	}
	write(t, "no.http", "POST :// HTTP/1.1\r\n\r\n")
	command(t, "send", "--dry-run", "--format", "collect", "no.http").mustExit(t, 2).mustSay(t, "no URL")
}

func TestDryRunsUsage(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a.json", "{}")
	write(t, "map.json", `{"columns":{"event_name":{"pth":"$.a"}}}`)
	write(t, "secret", "s")
	write(t, "omnicapi.yaml", "datasets: {shop: {id: '1', token_file: secret}}\nsources: {lines: {channel: store, format: ndjson, dataset: shop, secrets: [secret]}}")
	for name, tt := range map[string]struct {
		args []string
		say  string
	}{
		"no format":          {[]string{"--dry-run", "a.json"}, "--format"},
		"unknown format":     {[]string{"--dry-run", "--format", "fax", "a.json"}, "meta.openbridge"},
		"no mapping":         {[]string{"--dry-run", "--format", "json", "a.json"}, "--mapping FILE"},
		"mapping for none":   {[]string{"--dry-run", "--format", "capi", "--mapping", "map.json", "a.json"}, "leave --mapping out"},
		"wrong mapping":      {[]string{"--dry-run", "--format", "json", "--mapping", "map.json", "a.json"}, "pth"},
		"no such source":     {[]string{"--dry-run", "--source", "x", "a.json"}, "one of lines"},
		"two formats":        {[]string{"--dry-run", "--source", "lines", "--format", "capi", "a.json"}, "leave --format out"},
		"two mappings":       {[]string{"--dry-run", "--source", "lines", "--mapping", "map.json", "a.json"}, "leave --mapping"},
		"no header":          {[]string{"--dry-run", "--format", "capi", "--header", "x", "a.json"}, "NAME: VALUE"},
		"bad time":           {[]string{"--dry-run", "--format", "capi", "--at", "noon", "a.json"}, "--at"},
		"format without dry": {[]string{"--source", "lines", "--format", "capi", "a.json"}, "for --dry-run"},
	} {
		t.Run(name, func(t *testing.T) {
			command(t, append([]string{"send"}, tt.args...)...).mustExit(t, 2).mustSay(t, tt.say)
		})
	}
	command(t, "send", "--dry-run", "--format", "capi", "gone.json").mustExit(t, 1).mustSay(t, "gone.json")
}

func TestTheBareConfigurationIsGone(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	write(t, filepath.Join(folder, "a.json"), "{}")
	command(t, "send", "--dry-run", "--format", "capi", filepath.Join(folder, "a.json")).mustExit(t, 1)
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// dryRun runs send --dry-run on one file and returns its JSON output.
func dryRun(t *testing.T, args ...string) explained {
	t.Helper()
	return dryRunAt(t, moment, args...)
}

func dryRunAt(t *testing.T, at string, args ...string) explained {
	t.Helper()
	out := command(t, append([]string{"send", "--dry-run", "--output", "json", "--at", at}, args...)...)
	var one explained
	if err := json.Unmarshal([]byte(out.out), &one); err != nil {
		t.Fatalf("exit %d: %v\n%s%s", out.code, err, out.out, out.errs)
	}
	if (out.code == 0) != one.good() {
		t.Errorf("exit %d", out.code)
	}
	return one
}

func recordedCases(t *testing.T) []recorded.Case {
	t.Helper()
	cases, err := recorded.Cases()
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// sourceOfCase returns the source of the events that a recorded request brought, "" if it brought none.
func sourceOfCase(t *testing.T, c recorded.Case) string {
	t.Helper()
	var recs []struct{ Value struct{ Source string } }
	if err := json.Unmarshal(read(t, c, "raw.json"), &recs); err != nil {
		t.Fatal(err)
	}
	if len(recs) == 0 {
		return ""
	}
	return recs[0].Value.Source[strings.LastIndex(recs[0].Value.Source, "/")+1:]
}

func caseFile(t *testing.T, c recorded.Case) string {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("..", "..", filepath.FromSlash(c.File("http"))))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func read(t *testing.T, c recorded.Case, kind string) []byte {
	t.Helper()
	text, err := c.Read(kind)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// plainSignals returns signals as plain JSON values, without the members that a dry run does not show.
func plainSignals(t *testing.T, list []recorded.Signal) any {
	t.Helper()
	list = slices.Clone(list)
	for i := range list {
		list[i].Params = nil
	}
	var v any
	if err := json.Unmarshal([]byte(jsonText(t, list)), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func jsonText(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDryRunReveals what was hashed, normalized, beside its hash: only when it is asked for, and not what came hashed.
func TestDryRunReveals(t *testing.T) {
	t.Chdir(t.TempDir())
	hash := digest("x@example.com")
	write(t, "e.json", `{"data":[{"event_name":"Lead","event_time":1795426200,"event_id":"1","action_source":"system_generated","user_data":{
		"em":[" Jane@Example.com ","jane@example.com","`+hash+`","nobody"],"ph":"+49 171 1234567","fn":"J\u001b[31mÄ","client_ip_address":"192.0.2.7"}}]}`)
	args := []string{"send", "--dry-run", "--format", "capi", "--at", moment, "e.json"}
	out := command(t, append(args, "--reveal")...).mustExit(t, 0)
	out.mustSay(t, "   em "+digest("jane@example.com")+` is "jane@example.com"`, "   ph "+digest("491711234567")+` is "491711234567"`, "   fn ", `ä"`)
	if strings.Count(out.out, "jane@example.com") != 1 || strings.Contains(out.out, "\x1b") || strings.Contains(out.out, hash+" is") || strings.Contains(out.errs, "jane") {
		t.Errorf("%s%s", out.out, out.errs)
	}
	one := dryRun(t, "--format", "capi", "--reveal", "e.json")
	if r := one.Events[0].Revealed; len(r) != 3 || r[0].Field != "em" || r[0].Value != "jane@example.com" || r[0].Hash != digest("jane@example.com") {
		t.Errorf("%+v", r)
	}
	for _, format := range []string{"table", "json"} {
		if out := command(t, append(args, "--output", format)...).mustExit(t, 0); strings.Contains(out.out+out.errs, "jane") || strings.Contains(out.out, "revealed") {
			t.Errorf("revealed without being asked:\n%s", out.out)
		}
	}
	command(t, "send", "--source", "x", "--reveal", "e.json").mustExit(t, 2).mustSay(t, "--reveal")
	write(t, "o.json", `{"id":727,"status":"processing","currency":"EUR","total":"59.90","date_created_gmt":"2026-11-23T08:50:00","date_paid_gmt":"2026-11-23T08:55:00",
		"billing":{"first_name":"Jane","last_name":"Doe","country":"DE","email":"jane@example.com","phone":""},"shipping":{"country":"AT","phone":"0664 1234567"}}`)
	command(t, "send", "--dry-run", "--format", "woocommerce", "--header", "X-WC-Webhook-Topic: order.updated", "--header", "X-WC-Webhook-Source: https://shop.example.com/",
		"--at", moment, "--reveal", "o.json").mustExit(t, 0).mustSay(t, digest("436641234567")+` is "436641234567"`)
}
