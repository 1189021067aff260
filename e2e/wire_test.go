package e2e

import (
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// wire is the network between clients and one server: a proxy that faults can be put into. What is on it when a cut is healed is
// lost with its connections.
type wire struct {
	t      *testing.T
	proxy  *toxiproxy.Proxy
	faults []string // names of those that are in it
}

// newWire listens at addr (one of freePort's, so that it is still there after a cut) for clients of the server at upstream, which may start later.
func newWire(t *testing.T, addr, upstream string) *wire {
	t.Helper()
	zerolog.SetGlobalLevel(zerolog.Disabled) // some faults log by themselves
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	l := &wire{t: t, proxy: toxiproxy.NewProxy(server, t.Name(), addr, upstream)}
	l.join()
	t.Cleanup(l.proxy.Stop)
	return l
}

func (l *wire) addr() string { return l.proxy.Listen }

func (l *wire) port() string {
	l.t.Helper()
	_, port, err := net.SplitHostPort(l.addr())
	if err != nil {
		l.t.Fatal(err)
	}
	return port
}

// The directions of a fault.
const (
	requests = "upstream"   // what clients send
	answers  = "downstream" // what the server sends
)

// put puts a fault of the library's kind into directions.
func (l *wire) put(kind string, attributes map[string]int, directions ...string) {
	l.t.Helper()
	for _, d := range directions {
		text, err := json.Marshal(map[string]any{"type": kind, "stream": d, "attributes": attributes})
		if err != nil {
			l.t.Fatal(err)
		}
		fault, err := l.proxy.Toxics.AddToxicJson(strings.NewReader(string(text)))
		if err != nil {
			l.t.Fatal(err)
		}
		l.faults = append(l.faults, fault.Name)
	}
}

// silence lets connections stand, and passes nothing on in the directions: a cable that is cut.
func (l *wire) silence(directions ...string) {
	l.t.Helper()
	l.put("timeout", map[string]int{"timeout": 0}, directions...)
}

// reset ends all connections; new ones are served.
func (l *wire) reset() {
	l.t.Helper()
	l.part()
	l.join()
}

// part ends all connections and refuses new ones.
func (l *wire) part() { l.proxy.Stop() }

func (l *wire) join() {
	l.t.Helper()
	eventually(l.t, time.Minute, "the proxy listens at "+l.addr(), func() (bool, string) {
		err := l.proxy.Start() // the address may be a child's yet: kafkatest.IsFree
		return err == nil, fmt.Sprint(err)
	})
}

// heal takes all faults away.
func (l *wire) heal() {
	l.t.Helper()
	for _, name := range l.faults {
		if err := l.proxy.Toxics.RemoveToxic(l.t.Context(), name); err != nil {
			l.t.Fatal(err)
		}
	}
	l.faults = nil
	if !l.proxy.Enabled {
		l.join()
	}
}
