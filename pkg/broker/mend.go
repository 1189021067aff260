package broker

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrDamaged says that records which were acknowledged can't be read. The broker does not start then: it would lose them
// silently. The error's text says what to do.
var ErrDamaged = errors.New("the data folder is damaged")

// mend makes what a broker left good for the next one: what was being written when it ended is cut off, with a warning; no
// answer promised it. Whatever else is wrong is an error, before kfake cuts it off itself.
func mend(kafka string, log *slog.Logger) error {
	if _, err := os.Stat(metaPath(kafka)); errors.Is(err, fs.ErrNotExist) {
		return fresh(kafka)
	}
	for _, name := range []string{"groups.log", "pids.log"} {
		gone, err := mendLog(filepath.Join(kafka, name))
		if err != nil {
			return err
		}
		if gone > 0 {
			log.Warn("cut off what was half written", "file", filepath.Join(kafka, name), "bytes", gone)
		}
	}
	t, err := readTopics(kafka)
	if err != nil {
		return fmt.Errorf("%w: without the list of topics no record can be read, put it back: %w", ErrDamaged, err)
	}
	left, err := os.ReadDir(partitionsPath(kafka))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading the partitions: %w", err)
	}
	for i := range t.Topics {
		for p := range t.Topics[i].Partitions {
			name := partitionName(t.Topics[i].Name, p)
			left = slices.DeleteFunc(left, func(e fs.DirEntry) bool { return e.Name() == name })
			if err := mendPartition(filepath.Join(partitionsPath(kafka), name), t.Topics[i].Configs, log); err != nil {
				return err
			}
		}
	}
	return orphans(partitionsPath(kafka), left)
}

// fresh refuses records without meta.json: kfake would take the folder for a new one.
func fresh(kafka string) error {
	left, err := os.ReadDir(partitionsPath(kafka))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the partitions: %w", err)
	}
	if err := orphans(partitionsPath(kafka), left); err != nil {
		return fmt.Errorf("%s is gone: %w", metaPath(kafka), err)
	}
	return nil
}

// orphans refuses segments of a topic that the list of topics does not have: who makes the topic anew would write into them.
func orphans(partitions string, left []fs.DirEntry) error {
	for _, e := range left {
		folder := filepath.Join(partitions, e.Name())
		bases, err := segmentBases(folder)
		if err != nil {
			return fmt.Errorf("reading a partition: %w", err)
		}
		if len(bases) > 0 {
			return fmt.Errorf("%w: %s has records of a topic that is not in topics.json: put the list back, or move the folder away to go on without them",
				ErrDamaged, folder)
		}
	}
	return nil
}

// retention is how long a topic keeps its records; negative: for ever.
func retention(configs map[string]string) time.Duration {
	ms, err := strconv.ParseInt(configs["retention.ms"], 10, 64)
	if err != nil || ms < 0 {
		return -1
	}
	return time.Duration(ms) * time.Millisecond
}

// mendPartition scans a partition's segments.
func mendPartition(folder string, configs map[string]string, log *slog.Logger) error {
	bases, err := segmentBases(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // nothing was written to it yet
	}
	if err != nil {
		return fmt.Errorf("reading a partition: %w", err)
	}
	slices.Sort(bases)
	gaps := strings.Contains(configs["cleanup.policy"], "compact")
	var segments []segment
	for _, base := range bases {
		s, err := scanSegment(segmentPath(folder, base), base, gaps)
		if err != nil {
			return fmt.Errorf("%w: its records would be lost: make it readable and writable, or move it away to go on without them: %w", ErrDamaged, err)
		}
		segments = append(segments, s)
	}
	for i := range segments {
		next := int64(-1)
		if i+1 < len(segments) {
			next = segments[i+1].base
		}
		if err := mendSegment(&segments[i], next, gaps, log); err != nil {
			return err
		}
	}
	segments, err = withoutEmpty(segments)
	if err != nil {
		return err
	}
	return mendEnd(folder, segments, retention(configs))
}

// mendSegment cuts off the end of a write that was cut off. next is the following segment's first offset, -1 if there is none.
func mendSegment(s *segment, next int64, gaps bool, log *slog.Logger) error {
	if s.whole < s.size {
		more, err := s.goesOn()
		if err != nil {
			return err
		}
		if more || next > s.next && !gaps {
			return fmt.Errorf("%w: %s is unreadable from byte %d on (offset %d), and records follow: put a good copy back, or, to go on without them: truncate -s %d %q",
				ErrDamaged, s.path, s.whole, s.next, s.whole, s.path)
		}
		gone := s.size - s.whole
		if err := s.cut(); err != nil {
			return err
		}
		log.Warn("cut off what was half written", "file", s.path, "bytes", gone, "offset", s.next)
	}
	if next > s.next && !gaps {
		log.Error("records are missing: a segment was removed or cut", "after", s.path, "from_offset", s.next, "to_offset", next-1)
	}
	return nil
}

// withoutEmpty removes the files without a batch.
func withoutEmpty(segments []segment) ([]segment, error) {
	var kept []segment
	for _, s := range segments {
		if s.whole > 0 {
			kept = append(kept, s)
		} else if err := os.Remove(s.path); err != nil {
			return nil, fmt.Errorf("removing an empty segment: %w", err)
		}
	}
	return kept, nil
}

// snapshot is what mendEnd needs of a partition's snapshot.json, written at an orderly stop.
type snapshot struct {
	End   int64 `json:"high_watermark"`
	Start int64 `json:"log_start_offset"`
	Last  int64 `json:"max_timestamp"` // Unix ms
}

// mendEnd looks at where the log ends. It has no segment left once all its records are past their retention: kfake would then
// begin at offset 0 again, where consumers do not look for records.
func mendEnd(folder string, segments []segment, kept time.Duration) error {
	path := filepath.Join(folder, "snapshot.json")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading a partition's snapshot: %w", err)
	}
	var snap snapshot
	if err := json.Unmarshal(text, &snap); err != nil {
		snap = snapshot{} // kfake, too, takes it for none
	}
	end := int64(0)
	if n := len(segments); n > 0 {
		end = segments[n-1].next
	}
	if end >= snap.End {
		return nil
	}
	expired := kept >= 0 && time.Since(time.UnixMilli(snap.Last)) >= kept
	if snap.Start < snap.End && !expired || len(segments) > 0 {
		return fmt.Errorf("%w: the records of %s end at offset %d, and it had them up to %d: put the missing segment back, or, to go on without them, remove %s",
			ErrDamaged, folder, end, snap.End, path)
	}
	return keepEnd(path, text, snap.End)
}

// keepEnd writes an empty segment at the end of the log and a snapshot that says so.
func keepEnd(path string, text []byte, end int64) error {
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	all["log_start_offset"], all["segments"] = end, []map[string]int64{{"base_offset": end, "size": 0}}
	text, err := json.Marshal(all)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := os.WriteFile(segmentPath(filepath.Dir(path), end), nil, 0o600); err != nil {
		return fmt.Errorf("writing a segment: %w", err)
	}
	if err := writeWhole(path, text); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}
