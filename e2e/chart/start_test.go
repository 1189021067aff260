package chart

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
)

// ports counts those that freePort has given.
var ports atomic.Int32

// binaries is the folder of the built binaries, by the names of the images that they are in.
var binaries string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "omnicapi-chart-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binaries = dir
	code := kafkatest.Run(m)
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// build builds the binaries, in the workspace, which this module is not in.
func build(t *testing.T) {
	t.Helper()
	args := []string{"build", "-o", binaries + string(filepath.Separator)}
	for _, name := range []string{"ingest", "normalizer", "forwarder", "sandbox", "omnicapi"} {
		args = append(args, "./services/"+name)
	}
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir, cmd.Env = "../..", append(os.Environ(), "GOWORK=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building the binaries: %v\n%s", err, out)
	}
}

// TestChartStarts: with what the chart makes of its example the topics are applied, each process starts, is ready where the kubelet
// asks, and an event is delivered; a secret that is changed in its Secret counts without a start; each ends within its grace. Only
// what differs from a cluster is overridden: addresses.
func TestChartStarts(t *testing.T) {
	m := renderChart(t, append([]string{"-f", exampleValues}, unreleased...)...)
	build(t)
	brokers, _ := kafkatest.Brokers(t)
	secrets := map[string]string{"omnicapi-senders/website.key": "first-key-of-the-website", "omnicapi-meta/shop.token": "token-of-the-shop"}
	sandbox, listen := freePort(t), freePort(t)
	env := []string{
		"OMNICAPI_KAFKA_BROKERS=" + strings.Join(brokers, ","), "OMNICAPI_KAFKA_PREFIX=" + kafkatest.Names(t).Prefix,
		"OMNICAPI_KAFKA_PARTITIONS=3", fmt.Sprint("OMNICAPI_KAFKA_REPLICATION=", min(len(brokers), 3)),
		"OMNICAPI_GRAPH_URL=http://" + sandbox, "OMNICAPI_SANDBOX_LISTEN=" + sandbox, "OMNICAPI_INGEST_LISTEN=" + listen,
	}
	pods, volumes := m.pods(), map[string]*mounted{}
	start := func(name, image string) *process {
		volumes[name] = mount(t, pods[name].Spec, t.TempDir(), m.secretsOf(secrets))
		return startPod(t, pods[name].Spec.Containers[0], image, volumes[name].dir, env)
	}
	topics := start("topics", "omnicapi")
	if err := topics.wait(time.Minute); err != nil {
		t.Fatalf("topics: %v\n%s", err, topics.said())
	}
	startProcess(t, "sandbox", []string{"-c", filepath.Join(volumeOfSandbox(t, m, secrets), "omnicapi.yaml")}, env)

	metrics := map[string]string{}
	running := map[string]*process{}
	for _, name := range []string{"ingest", "normalizer", "forwarder"} {
		metrics[name] = freePort(t)
		env = append(env, "OMNICAPI_"+strings.ToUpper(name)+"_METRICS="+metrics[name], "OMNICAPI_"+strings.ToUpper(name)+"_ADMIN="+freePort(t))
	}
	for name := range metrics {
		running[name] = start(name, name)
	}
	for name, addr := range metrics {
		c := pods[name].Spec.Containers[0]
		for _, probe := range []*corev1.Probe{c.ReadinessProbe, c.LivenessProbe} {
			eventually(t, name+" answers "+probe.HTTPGet.Path, func() (bool, string) {
				status, body := ask(t, http.MethodGet, "http://"+addr+probe.HTTPGet.Path, "", "")
				return status == http.StatusOK, fmt.Sprint(status, " ", body, running[name].said())
			})
		}
	}

	post := func(key, id string) (int, string) {
		return ask(t, http.MethodPost, "http://"+listen+"/v1/website/events", key, fmt.Sprintf(`{"data":[{"event_name":"Purchase","event_time":%d,"event_id":%q,
			"action_source":"website","user_data":{"em":"jane@example.com","client_user_agent":"x"},"custom_data":{"value":59.9,"currency":"USD"}}]}`, time.Now().Unix(), id))
	}
	if status, body := post(secrets["omnicapi-senders/website.key"], "chart-1"); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, body)
	}
	eventually(t, "the event arrives", func() (bool, string) {
		_, body := ask(t, http.MethodGet, "http://"+sandbox+"/_sandbox/events?event_id=chart-1&fields=event_id", "", "")
		return strings.Contains(body, "chart-1"), body
	})

	const changed = "second-key-of-the-website"
	if status, _ := post(changed, "chart-2"); status != http.StatusUnauthorized {
		t.Errorf("a wrong key: %d", status)
	}
	secrets["omnicapi-senders/website.key"] = changed
	volumes["ingest"].turn(t, pods["ingest"].Spec, m.secretsOf(secrets))
	eventually(t, "the changed key counts", func() (bool, string) {
		status, body := post(changed, "chart-2")
		return status == http.StatusAccepted, fmt.Sprint(status, " ", body)
	})
	for name, p := range running {
		must(t, p.cmd.Process.Signal(syscall.SIGTERM))
		if err := p.wait(time.Duration(*pods[name].Spec.TerminationGracePeriodSeconds) * time.Second); err != nil {
			t.Errorf("%s: %v\n%s", name, err, p.said())
		}
	}
}

// volumeOfSandbox is the forwarder's configuration again: a rehearsal's sandbox knows the tokens that it presents.
func volumeOfSandbox(t *testing.T, m *manifests, secrets map[string]string) string {
	t.Helper()
	return mount(t, m.deployments["forwarder"].Spec.Template.Spec, t.TempDir(), m.secretsOf(secrets)).dir
}

// process is one that runs.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error

	mu  sync.Mutex
	log bytes.Buffer
}

// startPod starts a pod's container, its volume being in a folder.
func startPod(t *testing.T, c corev1.Container, image, dir string, env []string) *process {
	t.Helper()
	if !strings.HasSuffix(c.Image, "/"+image+":v1.2.3") {
		t.Errorf("the image is %s, not %s", c.Image, image)
	}
	args := make([]string, len(c.Args))
	for i, arg := range c.Args {
		args[i] = strings.Replace(arg, c.VolumeMounts[0].MountPath, dir, 1)
	}
	return startProcess(t, image, args, env)
}

func startProcess(t *testing.T, name string, args, env []string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(filepath.Join(binaries, name), args...), done: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = p, p
	must(t, p.cmd.Start())
	go func() {
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.done
	})
	return p
}

func (p *process) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(text)
}

func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// wait waits for the end of a process, which is to come within a time, and by itself.
func (p *process) wait(within time.Duration) error {
	select {
	case <-p.done:
		return p.err
	case <-time.After(within):
		return fmt.Errorf("it runs on after %s", within)
	}
}

// ask returns the status and body that a request is answered, 0 if there is none.
func ask(t *testing.T, method, url, key, body string) (status int, answer string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	must(t, err)
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err.Error()
	}
	return res.StatusCode, string(text)
}

// eventually polls until ok, and fails the test with what it last saw.
func eventually(t *testing.T, what string, ok func() (done bool, saw string)) {
	t.Helper()
	began := time.Now()
	defer func() { t.Logf("%s: after %s", what, time.Since(began).Round(time.Millisecond)) }()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(2 * time.Minute)
	for {
		done, saw := ok()
		if done {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s: not within two minutes; last seen: %s", what, saw)
		}
	}
}

// freePort finds a port for a process of this test, below those that systems give out themselves.
func freePort(t *testing.T) string {
	t.Helper()
	for n := range 1000 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10000+(os.Getpid()*37+int(ports.Add(1))+n)%20000))
		if err != nil {
			continue
		}
		defer l.Close()
		return l.Addr().String()
	}
	t.Fatal("no port is free")
	return ""
}
