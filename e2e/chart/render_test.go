package chart

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// helmEnv is the environment variable with the path of helm, which .ci/run builds; deploy/chart is rendered by it.
const helmEnv = "E2E_HELM"

// component is the label that says which process of the pipeline something is of.
const component = "app.kubernetes.io/component"

// chartRoles are the processes of the chart, by component, and what they read of the configuration.
var chartRoles = map[string]config.Role{
	"topics": config.RoleCommand, "ingest": config.RoleIngest, "normalizer": config.RoleNormalizer, "forwarder": config.RoleForwarder,
}

// The values that the tests render the chart with.
const (
	exampleValues    = "../../deploy/chart/example.yaml"
	everythingValues = "testdata/everything.yaml"
)

// unreleased says which images a chart in the tree is to use.
var unreleased = []string{"--set", "image.tag=v1.2.3"}

// manifests are what the chart makes of values.
type manifests struct {
	configMaps  map[string]corev1.ConfigMap // by name, as all without a component
	accounts    map[string]corev1.ServiceAccount
	services    map[string]corev1.Service
	deployments map[string]appsv1.Deployment                     // by component
	jobs        map[string]batchv1.Job                           // likewise
	budgets     map[string]policyv1.PodDisruptionBudget          // likewise
	scalers     map[string]autoscalingv2.HorizontalPodAutoscaler // likewise
	monitors    []podMonitor
}

// podMonitor is what the Prometheus operator reads of one; its types are not Kubernetes' own.
type podMonitor struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		JobLabel  string               `json:"jobLabel"`
		Selector  metav1.LabelSelector `json:"selector"`
		Endpoints []podMetricsEndpoint `json:"podMetricsEndpoints"`
	} `json:"spec"`
}

type podMetricsEndpoint struct {
	Port     string `json:"port"`
	Interval string `json:"interval"`
}

// helmTemplate renders the chart as helm install would, for the oldest Kubernetes that it takes.
func helmTemplate(t *testing.T, args ...string) (rendered, said string, err error) {
	t.Helper()
	helm := os.Getenv(helmEnv)
	if helm == "" {
		t.Skipf("THE CHART IS NOT TESTED: set %s to the path of helm, as .ci/run chart does", helmEnv)
	}
	cmd := exec.CommandContext(t.Context(), helm, append([]string{"template", "shop", "../../deploy/chart", "--kube-version", "1.30.0"}, args...)...)
	home := t.TempDir() // whatever plugins and caches somebody has
	cmd.Env = append(os.Environ(), "HELM_CACHE_HOME="+home, "HELM_CONFIG_HOME="+home, "HELM_DATA_HOME="+home)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	return out.String(), errs.String(), err
}

// renderChart decodes what the chart makes of values, strictly: Kubernetes would drop what it does not know.
func renderChart(t *testing.T, args ...string) *manifests {
	t.Helper()
	text, said, err := helmTemplate(t, args...)
	if err != nil {
		t.Fatalf("helm template %s: %v\n%s", args, err, said)
	}
	m := &manifests{
		configMaps: map[string]corev1.ConfigMap{}, accounts: map[string]corev1.ServiceAccount{}, services: map[string]corev1.Service{},
		deployments: map[string]appsv1.Deployment{}, jobs: map[string]batchv1.Job{},
		budgets: map[string]policyv1.PodDisruptionBudget{}, scalers: map[string]autoscalingv2.HorizontalPodAutoscaler{},
	}
	for document := range strings.SplitSeq(text, "\n---\n") {
		if err := m.add([]byte(document)); err != nil {
			t.Fatalf("%v in:\n%s", err, document)
		}
	}
	return m
}

// add decodes a manifest.
func (m *manifests) add(document []byte) error {
	var is struct {
		metav1.TypeMeta   `json:",inline"`
		metav1.ObjectMeta `json:"metadata"`
	}
	if err := yaml.Unmarshal(document, &is); err != nil {
		return err
	}
	switch kind := is.APIVersion + " " + is.Kind; kind {
	case " ": // comments
		return nil
	case "v1 ConfigMap":
		return decode(document, m.configMaps, is.Name)
	case "v1 ServiceAccount":
		return decode(document, m.accounts, is.Name)
	case "v1 Service":
		return decode(document, m.services, is.Name)
	case "apps/v1 Deployment":
		return decode(document, m.deployments, is.Labels[component])
	case "batch/v1 Job":
		return decode(document, m.jobs, is.Labels[component])
	case "policy/v1 PodDisruptionBudget":
		return decode(document, m.budgets, is.Labels[component])
	case "autoscaling/v2 HorizontalPodAutoscaler":
		return decode(document, m.scalers, is.Labels[component])
	case "monitoring.coreos.com/v1 PodMonitor":
		var monitor podMonitor
		err := yaml.UnmarshalStrict(document, &monitor)
		m.monitors = append(m.monitors, monitor)
		return err
	default:
		return fmt.Errorf("no test knows %s", kind)
	}
}

func decode[M any](document []byte, into map[string]M, name string) error {
	var decoded M
	if err := yaml.UnmarshalStrict(document, &decoded); err != nil {
		return err
	}
	if _, twice := into[name]; twice || name == "" {
		return fmt.Errorf("%q stands twice, or has no name", name)
	}
	into[name] = decoded
	return nil
}

// pods are the templates of all pods, by component.
func (m *manifests) pods() map[string]corev1.PodTemplateSpec {
	pods := map[string]corev1.PodTemplateSpec{}
	for name, d := range m.deployments {
		pods[name] = d.Spec.Template
	}
	for name, j := range m.jobs {
		pods[name] = j.Spec.Template
	}
	return pods
}

// secretsOf are texts for the keys of the Secrets and ConfigMaps of others that the values name: any, but for those that are
// given, by name/key.
func (m *manifests) secretsOf(given map[string]string) func(name, key string) string {
	return func(name, key string) string {
		if own, ok := m.configMaps[name]; ok {
			return own.Data[key]
		}
		if text, ok := given[name+"/"+key]; ok {
			return text
		}
		return "of-" + name + "-" + key + "-0123456789abcdef"
	}
}

// mounted is a pod's volume as the kubelet lays it out: the files in a folder of its own, ..data a link to it, and a link through
// that for each name at the top. Who changes a Secret changes where ..data leads.
type mounted struct {
	dir   string
	files []string // as the pod sees them
	turns int
}

// mount lays out the one volume of a pod in a folder.
func mount(t *testing.T, pod corev1.PodSpec, dir string, text func(name, key string) string) *mounted {
	t.Helper()
	v := &mounted{dir: dir}
	v.turn(t, pod, text)
	return v
}

// turn lays the volume out anew, with what the Secrets hold now.
func (v *mounted) turn(t *testing.T, pod corev1.PodSpec, text func(name, key string) string) {
	t.Helper()
	projected := pod.Volumes[0].Projected
	mode := os.FileMode(*projected.DefaultMode)
	if pod.SecurityContext.FSGroup != nil {
		mode |= 0o440 // the kubelet lets the group read
	}
	v.turns++
	v.files = nil
	own := fmt.Sprintf("..2026_11_30_%d", v.turns)
	put := func(item corev1.KeyToPath, held string) {
		path := filepath.Join(v.dir, own, item.Path)
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, []byte(held), 0o600))
		must(t, os.Chmod(path, mode))
		v.files = append(v.files, item.Path)
		top, _, _ := strings.Cut(item.Path, "/")
		if err := os.Symlink(filepath.Join("..data", top), filepath.Join(v.dir, top)); err != nil && !os.IsExist(err) {
			t.Fatal(err)
		}
	}
	for _, source := range projected.Sources {
		switch {
		case source.Secret != nil:
			for _, item := range source.Secret.Items {
				put(item, text(source.Secret.Name, item.Key))
			}
		case source.ConfigMap != nil:
			for _, item := range source.ConfigMap.Items {
				put(item, text(source.ConfigMap.Name, item.Key))
			}
		}
	}
	link := filepath.Join(v.dir, "..data_tmp")
	must(t, os.Symlink(own, link))
	must(t, os.Rename(link, filepath.Join(v.dir, "..data")))
}

// file is the file that the pod sees under a path, not a link to it.
func (v *mounted) file(path string) string { return filepath.Join(v.dir, "..data", path) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
