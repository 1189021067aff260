package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// nobody is a user of the machine who runs none of the processes.
const nobody = 65534

// asStranger lets another user of this machine try something, and returns what came of each try.
func asStranger(t *testing.T, tries []try) []string {
	t.Helper()
	dir := t.TempDir()
	binary := filepath.Join(dir, "stranger")
	if err := errors.Join(os.Chmod(filepath.Dir(dir), 0o755), copyProgram(binary)); err != nil {
		t.Fatal(err)
	}
	list, err := json.Marshal(tries)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), binary)
	cmd.Dir, cmd.Env = "/", []string{strangerTries + "=" + string(list)}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("as another user: %v\n%s%s", err, out.String(), errs.String())
	}
	came := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(came) != len(tries) {
		t.Fatalf("%d of %d tries:\n%s", len(came), len(tries), out.String())
	}
	return came
}

// copyProgram copies this test binary to where another user can start it.
func copyProgram(to string) error {
	from, err := os.Open("/proc/self/exe")
	if err != nil {
		return err
	}
	defer from.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, from)
	return errors.Join(err, out.Close())
}

// TestAnotherUser (T19, T39, T46): another user of the machine gets nothing of a running `omnicapi up`, by whichever door: its folder, an
// export, the operators' ports, the sandbox. Figures and readiness may be read. The user who runs it needs no token.
func TestAnotherUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("ANOTHER USER'S TRIES ARE NOT TESTED: only root starts a process of another user. The rule itself is tested in pkg/admin")
	}
	u := newUp(t)
	if err := os.Chmod(filepath.Dir(u.dir), 0o755); err != nil { // so that not the test's own folder keeps others out
		t.Fatal(err)
	}
	u.start()
	bad := purchase("stranger-bad")
	bad["event_time"] = 1
	u.take(shopID, bad, purchase("stranger-good"))
	export := filepath.Join(u.dir, "letters.csv")
	eventually(t, time.Minute, "the dead letter is exported", func() (bool, string) {
		out, errs, code := run(t, time.Minute, "omnicapi", "deadletters", "export", "-c", u.config, "--reveal", "-o", export)
		return code == 0 && strings.HasPrefix(out, "1 "), out + errs
	})
	eventually(t, time.Minute, "the other event arrives", func() (bool, string) {
		_, body := get(t, u.sandboxURL+"/_sandbox/events?fields=event_id")
		return strings.Contains(body, "stranger-good"), body
	})

	var tries []try
	var want []string
	add := func(result string, all ...try) {
		for _, one := range all {
			tries, want = append(tries, one), append(want, result)
		}
	}
	data := filepath.Join(u.dir, "data")
	add(denied, try{Do: "list", Target: data}, try{Do: "create", Target: filepath.Join(data, "new")},
		try{Do: "read", Target: export}, try{Do: "append", Target: export}, try{Do: "read", Target: filepath.Join(u.dir, "secrets", "api")})
	if err := filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			add(denied, try{Do: "read", Target: path}, try{Do: "append", Target: path})
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, admin := range []string{u.ingestAdmin, u.normalizerAdmin, u.forwarderAdmin} {
		add("200", try{Do: "GET", Target: "http://" + admin + "/readyz"}, try{Do: "GET", Target: "http://" + admin + "/metrics"})
		add("403", try{Do: "PUT", Target: "http://" + admin + "/loglevel", Body: "debug"})
		add("done", try{Do: "abandon", Target: admin, Body: "PUT /loglevel HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\ndebug"})
	}
	for _, scraped := range u.metrics {
		add("200", try{Do: "GET", Target: "http://" + scraped + "/readyz"}, try{Do: "GET", Target: "http://" + scraped + "/metrics"})
		add("404", try{Do: "PUT", Target: "http://" + scraped + "/loglevel", Body: "debug"})
	}
	for _, path := range []string{"/events", "/stats", "/faults"} {
		add("403", try{Do: "GET", Target: u.sandboxURL + "/_sandbox" + path})
	}
	add("403", try{Do: "PUT", Target: u.sandboxURL + "/_sandbox/faults", Body: `[{"status":503}]`},
		try{Do: "PUT", Target: u.sandboxURL + "/_sandbox/tokens", Body: `{}`}, try{Do: "PUT", Target: u.sandboxURL + "/_sandbox/leads", Body: `{}`},
		try{Do: "DELETE", Target: u.sandboxURL + "/_sandbox/faults"}, try{Do: "DELETE", Target: u.sandboxURL + "/_sandbox/events"},
		try{Do: "DELETE", Target: u.sandboxURL + "/_sandbox/events", Header: http.Header{"Authorization": {"Bearer guessed"}}})
	for range 20 { // each a new race against whoever looks whose connection it is
		add("done", try{Do: "abandon", Target: hostOf(u.sandboxURL), Body: "DELETE /_sandbox/events HTTP/1.1\r\nHost: localhost\r\n\r\n"})
	}
	// What another user gets at the embedded broker's port (its address is in data/broker.addr, which he cannot read, but may guess)
	// belongs here.
	for i, got := range asStranger(t, tries) {
		if got != want[i] {
			t.Errorf("another user may %s %s: %s, want %s", tries[i].Do, tries[i].Target, got, want[i])
		}
	}

	u.process.waitSays("is refused")
	log := u.process.log.text()
	if strings.Contains(log, "log level set") || strings.Contains(log, "the sandbox is changed") {
		t.Errorf("the log:\n%s", tail(log, 20))
	}
	if _, body := get(t, u.sandboxURL+"/_sandbox/events?fields=event_id"); !strings.Contains(body, "stranger-good") {
		t.Errorf("the sandbox has forgotten its events: %q", body)
	}
	for target, body := range map[string]string{"http://" + u.ingestAdmin + "/loglevel": "debug", u.sandboxURL + "/_sandbox/faults": "[]"} {
		if status, answer, _ := send(t, http.MethodPut, target, nil, body); status/100 != 2 {
			t.Errorf("this user may not: %s: %d %s", target, status, answer)
		}
		for name, header := range pages(target) {
			if status, answer, _ := send(t, http.MethodPut, target, header, body); status != http.StatusForbidden {
				t.Errorf("%s: %s: %d %s", name, target, status, answer)
			}
		}
	}
	u.process.waitSays("log level set")
	u.process.waitSays(fmt.Sprintf("uid %d", os.Geteuid()))
}

// pages are what browsers say of a request that a page of another address makes (T19).
func pages(target string) map[string]http.Header {
	return map[string]http.Header{
		"a page":              {"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}},
		"an old browser":      {"Origin": {"https://evil.example"}},
		"a page on this host": {"Origin": {"http://localhost:3000"}, "Sec-Fetch-Site": {"same-site"}},
		"a frame":             {"Origin": {"null"}},
		"no origin":           {"Sec-Fetch-Site": {"cross-site"}},
		"another scheme":      {"Origin": {"https://" + hostOf(target) + ".evil.example"}},
	}
}
