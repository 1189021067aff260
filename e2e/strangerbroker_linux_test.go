package e2e

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/broker"
)

// asNobody runs the command as a user that is not this one, if this one may do so; else as this one, without the folder.
func asNobody(t *testing.T, folder string, args ...string) (said string, code int) {
	t.Helper()
	binary := filepath.Join(folder, "omnicapi")
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Dir = folder
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

// TestStrangerAtTheBroker (T37): a user of this machine who cannot read up's data folder reads and writes nothing on its broker, though
// its port is open to all; who can read it gets on, and so do up's own services.
func TestStrangerAtTheBroker(t *testing.T) {
	u := newUp(t)
	u.start()
	data := filepath.Join(u.dir, "data")
	addr, err := broker.AddrIn(data)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := os.MkdirTemp("", "omnicapi-stranger-") //nolint:usetesting // another user cannot enter a test's own
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(theirs) })
	copyFile(t, filepath.Join(binaries, "omnicapi"), filepath.Join(theirs, "omnicapi"))
	const guess = "0000000000000000000000000000000000000000000000000000000000000000"
	for name, text := range map[string]string{
		"none.yaml":  "kafka: {brokers: [" + addr + "]}\n",
		"guess.yaml": "kafka: {brokers: [" + addr + "], sasl: {mechanism: scram-sha-256, username: omnicapi, password_file: guess}}\n",
		"guess":      guess,
	} {
		if err := os.WriteFile(filepath.Join(theirs, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(theirs, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"none.yaml", "guess.yaml"} {
		for _, args := range [][]string{{"topics", "list"}, {"deadletters", "list"}, {"trace", "e-1"}, {"topics", "apply"}} {
			said, code := asNobody(t, theirs, append(args, "-c", file)...)
			if code != 1 || !strings.Contains(said, "password") {
				t.Errorf("%s %v: exit %d\n%s", file, args, code, said)
			}
		}
	}
	if os.Getuid() == 0 {
		if said, code := asNobody(t, theirs, "topics", "list", "--data", data); code != 1 || !strings.Contains(said, "permission denied") {
			t.Errorf("another user reads the data folder: exit %d\n%s", code, said)
		}
	}
	if out, errs, code := run(t, time.Minute, "omnicapi", "topics", "list", "-c", u.config); code != 0 {
		t.Errorf("who has the folder: exit %d\n%s%s", code, out, errs)
	}
	events, ids := numbered(t, "kept-out", 5)
	u.take(shopID, events...)
	eventually(t, time.Minute, "a fate", func() (bool, string) {
		out, errs, code := run(t, time.Minute, "omnicapi", "trace", "-c", u.config, ids[0])
		return code == 0 && strings.Contains(out, "delivered"), out + errs
	})
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(out, in)
	if err := errors.Join(err, out.Close()); err != nil {
		t.Fatal(err)
	}
}
