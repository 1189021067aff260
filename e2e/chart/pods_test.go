package chart

import (
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/omnicapi/omnicapi/pkg/certtest"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
)

// TestChartSecrets (T58): each process of the chart starts with the files that it is given, laid out as Kubernetes does, with
// strict_secrets on, and with none of them less; a Secret that everybody could read is refused.
func TestChartSecrets(t *testing.T) {
	authority := certtest.New(t)
	issued := authority.Server(t, time.Hour)
	for _, values := range []string{exampleValues, everythingValues} {
		m := renderChart(t, append([]string{"-f", values}, unreleased...)...)
		text := m.secretsOf(map[string]string{
			"ingest-tls/tls.crt": string(issued.Certificate), "ingest-tls/tls.key": string(issued.Key), "senders-ca/ca.crt": string(authority.PEM),
			"mappings/web.json": `{"EVENT_NAME": 0, "EVENT_TIME": 1, "EMAIL": 2}`,
		})
		for name, pod := range m.pods() {
			v := mount(t, pod.Spec, t.TempDir(), text)
			load := func() (*config.Config, error) {
				cfg, _, err := config.Load(v.dir+"/omnicapi.yaml", nil, chartRoles[name])
				return cfg, err
			}
			cfg, err := load()
			if err != nil {
				t.Errorf("%s: %s does not start with %v: %v", values, name, v.files, err)
				continue
			}
			if !cfg.StrictSecrets {
				t.Errorf("%s: strict_secrets is off in %s", values, name)
			}
			for _, file := range v.files {
				must(t, os.Rename(v.file(file), v.file(file)+".away"))
				if _, err := load(); err == nil {
					t.Errorf("%s: %s does not read its %s", values, name, file)
				}
				must(t, os.Rename(v.file(file)+".away", v.file(file)))
			}
			for _, file := range cfg.SecretFiles(chartRoles[name]) {
				if name == "topics" && strings.HasSuffix(file, "/secrets/operators") {
					continue // a command has no port
				}
				must(t, os.Chmod(file, 0o444))
				if _, err := load(); err == nil || !strings.Contains(err.Error(), "strict_secrets") {
					t.Errorf("%s: %s takes %s, which everybody may read: %v", values, name, file, err)
				}
				must(t, os.Chmod(file, 0o440))
			}
		}
	}
}

// TestChartHardening (T57): no process of the chart runs as root, may become it, writes to its root, has a capability or a token of
// Kubernetes, or mounts more than its configuration.
func TestChartHardening(t *testing.T) {
	for _, args := range [][]string{{"-f", exampleValues}, {"-f", everythingValues}, {"-f", exampleValues, "--set", "user=null"}} {
		m := renderChart(t, append(args, unreleased...)...)
		if len(m.deployments) != 3 || len(m.jobs) != 1 {
			t.Fatalf("%d deployments and %d jobs", len(m.deployments), len(m.jobs))
		}
		for name, pod := range m.pods() {
			for _, p := range problemsOfPod(pod.Spec) {
				t.Errorf("%s %s: %s", args, name, p)
			}
			account, ok := m.accounts[pod.Spec.ServiceAccountName]
			if !ok || account.Labels[component] != name || account.AutomountServiceAccountToken == nil || *account.AutomountServiceAccountToken {
				t.Errorf("%s %s: it has no account of its own without a token: %q", args, name, pod.Spec.ServiceAccountName)
			}
		}
	}
}

// TestChartPodsAreChecked: what is wrong with a pod is seen.
func TestChartPodsAreChecked(t *testing.T) {
	good := func() *corev1.PodSpec {
		spec := renderChart(t, append([]string{"-f", exampleValues}, unreleased...)...).deployments["ingest"].Spec.Template.Spec
		return &spec
	}()
	root, yes, open := int64(0), true, int32(0o444)
	for name, change := range map[string]func(*corev1.PodSpec){
		"a token":                     func(s *corev1.PodSpec) { s.AutomountServiceAccountToken = &yes },
		"service links":               func(s *corev1.PodSpec) { s.EnableServiceLinks = &yes },
		"root is allowed":             func(s *corev1.PodSpec) { s.SecurityContext.RunAsNonRoot = nil },
		"root":                        func(s *corev1.PodSpec) { s.SecurityContext.RunAsUser = &root },
		"root's group":                func(s *corev1.PodSpec) { s.SecurityContext.FSGroup = &root },
		"any system call":             func(s *corev1.PodSpec) { s.SecurityContext.SeccompProfile = nil },
		"the host's network":          func(s *corev1.PodSpec) { s.HostNetwork = true },
		"the host's processes":        func(s *corev1.PodSpec) { s.HostPID = true },
		"a second container":          func(s *corev1.PodSpec) { s.Containers = append(s.Containers, corev1.Container{}) },
		"a container before":          func(s *corev1.PodSpec) { s.InitContainers = []corev1.Container{{}} },
		"no context":                  func(s *corev1.PodSpec) { s.Containers[0].SecurityContext = nil },
		"a context that it overrides": func(s *corev1.PodSpec) { s.Containers[0].SecurityContext.RunAsUser = &root },
		"privileged":                  func(s *corev1.PodSpec) { s.Containers[0].SecurityContext.Privileged = &yes },
		"may gain privileges":         func(s *corev1.PodSpec) { s.Containers[0].SecurityContext.AllowPrivilegeEscalation = &yes },
		"a root that it may write to": func(s *corev1.PodSpec) { s.Containers[0].SecurityContext.ReadOnlyRootFilesystem = nil },
		"capabilities":                func(s *corev1.PodSpec) { s.Containers[0].SecurityContext.Capabilities.Drop = nil },
		"one capability": func(s *corev1.PodSpec) {
			s.Containers[0].SecurityContext.Capabilities.Add = []corev1.Capability{"NET_RAW"}
		},
		"no memory limit": func(s *corev1.PodSpec) { s.Containers[0].Resources.Limits = nil },
		"a variable": func(s *corev1.PodSpec) {
			s.Containers[0].Env = append(s.Containers[0].Env, corev1.EnvVar{Name: "OMNICAPI_STRICT_SECRETS"})
		},
		"variables":                  func(s *corev1.PodSpec) { s.Containers[0].EnvFrom = []corev1.EnvFromSource{{}} },
		"a volume that it writes to": func(s *corev1.PodSpec) { s.Containers[0].VolumeMounts[0].ReadOnly = false },
		"a part of a volume":         func(s *corev1.PodSpec) { s.Containers[0].VolumeMounts[0].SubPath = "omnicapi.yaml" },
		"the host's files":           func(s *corev1.PodSpec) { s.Volumes = append(s.Volumes, corev1.Volume{}) },
		"everybody reads":            func(s *corev1.PodSpec) { s.Volumes[0].Projected.DefaultMode = &open },
		"some file everybody reads":  func(s *corev1.PodSpec) { s.Volumes[0].Projected.Sources[1].Secret.Items[0].Mode = &open },
	} {
		changed := good.DeepCopy()
		change(changed)
		if problemsOfPod(*changed) == nil {
			t.Errorf("%s: nothing is said", name)
		}
	}
}

// problemsOfPod is what lets a process do more than it needs.
func problemsOfPod(s corev1.PodSpec) (problems []string) {
	wrong := func(is bool, what string) {
		if is {
			problems = append(problems, what)
		}
	}
	yes := func(b *bool) bool { return b != nil && *b }
	no := func(b *bool) bool { return b != nil && !*b }
	isRoot := func(id *int64) bool { return id != nil && *id == 0 }
	wrong(!no(s.AutomountServiceAccountToken), "it has a token of Kubernetes")
	wrong(!no(s.EnableServiceLinks), "a Service may override its configuration")
	wrong(s.HostNetwork || s.HostPID || s.HostIPC, "it shares something with its host")
	wrong(len(s.InitContainers) > 0 || len(s.Containers) != 1, "it is more than one process")
	p := s.SecurityContext
	if p == nil || len(s.Containers) == 0 || s.Containers[0].SecurityContext == nil || s.Containers[0].SecurityContext.Capabilities == nil {
		return append(problems, "it has no security context")
	}
	wrong(!yes(p.RunAsNonRoot) || isRoot(p.RunAsUser) || isRoot(p.RunAsGroup) || isRoot(p.FSGroup), "it may run as root")
	wrong(p.SeccompProfile == nil || p.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault, "it may call all of the kernel")
	c := s.Containers[0]
	own := c.SecurityContext
	wrong(own.RunAsUser != nil || own.RunAsGroup != nil || own.RunAsNonRoot != nil || own.SeccompProfile != nil, "its container overrides its user")
	wrong(yes(own.Privileged) || !no(own.AllowPrivilegeEscalation), "it may gain privileges")
	wrong(!yes(own.ReadOnlyRootFilesystem), "it may write to its root")
	wrong(!slices.Equal(own.Capabilities.Drop, []corev1.Capability{"ALL"}) || len(own.Capabilities.Add) > 0, "it has capabilities")
	wrong(c.Resources.Limits.Memory().IsZero() || c.Resources.Requests.Cpu().IsZero(), "its memory has no limit, or it asks for no processor")
	wrong(len(c.EnvFrom) > 0 || len(c.Env) != 1 || c.Env[0].Name != "GOMEMLIMIT", "its configuration is overridden")
	wrong(len(c.VolumeMounts) != 1 || !c.VolumeMounts[0].ReadOnly || c.VolumeMounts[0].SubPath != "", "it mounts more than its configuration")
	if len(s.Volumes) != 1 || s.Volumes[0].Projected == nil {
		return append(problems, "it has more volumes than its configuration")
	}
	v := s.Volumes[0].Projected
	wrong(v.DefaultMode == nil || *v.DefaultMode&0o337 != 0, "more than its group may read its files, or it may write")
	for _, source := range v.Sources {
		switch {
		case source.Secret != nil:
			wrong(slices.ContainsFunc(source.Secret.Items, func(i corev1.KeyToPath) bool { return i.Mode != nil }) || len(source.Secret.Items) == 0, "a whole Secret, or of another mode")
		case source.ConfigMap != nil:
			wrong(len(source.ConfigMap.Items) == 0, "a whole ConfigMap")
		default:
			wrong(true, "a volume of something else")
		}
	}
	return problems
}

// TestChartPorts: probes and Services ask ports that the rendered configuration opens, of pods that they find; figures are behind no
// port that leads outside; a stop has the time that it needs.
func TestChartPorts(t *testing.T) {
	for _, values := range []string{exampleValues, everythingValues} {
		m := renderChart(t, append([]string{"-f", values}, unreleased...)...)
		for name, d := range m.deployments {
			pod := d.Spec.Template
			c := pod.Spec.Containers[0]
			v := mount(t, pod.Spec, t.TempDir(), m.secretsOf(nil))
			text, err := os.ReadFile(v.file("omnicapi.yaml"))
			must(t, err)
			opened := map[string]int32{}
			for _, p := range c.Ports {
				opened[p.Name] = p.ContainerPort
			}
			want := map[string]int32{"metrics": portOf(t, string(text), name, "metrics")}
			if name == "ingest" {
				want["http"] = portOf(t, string(text), name, "listen")
			}
			if fmt.Sprint(opened) != fmt.Sprint(want) {
				t.Errorf("%s: %s has the ports %v, its configuration %v", values, name, opened, want)
			}
			for path, probe := range map[string]*corev1.Probe{"/livez": c.LivenessProbe, "/readyz": c.ReadinessProbe} {
				if probe == nil || probe.HTTPGet == nil || probe.HTTPGet.Path != path || probe.HTTPGet.Port != intstr.FromString("metrics") {
					t.Errorf("%s: %s is asked for %s by %v", values, name, path, probe)
				}
			}
			before := int64(0)
			if c.Lifecycle != nil {
				before = c.Lifecycle.PreStop.Sleep.Seconds
			}
			if grace := time.Duration(*pod.Spec.TerminationGracePeriodSeconds-before) * time.Second; grace <= lifecycle.StopWithin || (before > 0) != (name == "ingest") {
				t.Errorf("%s: %s sleeps %d s, then it has %s", values, name, before, grace)
			}
		}
		for name, s := range m.services {
			d, found := m.deployments[s.Labels[component]]
			for label, value := range s.Spec.Selector {
				found = found && d.Spec.Template.Labels[label] == value && d.Spec.Selector.MatchLabels[label] == value
			}
			if !found || len(s.Spec.Ports) != 1 || s.Spec.Selector[component] == "" {
				t.Errorf("%s: %s selects %v", values, name, s.Spec.Selector)
				continue
			}
			isMetrics := strings.HasSuffix(name, "-metrics")
			if isMetrics != (s.Spec.Ports[0].TargetPort == intstr.FromString("metrics")) || isMetrics != (s.Spec.ClusterIP == corev1.ClusterIPNone) {
				t.Errorf("%s: %s leads to %v", values, name, s.Spec.Ports[0].TargetPort)
			}
		}
		if len(m.services) != 4 {
			t.Errorf("%s: %d services", values, len(m.services))
		}
	}
}

// portOf is the port of service.key in omnicapi.yaml.
func portOf(t *testing.T, text, service, key string) int32 {
	t.Helper()
	var cfg map[string]any
	must(t, unmarshal(text, &cfg))
	own, _ := cfg[service].(map[string]any)
	_, port, err := net.SplitHostPort(fmt.Sprint(own[key]))
	must(t, err)
	n, err := strconv.ParseInt(port, 10, 32)
	must(t, err)
	return int32(n)
}

// TestChartScale: more than one of a service are spread, and not all stopped at once; what is scaled by load says no number.
func TestChartScale(t *testing.T) {
	m := renderChart(t, "-f", everythingValues)
	for name, replicas := range map[string]int32{"ingest": -1, "normalizer": 1, "forwarder": 12} {
		d := m.deployments[name]
		scaler, scaled := m.scalers[name]
		switch {
		case replicas < 0 && (d.Spec.Replicas != nil || !scaled || scaler.Spec.ScaleTargetRef.Name != d.Name || scaler.Spec.MaxReplicas != 12):
			t.Errorf("%s: %v and %v", name, d.Spec.Replicas, scaler.Spec)
		case replicas >= 0 && (scaled || d.Spec.Replicas == nil || *d.Spec.Replicas != replicas):
			t.Errorf("%s: %v and %v", name, d.Spec.Replicas, scaler.Spec)
		}
		budget, ok := m.budgets[name]
		if ok != (replicas != 1) || ok && (budget.Spec.MaxUnavailable.IntValue() != 1 || budget.Spec.Selector.MatchLabels[component] != name) {
			t.Errorf("%s: %v", name, budget.Spec)
		}
		if len(d.Spec.Template.Spec.TopologySpreadConstraints) != 2 {
			t.Errorf("%s is not spread", name)
		}
		if len(m.monitors) != 1 || m.monitors[0].Spec.JobLabel != component || !slices.Contains(m.monitors[0].Spec.Selector.MatchExpressions[0].Values, name) {
			t.Errorf("%s is not scraped as the alerts' job: %v", name, m.monitors)
		}
	}
}

// TestChartRolls: a changed configuration starts the pods that read it anew, and a changed mapping those that read that.
func TestChartRolls(t *testing.T) {
	sums := func(args ...string) map[string]string {
		sums := map[string]string{}
		for name, d := range renderChart(t, append(append([]string{"-f", exampleValues}, unreleased...), args...)...).deployments {
			sums[name] = d.Spec.Template.Annotations["checksum/config"]
		}
		return sums
	}
	was := sums()
	for change, rolls := range map[string][]string{
		"config.sources.website.defaults.country=CA":                   {"ingest", "normalizer", "forwarder"},
		`files.mappings/till\.json.text=changed`:                       {"ingest", "normalizer"},
		"forwarder.kafka.sasl.username=somebody":                       {"forwarder"},
		"pod.priorityClassName=shop,files.secrets/till\\.key.secret=x": nil, // which change the pods themselves
	} {
		for name, sum := range sums("--set", change) {
			if (sum != was[name]) != slices.Contains(rolls, name) {
				t.Errorf("%s: %s: %s, was %s", change, name, sum, was[name])
			}
		}
	}
}
