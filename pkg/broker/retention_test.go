package broker

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestRetentionBytes: a partition keeps no more than its topic says, or the broker for topics that say nothing: the oldest records go,
// their files with them, the newest stay, over a restart, too.
func TestRetentionBytes(t *testing.T) {
	const records, each, most = 60, 20_000, 300_000
	for name, configs := range map[string][]string{"its own": {"retention.bytes", strconv.Itoa(most)}, "the broker's": nil} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, t.TempDir())
			r.stop()
			if name == "the broker's" {
				b, err := Start(Options{Dir: r.dir, Sync: true, Open: true, Log: slog.New(slog.NewTextHandler(r.log, nil)), Retention: most})
				if err != nil {
					t.Fatal(err)
				}
				r.Broker = b
			} else {
				r.start()
			}
			r.create("events", append(configs, "retention.ms", "604800000", "segment.bytes", "65536")...)
			for i := range records {
				if err := r.put("events", fmt.Sprintf("%d %s", i, strings.Repeat("x", each))); err != nil {
					t.Fatal(err)
				}
			}
			r.cluster.ApplyRetention()
			got := r.read("events")
			if got["0"] != 0 || got[strconv.Itoa(records-1)] != 1 || len(got) < 10 || len(got) > most/each {
				t.Errorf("%d records, the first %d times, the last %d times", len(got), got["0"], got[strconv.Itoa(records-1)])
			}
			if n := r.onDisk("events"); n > most+65536+each {
				t.Errorf("%d bytes on the disk", n)
			}
			r.stop()
			r.start()
			again := r.read("events")
			if len(again) < len(got) || again[strconv.Itoa(records-1)] != 1 {
				t.Errorf("after a restart %d records, %d before", len(again), len(got))
			}
		})
	}
}

// onDisk is the bytes of a topic's one partition.
func (r *rig) onDisk(topic string) (n int64) {
	r.t.Helper()
	files, err := filepath.Glob(filepath.Join(partitionsPath(kafkaPath(r.dir)), topic+"-0", "*.dat"))
	if err != nil {
		r.t.Fatal(err)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			r.t.Fatal(err)
		}
		n += info.Size()
	}
	return n
}
