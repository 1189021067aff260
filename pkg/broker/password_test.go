//go:build unix

package broker

import (
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// login reaches a broker as the services do; nil: it lets us in.
func login(t *testing.T, addr string, s config.KafkaSASL) error {
	t.Helper()
	sc, err := stream.ConfigOf(config.Kafka{Brokers: []string{addr}, SASL: s}, "test")
	if err != nil {
		t.Fatal(err)
	}
	c, err := stream.Open(sc, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.Ping(t.Context())
}

func started(t *testing.T, o Options) *Broker {
	t.Helper()
	b, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() }) // it may be closed already
	return b
}

func passwordIn(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(passwordPath(dir))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// TestPassword: a broker on disk lets nobody in who does not know what its folder holds, and everybody who does, over starts.
func TestPassword(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if got := LoginTo(dir); got != (config.KafkaSASL{}) {
		t.Errorf("a folder without a broker: %+v", got)
	}
	b := started(t, Options{Dir: dir})
	right := LoginTo(dir)
	wrong := right
	wrong.PasswordFile = filepath.Join(t.TempDir(), "wrong")
	if err := os.WriteFile(wrong.PasswordFile, []byte(strings.Repeat("0", 64)), 0o600); err != nil {
		t.Fatal(err)
	}
	plain, other := right, right
	plain.Mechanism, other.Username = "plain", "admin"
	for name, s := range map[string]config.KafkaSASL{"none": {}, "a wrong password": wrong, "the password in clear": plain, "another user": other} {
		if err := login(t, b.Addr(), s); err == nil || !strings.Contains(err.Error(), "password") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := login(t, b.Addr(), right); err != nil {
		t.Errorf("who has read the folder: %v", err)
	}
	first := passwordIn(t, dir)
	if len(first) != 2*passwordBytes || modeOf(t, passwordPath(dir)) != 0o600 {
		t.Errorf("%d characters, mode %v", len(first), modeOf(t, passwordPath(dir)))
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b = started(t, Options{Dir: dir})
	if passwordIn(t, dir) != first {
		t.Error("the next start made another password")
	}
	if err := login(t, b.Addr(), LoginTo(dir)); err != nil {
		t.Error(err)
	}
	if err := login(t, b.Addr(), config.KafkaSASL{}); err == nil {
		t.Error("after a start anybody is let in")
	}
}

// TestPasswordOfAnOldFolder: one that has none gets one and keeps its records; one that others could read, or that was half written,
// counts no more, though kfake has kept it.
func TestPasswordOfAnOldFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	r := newRig(t, dir) // without a password
	if code := r.create("events"); code != 0 {
		t.Fatal(code)
	}
	if err := r.put("events", "kept"); err != nil {
		t.Fatal(err)
	}
	r.stop()
	spoil := map[string]func() error{
		"":            func() error { return nil },
		"half":        func() error { return os.WriteFile(passwordPath(dir), []byte("0123"), 0o600) },
		"empty":       func() error { return os.WriteFile(passwordPath(dir), nil, 0o600) },
		"for all":     func() error { return os.Chmod(passwordPath(dir), 0o644) },
		"of nobody":   func() error { return os.Remove(passwordPath(dir)) },
		"left behind": func() error { return os.WriteFile(passwordPath(dir)+".new", []byte("x"), 0o600) },
	}
	for _, name := range []string{"", "half", "empty", "for all", "of nobody", "left behind"} {
		before := ""
		if name != "" {
			before = passwordIn(t, dir)
		}
		if err := spoil[name](); err != nil {
			t.Fatal(err)
		}
		b := started(t, Options{Dir: dir})
		if now := passwordIn(t, dir); (now == before) != (name == "left behind") || len(now) != 2*passwordBytes || modeOf(t, passwordPath(dir)) != 0o600 {
			t.Errorf("%s: %d characters, the same: %v, mode %v", name, len(now), now == before, modeOf(t, passwordPath(dir)))
		}
		if err := login(t, b.Addr(), LoginTo(dir)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := login(t, b.Addr(), config.KafkaSASL{}); err == nil {
			t.Errorf("%s: anybody is let in", name)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
	r.start()
	if got := r.read("events"); len(got) != 1 || got["kept"] != 1 {
		t.Errorf("the records became %v", got)
	}
}

// TestGuests: who has not logged in may ask for nothing but that, in small requests: kfake takes as much memory as a request says
// that it is long, before it asks who sends it.
func TestGuests(t *testing.T) {
	b := started(t, Options{Dir: filepath.Join(t.TempDir(), "data")})
	head := func(key kmsg.Key, size int) []byte {
		text := binary.BigEndian.AppendUint32(nil, uint32(size))
		text = binary.BigEndian.AppendUint16(text, uint16(key))
		return append(text, 0, 0, 0, 0, 0, 1)
	}
	for name, sent := range map[string][]byte{
		"metadata":          head(kmsg.Metadata, 100),
		"produce":           head(kmsg.Produce, 100),
		"a large handshake": head(kmsg.SASLHandshake, maxGuest+1),
	} {
		conn, err := net.Dial("tcp", b.Addr())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write(sent); err != nil {
			t.Fatal(name, err)
		}
		if err := conn.SetReadDeadline(time.Now().Add(loginWithin / 2)); err != nil {
			t.Fatal(err)
		}
		if n, err := conn.Read(make([]byte, 1)); n != 0 || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: answered %d bytes, %v", name, n, err)
		}
		_ = conn.Close() // it has ended
	}
}

// TestGuestsLeave: a connection that does not log in ends; one that has stays.
func TestGuestsLeave(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	c := newConn(ours, nil, true)
	defer c.Close()
	if err := c.SetReadDeadline(time.Now()); err != nil { // loginWithin has passed
		t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 8)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a guest that says nothing: %v", err)
	}
	c.frame.guest.Store(true)
	step := request{key: int16(kmsg.SASLAuthenticate), version: 1}
	answer := append(make([]byte, 8), (&kmsg.SASLAuthenticateResponse{Version: 1}).AppendTo(nil)...)
	refusal := append(make([]byte, 8), (&kmsg.SASLAuthenticateResponse{Version: 1, ErrorCode: 34}).AppendTo(nil)...)
	for _, a := range [][]byte{answer, refusal, refusal, answer} {
		if !c.frame.guest.Load() {
			t.Fatal("half a login is none")
		}
		c.login(step, a)
	}
	if c.frame.guest.Load() {
		t.Error("a login is none")
	}
	go func() { _, _ = theirs.Write(make([]byte, 4)) }()
	if _, err := io.ReadFull(c.Conn, make([]byte, 4)); err != nil {
		t.Errorf("after the login: %v", err)
	}
}
