package e2e

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/broker"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// up is `omnicapi up` on a data folder of its own: everything in one process, broker and sandbox included.
type up struct {
	*stack
	process *process
	metrics [3]string // addresses for scraping alone: ingest's, the normalizer's, the forwarder's
}

func newUp(t *testing.T) *up {
	t.Helper()
	u := &up{stack: &stack{t: t, dir: t.TempDir()}}
	ingest, sandbox := freePort(t), freePort(t)
	u.ingestAdmin, u.normalizerAdmin, u.forwarderAdmin = freePort(t), freePort(t), freePort(t)
	u.metrics = [3]string{freePort(t), freePort(t), freePort(t)}
	u.ingestURL, u.sandboxURL = "http://"+ingest, "http://"+sandbox
	u.write("secrets/shop.token", shopToken)
	u.write("secrets/api", apiSecret)
	for _, f := range []string{"store-mapping.json", "web-mapping.json"} {
		u.copy("testdata/meta/"+f, f)
	}
	u.config = u.write("omnicapi.yaml", fmt.Sprintf(`
datasets:
  shop: {id: "%s", token_file: secrets/shop.token, batch: {linger: 100ms}}
sources:
  api: {channel: website, format: capi, dataset: shop, key: "%s", secrets: [secrets/api]}
  till: {channel: store, format: csv, dataset: shop, secrets: [secrets/api], mapping: store-mapping.json}
  till-xlsx: {channel: store, format: xlsx, dataset: shop, secrets: [secrets/api], mapping: store-mapping.json}
  web-file: {channel: website, format: csv, dataset: shop, secrets: [secrets/api], mapping: web-mapping.json}
  web-xlsx: {channel: website, format: xlsx, dataset: shop, secrets: [secrets/api], mapping: web-mapping.json}
ingest: {listen: "%s", admin: "%s", metrics: "%s"}
normalizer: {admin: "%s", metrics: "%s"}
forwarder: {admin: "%s", metrics: "%s"}
sandbox: {listen: "%s"}
`, shopID, shopID, ingest, u.ingestAdmin, u.metrics[0], u.normalizerAdmin, u.metrics[1], u.forwarderAdmin, u.metrics[2], sandbox))
	u.process = newProcess(t, "omnicapi", "up", "-c", u.config)
	return u
}

func (u *up) start() {
	u.t.Helper()
	u.process.start()
	u.waitReady()
}

// connect lets the test read the topics of up's broker.
func (u *up) connect() {
	u.t.Helper()
	data := filepath.Join(u.dir, "data")
	addr, err := broker.AddrIn(data)
	if err != nil {
		u.t.Fatal(err)
	}
	u.names = topic.Names{Prefix: config.Default().Kafka.Prefix}
	kafka, err := stream.ConfigOf(config.Kafka{Brokers: []string{addr}, SASL: broker.LoginTo(data)}, "e2e")
	if err != nil {
		u.t.Fatal(err)
	}
	if u.stream, err = stream.Open(kafka, slog.New(slog.DiscardHandler), nil); err != nil {
		u.t.Fatal(err)
	}
	u.t.Cleanup(u.stream.Close)
}

// TestUpKeepsWhatItAccepted: kill -9 of `up` loses nothing that was acknowledged, and the next start goes on with it.
func TestUpKeepsWhatItAccepted(t *testing.T) {
	t.Parallel()
	u := newUp(t)
	u.start()
	var acked, first []string
	for i := range 5 {
		events, ids := numbered(t, fmt.Sprint("kept-", i), 40)
		u.take(shopID, events...)
		acked, first = append(acked, ids...), append(first, ids[0])
	}
	mustBePrivate(t, filepath.Join(u.dir, "data"))
	u.process.kill() // the sandbox forgets, the broker does not: every fate must be on the outcomes topic
	u.start()
	u.connect()
	u.waitDelivered(2*time.Minute, acked)
	for _, id := range first {
		out, errs, code := run(t, time.Minute, "omnicapi", "trace", "-c", u.config, "--output", "json", id)
		if code != 0 || !strings.Contains(out, `"fate":"delivered"`) {
			t.Errorf("trace of %s: exit %d\n%s%s", id, code, out, errs)
		}
	}
	if !strings.Contains(u.process.log.text(), "sandbox") {
		t.Error("no start says that the sandbox stands in for Meta")
	}
}

// mustBePrivate: what up writes holds personal data in clear, and no other user of the machine may read it.
func mustBePrivate(t *testing.T, folder string) {
	t.Helper()
	files := 0
	if err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) { // it has been renamed
			return nil
		}
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %s", path, info.Mode())
		}
		files++
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if files < 10 {
		t.Errorf("%d files in %s", files, folder)
	}
}

// TestSecondUpIsRefused: two brokers on one folder would tear its log.
func TestSecondUpIsRefused(t *testing.T) {
	u := newUp(t)
	u.start()
	_, errs, code := run(t, time.Minute, "omnicapi", "up", "-c", u.config)
	if code == 0 || !strings.Contains(errs, "another process runs on this data folder") {
		t.Errorf("second up: exit %d\n%s", code, errs)
	}
}

// TestDemo is what README tells a newcomer to run first; a second run starts afresh.
func TestDemo(t *testing.T) {
	t.Parallel()
	for range 2 {
		out, errs, code := run(t, 2*time.Minute, "omnicapi", "demo", "--exit")
		if code != 0 {
			t.Fatalf("demo: exit %d\n%s%s", code, out, errs)
		}
		for _, fate := range []string{"delivered", "duplicate", "consent", "refused", "dead"} {
			if !strings.Contains(out, fate) {
				t.Errorf("the table shows no event that is %s:\n%s", fate, out)
			}
		}
	}
}
