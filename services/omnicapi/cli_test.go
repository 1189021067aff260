package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/certtest"
	"github.com/omnicapi/omnicapi/pkg/format/all"
)

func TestWrongUsageSaysWhatToType(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, tt := range map[string]struct {
		args []string
		say  string
	}{
		"unknown command":   {[]string{"demmo"}, `did you mean "demo"`},
		"unknown flag":      {[]string{"trace", "x", "--outputs", "json"}, `did you mean "--output"`},
		"no event id":       {[]string{"trace"}, "event-id"},
		"no subcommand":     {[]string{"topics"}, "apply"},
		"bad enum":          {[]string{"topics", "list", "--output", "xml"}, "table"},
		"no source":         {[]string{"send", "a.csv"}, "--source"},
		"nobody":            {[]string{"suppress", "add"}, "--email"},
		"no address":        {[]string{"suppress", "add", "--email", "CANARY"}, "malformed"},
		"phone of nowhere":  {[]string{"suppress", "add", "--phone", "4155550123"}, "--country"},
		"unknown country":   {[]string{"suppress", "add", "--phone", "4155550123", "--country", "Atlantis"}, "no country"},
		"no file":           {[]string{"suppress", "import", "gone.csv"}, "no such file"},
		"no filter":         {[]string{"deadletters", "replay"}, "--all"},
		"unknown reason":    {[]string{"deadletters", "list", "--reason", "bad"}, "missing_field"},
		"unknown channel":   {[]string{"deadletters", "list", "--channel", "tv"}, "website"},
		"bad time":          {[]string{"deadletters", "list", "--since", "yesterday"}, "24h"},
		"since after until": {[]string{"deadletters", "list", "--since", "1h", "--until", "2h"}, "not before"},
		"bad trace time":    {[]string{"trace", "x", "--since", "soon"}, "24h"},
		"bad listen":        {[]string{"sandbox", "--listen", "nowhere"}, ":8080"},
		"missing config":    {[]string{"topics", "list", "-c", "gone.yaml"}, "no such file"},
		"no config":         {[]string{"config", "check"}, "config init"},
	} {
		t.Run(name, func(t *testing.T) {
			command(t, tt.args...).mustExit(t, 2).mustSay(t, tt.say)
		})
	}
}

func TestHelpHasExamples(t *testing.T) {
	command(t).mustExit(t, 0).mustSay(t, "Usage: omnicapi", "deadletters")
	for _, args := range [][]string{
		{"demo"},
		{"up"},
		{"sandbox"},
		{"config", "init"},
		{"config", "check"},
		{"topics", "apply"},
		{"topics", "check"},
		{"topics", "list"},
		{"topics", "acls"},
		{"send"},
		{"deadletters", "list"},
		{"deadletters", "show"},
		{"deadletters", "replay"},
		{"deadletters", "export"},
		{"suppress", "add"},
		{"suppress", "remove"},
		{"suppress", "list"},
		{"suppress", "import"},
		{"operations", "list"},
		{"trace"},
		{"version"},
		{"completion"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			command(t, append(args, "--help")...).mustExit(t, 0).mustSay(t, "Example", "omnicapi "+strings.Join(args, " "))
		})
	}
}

func TestNoKafkaIsSaid(t *testing.T) {
	t.Chdir(t.TempDir())
	command(t, "topics", "list").mustExit(t, 1).mustSay(t, "omnicapi up")
	command(t, "topics", "list", "--data", "nowhere").mustExit(t, 1).mustSay(t, "nowhere", "no broker runs")
	write(t, "omnicapi.yaml", "kafka: {brokers: ['127.0.0.1:1']}")
	command(t, "topics", "list").mustExit(t, 1).mustSay(t, "127.0.0.1:1")
}

func TestConfigInitWritesWhatCheckTakes(t *testing.T) {
	t.Chdir(t.TempDir())
	command(t, "config", "init").mustExit(t, 0).mustSay(t, "secrets/website.key", "omnicapi up")
	command(t, "config", "check").mustExit(t, 0).mustSay(t, "is good", "kafka.brokers is left out", "sandbox")
	command(t, "config", "check", "--role", "all").mustExit(t, 2).mustSay(t, "kafka.brokers: is required", "graph.url: is required")
	text, err := os.ReadFile("omnicapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, "meta.yaml", string(text)+"\ngraph: {url: https://graph.facebook.com}\n")
	if o := command(t, "config", "check", "-c", "meta.yaml").mustExit(t, 0).mustSay(t, "is good", "note: kafka.brokers is left out"); strings.Contains(o.out, "graph.url") {
		t.Error(o.out)
	}
	command(t, "config", "init").mustExit(t, 2).mustSay(t, "is there already")
	key, err := os.ReadFile("secrets/website.key")
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join("other", "omnicapi.yaml")
	command(t, "config", "init", other).mustExit(t, 0)
	if info, err := os.Stat(other); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	again, err := os.ReadFile("secrets/website.key")
	if err != nil || string(again) != string(key) {
		t.Errorf("init changed a secret: %v", err)
	}
	command(t, "config", "check", "-c", other).mustExit(t, 0)
}

// TestConfigInitsCommentsAreRight: every line that `config init` writes as a comment is a right configuration without
// its #.
func TestConfigInitsCommentsAreRight(t *testing.T) {
	t.Chdir(t.TempDir())
	command(t, "config", "init").mustExit(t, 0)
	text, err := os.ReadFile("omnicapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	settings := regexp.MustCompile(`(?m)^( *)# ( *([a-z0-9_-]+:|\{))`)
	write(t, "all.yaml", settings.ReplaceAllString(string(text), "$1$2"))
	for _, file := range []string{"app.secret", "kafka.password", "ca.pem"} {
		write(t, "secrets/"+file, "x")
	}
	authority := certtest.New(t)
	authority.Server(t, time.Hour).Write(t, "secrets", "ingest")
	certtest.Put(t, "secrets/senders.pem", authority.PEM)
	write(t, "mappings/store.json", `{"EVENT_NAME": 0, "EVENT_TIME": 1}`)
	write(t, "mappings/orders.json", `{"columns": {"event_name": {"path": "$.event"}, "event_time": {"path": "$.time"}}}`)
	command(t, "config", "check", "-c", "all.yaml", "--role", "all").mustExit(t, 0)
	for _, f := range all.Formats {
		if !strings.Contains(string(text), "format: "+f.Name) {
			t.Errorf("no source of format %s", f.Name)
		}
	}
}

// TestConfigCheckReadsMappings: `config check` and `up` tell what is wrong in a mapping file, and that a mapping file is
// not for its source's format.
func TestConfigCheckReadsMappings(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "key", "s3cret\n")
	write(t, "broken.json", `{"format": {"decimal": "x"}, "columns": {"event_name": {"name": "A"}, "event_time": {"name": "B"}}}`)
	write(t, "flat.json", `{"EVENT_NAME": 0, "EVENT_TIME": 1}`)
	write(t, "omnicapi.yaml", `
datasets: {shop: {id: "1", token_file: key}}
sources:
  good: {channel: store, format: csv, dataset: shop, secrets: [key], mapping: flat.json}
  broken: {channel: store, format: csv, dataset: shop, secrets: [key], mapping: broken.json}
  other: {channel: store, format: json, dataset: shop, secrets: [key], mapping: flat.json}
`)
	for _, args := range [][]string{{"config", "check"}, {"up"}} {
		o := command(t, args...).mustExit(t, 2)
		for _, want := range []string{"sources.broken.mapping", "broken.json", "format.decimal", "sources.other.mapping", "flat.json"} {
			if !strings.Contains(o.errs, want) {
				t.Errorf("no %s in: %s", want, o.errs)
			}
		}
		if strings.Contains(o.errs, "sources.good") {
			t.Error(o.errs)
		}
	}
}
