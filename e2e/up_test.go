package e2e

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"
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

// TestUpKeepsWhatItAccepted: kill -9 of `up` loses nothing that was acknowledged, and the next start goes on with it.
func TestUpKeepsWhatItAccepted(t *testing.T) {
	u := newUp(t)
	u.start()
	var acked []string
	for i := range 5 {
		events, ids := numbered(t, fmt.Sprint("kept-", i), 40)
		if status, answer := u.postGraph(shopID, events...); status != 200 {
			t.Fatalf("answer: %d %s", status, answer)
		}
		acked = append(acked, ids...)
	}
	mustBePrivate(t, filepath.Join(u.dir, "data"))
	u.process.kill() // the sandbox forgets, the broker does not: every fate must be on the outcomes topic
	u.start()
	for _, id := range acked {
		eventually(t, time.Minute, "a fate for "+id, func() (bool, string) {
			out, errs, code := run(t, time.Minute, "omnicapi", "trace", "-c", u.config, "--output", "json", id)
			return code == 0 && strings.Contains(out, `"fate":"delivered"`), out + errs
		})
		if t.Failed() {
			return
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
