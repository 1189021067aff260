package e2e

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// alert is one of deploy/prometheus/alerts.yml.
type alert struct {
	Alert string
	Expr  string
}

// TestAlerts: each alert has its section in the runbook, asks for metrics that the code has and jobs that are scraped, and is tested
// both firing and silent (by promtool: .ci/run alerts); no section or test is of an alert that is not there.
func TestAlerts(t *testing.T) {
	var rules struct{ Groups []struct{ Rules []alert } }
	readYAML(t, "../deploy/prometheus/alerts.yml", &rules)
	var scraped struct {
		Jobs []struct {
			Name string `yaml:"job_name"`
		} `yaml:"scrape_configs"`
	}
	readYAML(t, "../deploy/prometheus/prometheus.yml", &scraped)
	jobs := []string{}
	for _, j := range scraped.Jobs {
		jobs = append(jobs, j.Name)
	}
	metrics := metricsOfCode(t)
	var names []string
	for _, g := range rules.Groups {
		for _, a := range g.Rules {
			names = append(names, a.Alert)
			for _, p := range problemsOfAlert(a, metrics, jobs) {
				t.Errorf("%s: %s", a.Alert, p)
			}
		}
	}
	if len(names) == 0 {
		t.Fatal("no alerts")
	}
	slices.Sort(names)
	runbook := fileText(t, "../docs/runbook.md")
	var sections []string
	for _, m := range regexp.MustCompile(`(?m)^## (Omnicapi\w+)$`).FindAllStringSubmatch(runbook, -1) {
		sections = append(sections, m[1])
	}
	if slices.Sort(sections); !slices.Equal(names, sections) {
		t.Errorf("the alerts %v\nand the runbook's sections %v", names, sections)
	}
	firing, silent := testedAlerts(t)
	if !slices.Equal(names, firing) || !slices.Equal(names, silent) {
		t.Errorf("the alerts %v\ntested firing %v\ntested silent %v", names, firing, silent)
	}
}

// TestAlertsAreChecked: what is wrong with an alert is seen.
func TestAlertsAreChecked(t *testing.T) {
	metrics, jobs := []string{"omnicapi_ready", "omnicapi_end_to_end_seconds"}, []string{"ingest", "forwarder"}
	for expr, wrong := range map[string]bool{
		`omnicapi_ready{job="ingest"} == 0`:                      false,
		`rate(omnicapi_end_to_end_seconds_bucket[5m]) > 1`:       false,
		`up{job=~"ingest|forwarder"} == 0`:                       false,
		`omnicapi_reddy == 0`:                                    true,
		`omnicapi_ready == 0 or omnicapi_end_to_end_minutes > 1`: true,
		`up{job=~"ingest|forwader"} == 0`:                        true,
	} {
		if got := problemsOfAlert(alert{"A", expr}, metrics, jobs); (got != nil) != wrong {
			t.Errorf("%s: %v", expr, got)
		}
	}
}

var (
	metricName = regexp.MustCompile(`omnicapi_[a-z0-9_]+`)
	jobMatch   = regexp.MustCompile(`job=~?"([^"]*)"`)
	histogram  = regexp.MustCompile(`_(bucket|sum|count)$`)
)

// problemsOfAlert is what is wrong with an alert's expression.
func problemsOfAlert(a alert, metrics, jobs []string) (problems []string) {
	for _, name := range metricName.FindAllString(a.Expr, -1) {
		if !slices.Contains(metrics, name) && !slices.Contains(metrics, histogram.ReplaceAllString(name, "")) {
			problems = append(problems, "no code has the metric "+name)
		}
	}
	for _, m := range jobMatch.FindAllStringSubmatch(a.Expr, -1) {
		for job := range strings.SplitSeq(m[1], "|") {
			if !slices.Contains(jobs, job) {
				problems = append(problems, "nobody scrapes the job "+job)
			}
		}
	}
	return problems
}

// testedAlerts are the alerts that alerts_test.yml shows firing, and silent.
func testedAlerts(t *testing.T) (firing, silent []string) {
	t.Helper()
	var file struct {
		Tests []struct {
			Checks []struct {
				Alert string `yaml:"alertname"`
				Fires []any  `yaml:"exp_alerts"`
			} `yaml:"alert_rule_test"`
		}
	}
	readYAML(t, "../deploy/prometheus/alerts_test.yml", &file)
	for _, one := range file.Tests {
		for _, c := range one.Checks {
			if len(c.Fires) > 0 {
				firing = append(firing, c.Alert)
			} else {
				silent = append(silent, c.Alert)
			}
		}
	}
	slices.Sort(firing)
	slices.Sort(silent)
	return slices.Compact(firing), slices.Compact(silent)
}

// TestContractListsMetrics: docs/contract.md names each metric that the code has, and no other.
func TestContractListsMetrics(t *testing.T) {
	contract := fileText(t, "../docs/contract.md")
	_, section, found := strings.Cut(contract, "\n## Metrics")
	if !found {
		t.Fatal("no section on metrics")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	listed := metricName.FindAllString(section, -1)
	slices.Sort(listed)
	if code := metricsOfCode(t); !slices.Equal(slices.Compact(listed), code) {
		t.Errorf("the contract lists %v\nthe code has %v", listed, code)
	}
}

// metricsOfCode are the names that the sources give to metrics, sorted.
func metricsOfCode(t *testing.T) (names []string) {
	t.Helper()
	literal := regexp.MustCompile(`"(omnicapi_[a-z0-9_]+)"`)
	for _, root := range []string{"../pkg", "../services"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			for _, m := range literal.FindAllStringSubmatch(fileText(t, path), -1) {
				names = append(names, m[1])
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func readYAML(t *testing.T, path string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(fileText(t, path)), into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func fileText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
