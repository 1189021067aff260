package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
)

// book is a hosts file of the test's own, for processes that see it in place of the machine's.
type book struct {
	t             *testing.T
	hosts, resolv string
	unshare       []string
}

// newBook returns nil where a process can't be given another hosts file.
func newBook(t *testing.T) *book {
	t.Helper()
	dir := t.TempDir()
	b := &book{t: t, hosts: filepath.Join(dir, "hosts"), resolv: filepath.Join(dir, "resolv.conf")}
	b.say("")
	// Nobody answers there: a name that is not in the file has no address.
	if err := os.WriteFile(b.resolv, []byte("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, flags := range [][]string{{"-m"}, {"-U", "-r", "-m"}} {
		b.unshare = append([]string{"unshare"}, flags...)
		if exec.CommandContext(t.Context(), b.unshare[0], b.wrap("true")...).Run() == nil {
			return b
		}
	}
	return nil
}

// say replaces the file's lines.
func (b *book) say(lines string) {
	b.t.Helper()
	if err := os.WriteFile(b.hosts, []byte("127.0.0.1 localhost\n"+lines), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// wrap is the arguments of unshare that run a command with the file.
func (b *book) wrap(command ...string) []string {
	script := "mount --bind " + b.hosts + " /etc/hosts && mount --bind " + b.resolv + ` /etc/resolv.conf && exec "$@"`
	return append(append(b.unshare[1:len(b.unshare):len(b.unshare)], "sh", "-c", script, "sh"), command...)
}

// TestNames (F19, F38): names without an address are named in /readyz of those that ask Kafka by them, and held against nobody when
// it is Meta's; once they have one, and when they get another, all goes on by itself.
func TestNames(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	if b == nil {
		t.Log("not tested: no process can be given another hosts file here (unshare)")
		return
	}
	addrs, _ := kafkatest.Brokers(t)
	s := prepare(t, addrs)
	sandbox := strings.TrimPrefix(s.sandboxURL, "http://")
	first := newWire(t, "127.0.0.2:0", sandbox)
	newWire(t, "127.0.0.3:"+first.port(), sandbox)
	s.graphURL = "http://meta:" + first.port()
	s.usual(addrs, "")
	kafka := "kafka" + addrs[0][strings.LastIndex(addrs[0], ":"):]
	for p := range s.services() {
		p.stop(20 * time.Second)
		p.path, p.args = b.unshare[0], b.wrap(append([]string{filepath.Join(binaries, p.name)}, p.args...)...)
		p.env = append(p.env, "OMNICAPI_KAFKA_BROKERS="+kafka, "GODEBUG=netdns=go")
		p.start()
	}
	s.waitNamed("its name has no address")
	b.say("127.0.0.1 kafka\n")
	s.waitReady()
	send := func(name string) []string {
		events, ids := numbered(t, name, 20)
		s.take(shopID, events...)
		return ids
	}
	failed, ids := s.failedPosts(), send("nameless")
	eventually(t, time.Minute, "a post without an address", func() (bool, string) { return s.failedPosts() > failed, "none" })
	if status, body := get(t, "http://"+s.forwarderAdmin+"/readyz"); status != http.StatusOK {
		t.Errorf("the forwarder is unready: %s", body)
	}
	b.say("127.0.0.1 kafka\n127.0.0.2 meta\n")
	s.nothingLost(ids)
	b.say("127.0.0.1 kafka\n127.0.0.3 meta\n")
	first.part()
	s.nothingLost(send("moved"))
}
