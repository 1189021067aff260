package chart

import (
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/omnicapi/omnicapi/pkg/config"
)

func unmarshal(text string, into any) error { return yaml.Unmarshal([]byte(text), into) }

// TestChartRefuses: values that would be lost, or break what the chart promises, are refused before anything changes, and said.
func TestChartRefuses(t *testing.T) {
	for change, says := range map[string]string{
		"config.strict_secrets=false":                      "strict_secrets is on in this chart",
		"config.strict_secrets=0":                          "strict_secrets is on in this chart",
		"config.ingest.metrics=:1":                         "config.ingest.metrics is the chart's own",
		"config.ingest.listen=:1":                          "config.ingest.listen is the chart's own",
		"config.forwarder.admin=:9082":                     "config.forwarder.admin is the chart's own",
		"config.ingest.spool.dir=/spool":                   "needs a disk of its own",
		"config.kafka.brokers=null":                        "got null, want array",
		"config.sources=1":                                 "sources",
		"config.datasets.shop.app_secret_file=secrets/app": "config names secrets/app, and files does not say",
		"config.datasets.shop.token_file=/run/shop.token":  "config names /run/shop.token, and files does not say",
		"files.secrets/other.secret=x":                     "files.secrets/other is named by nothing in config",
		"files.secrets/till\\.key.text=x":                  "files",
		"files.omnicapi\\.yaml.text=x":                     "omnicapi.yaml",
		"files.\\.\\./x.secret=x":                          "invalid propertyName '../x'",
		"ingest.kafka.brokers={a:1}":                       "brokers",
		// YAML reads text without quotes as something else, which would be another's id, country or event.
		"config.sources.website.key=1234567890123456789": "got number, want",
		"config.datasets.shop.id=1234567890123456":       "got number, want",
		"config.sources.website.defaults.country=false":  "got boolean, want",
		"config.sources.website.events.true=drop":        "invalid propertyName 'true'",
		"config.sources.website.events.Order=true":       "got boolean, want",
		"config.sources.false.channel=website":           "invalid propertyName 'false'",
		"config.kafka.sasl.username=1":                   "got number, want",
		"ingest.kafka.sasl.username=true":                "got boolean, want",
		"ingest.replica=2":                               "replica",
		"ingest.resources.limits=null":                   "limits",
		"normalizer.service.port=1":                      "service",
		"secret=x":                                       "secret",
		"user=0":                                         "user",
		"image.tag=":                                     "image.tag is required",
		"podMonitor.enabled=perhaps":                     "podMonitor",
		"ingest.service.type=ExternalName":               "type",
		"files.mappings_till\\.json.text=x,config.sources.other.mapping=mappings_till.json": "as it does another",
	} {
		args := append(append([]string{"-f", exampleValues}, unreleased...), "--set", change)
		_, said, err := helmTemplate(t, args...)
		if err == nil || !strings.Contains(said, says) {
			t.Errorf("%s: %v, %q", change, err, said)
		}
	}
	for kind, values := range map[string]string{"text": `{"text": "hunter2"}`, "configMap": `{"configMap": "x"}`} {
		_, said, err := helmTemplate(t, append(append([]string{"-f", exampleValues}, unreleased...),
			"--set-json", `config.sources.till.secrets=["secrets/other","secrets/till.key"]`, "--set-json", "files.secrets/other="+values)...)
		if err == nil || !strings.Contains(said, "lies in a Secret alone") {
			t.Errorf("a secret in a %s: %v, %q", kind, err, said)
		}
	}
}

// TestChartJobChecks: the Job, which comes before all else, refuses a configuration that the processes would refuse.
func TestChartJobChecks(t *testing.T) {
	for change, says := range map[string]string{
		"config.frobnicate=1":                     "frobnicate: unknown key",
		"config.sources.website.format=kapi":      "sources.website.format: is no format",
		"config.kafka.retention_bytes=1":          "kafka.retention_bytes: is",
		"config.sources.website.dataset=nobody":   "sources.website.dataset: is not under datasets",
		"config.ingest.max_pending=1":             "ingest.max_pending: is",
		"config.operators.hosts={Not A Host}":     "operators.hosts.0: is no name of a host",
		"config.datasets.shop.token=EAAsomething": "datasets.shop.token: a secret is never written inline",
	} {
		m := renderChart(t, append(append([]string{"-f", exampleValues}, unreleased...), "--set", change)...)
		v := mount(t, m.jobs["topics"].Spec.Template.Spec, t.TempDir(), m.secretsOf(nil))
		if _, _, err := config.Load(v.dir+"/omnicapi.yaml", nil, config.RoleCommand); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", change, err)
		}
	}
}
