package e2e

import (
	"flag"
	"path/filepath"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/e2e/load"
)

// old is a folder with the services of another version.
var old = flag.String("old", "", "folder with ingest, normalizer and forwarder of an earlier version, for TestVersionsSideBySide")

// TestVersionsSideBySide (F78): under load, services of an earlier version are upgraded one after the other, readers before writers, and
// rolled back the other way round (VERSIONING.md): nothing is lost. The step versions of .ci/run builds the
// last release, or the commit that it names, and calls this.
func TestVersionsSideBySide(t *testing.T) {
	if *old == "" {
		t.Skip("there is no other version: -old names a folder with its binaries")
	}
	s := newStack(t, load.Sources())
	order := []*process{s.forwarder, s.normalizer, s.ingest}
	restart := func(p *process, path string) {
		p.stop(stopWithin)
		p.path = path
		p.start()
		s.waitReadyOf(p)
	}
	for _, p := range order {
		restart(p, filepath.Join(*old, p.name))
	}
	tr := s.startTraffic(load.Options{Rate: 60, Seed: 1})
	tr.waitDelivered(50)
	for _, p := range order {
		tr.fault("upgrade of "+p.name, func() { restart(p, "") })
		tr.waitRecovered()
	}
	for i := range order {
		p := order[len(order)-1-i]
		tr.fault("rollback of "+p.name, func() { restart(p, filepath.Join(*old, p.name)) })
		tr.waitRecovered()
	}
	tr.settle(2 * time.Minute)
}
