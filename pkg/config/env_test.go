package config

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func sorted(s []string, less func(a, b string) int) []string {
	s = slices.Clone(s)
	slices.SortFunc(s, less)
	return s
}

const envConfig = `
kafka: {brokers: [localhost:9092]}
datasets: {shop-eu: {id: "1"}}
sources: {web-1: {channel: website, format: collect, dataset: shop-eu, auth: none, events: {Order Shipped: Purchase}}}
`

func TestEnvironmentOverridesAnyValue(t *testing.T) {
	cfg, warnings, err := parseConfig([]byte(envConfig), "omnicapi.yaml", []string{
		"PATH=/bin",
		"OMNICAPI_CONFIG=x.yaml",
		"OMNICAPI_KAFKA_BROKERS=a:1, b:2,",
		"OMNICAPI_DATASETS_SHOP_EU_DEADLINE=24h",
		"OMNICAPI_DATASETS_SHOP_EU_BATCH_BYTES=900KB",
		"OMNICAPI_DATASETS_SHOP_EU_IN_FLIGHT=2",
		"OMNICAPI_SOURCES_WEB_1_EVENTS_ORDER_SHIPPED=drop",
		"OMNICAPI_SOURCES_WEB_1_RATE_EVENTS_PER_SECOND=2.5",
		"OMNICAPI_SOURCES_WEB_1_CONSENT_UNKNOWN=deny",
		"OMNICAPI_PORT_8080_TCP=tcp://CANARY",
		"OMNICAPI_DATASETS_OTHER_ID=5",
	}, RoleIngest)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a:1", "b:2"}, cfg.Kafka.Brokers); diff != "" {
		t.Error(diff)
	}
	d := cfg.Datasets["shop-eu"]
	if d.ID != "1" || d.Deadline != 24*time.Hour || d.Batch.Bytes != 900_000 || d.InFlight != 2 || d.Batch.Events != 1000 {
		t.Errorf("dataset %+v", d)
	}
	s := cfg.Sources["web-1"]
	if s.Events["Order Shipped"] != "drop" || s.Rate.EventsPerSecond != 2.5 || s.Consent.Unknown != "deny" || s.Channel != "website" {
		t.Errorf("source %+v", s)
	}
	if len(warnings) != 2 || !strings.Contains(warnings[0], "OMNICAPI_DATASETS_OTHER_ID") || !strings.Contains(warnings[1], "OMNICAPI_PORT_8080_TCP") {
		t.Errorf("warnings %q", warnings)
	}
	if strings.Contains(strings.Join(warnings, ""), "CANARY") {
		t.Error("a warning quotes a value")
	}
}

func TestEnvironmentProblemsNameTheVariable(t *testing.T) {
	_, _, err := parseConfig([]byte(envConfig), "omnicapi.yaml", []string{
		"OMNICAPI_DATASETS_SHOP_EU_DEADLINE=tomorrow",
		"OMNICAPI_DATASETS_SHOP_EU_DEDUP=-4",
		"OMNICAPI_SOURCES_WEB_1_EVENTS_ORDER_SHIPPED=",
	}, RoleIngest)
	want := strings.Join([]string{
		"datasets.shop-eu.deadline: is no duration: write it with a unit, like 500ms, 8s or 168h (from OMNICAPI_DATASETS_SHOP_EU_DEADLINE)",
		"datasets.shop-eu.dedup: is -4, not between 0 and 1000000 (from OMNICAPI_DATASETS_SHOP_EU_DEDUP)",
		"sources.web-1.events.Order Shipped: must name an event of Meta's, or drop (from OMNICAPI_SOURCES_WEB_1_EVENTS_ORDER_SHIPPED)",
	}, "\n")
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestAmbiguousVariableIsAProblem(t *testing.T) {
	const text = `
kafka: {brokers: [localhost:9092]}
datasets: {shop: {id: "1"}}
sources: {web: {channel: website, format: collect, dataset: shop, auth: none, events: {Order-Done: a, Order Done: b}}}
`
	_, _, err := parseConfig([]byte(text), "", []string{"OMNICAPI_SOURCES_WEB_EVENTS_ORDER_DONE=drop"}, RoleIngest)
	if err == nil || !strings.Contains(err.Error(), "could mean this or sources.web.events.Order") {
		t.Errorf("got %v", err)
	}
}
