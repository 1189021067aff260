package broker

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
)

// kfake's layout below the data folder's kafka: topics.json, groups.log, pids.log, and for each partition a folder of
// segments (base offset.dat) with their indexes (.idx) and the snapshot of the last orderly stop.

func metaPath(kafka string) string       { return filepath.Join(kafka, "meta.json") }
func topicsPath(kafka string) string     { return filepath.Join(kafka, "topics.json") }
func sequencesPath(kafka string) string  { return filepath.Join(kafka, "seq_windows.json") }
func partitionsPath(kafka string) string { return filepath.Join(kafka, "partitions") }

func partitionName(topic string, partition int32) string {
	return url.PathEscape(topic) + "-" + strconv.Itoa(int(partition))
}

func segmentPath(folder string, base int64) string {
	return filepath.Join(folder, strconv.FormatInt(base, 10)+".dat")
}

// segmentBases returns the base offsets of a partition's segments, in no order.
func segmentBases(folder string) ([]int64, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var bases []int64
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".dat"); ok {
			if base, err := strconv.ParseInt(name, 10, 64); err == nil {
				bases = append(bases, base)
			}
		}
	}
	return bases, nil
}

// flusher waits for the disk once for all who ask meanwhile.
type flusher struct {
	mu            sync.Mutex
	asked, synced uint64
	busy          sync.Mutex
	err           error // of the last sync
}

func (f *flusher) flush(sync func() error) error {
	f.mu.Lock()
	f.asked++
	mine := f.asked
	f.mu.Unlock()
	f.busy.Lock()
	defer f.busy.Unlock()
	if f.synced >= mine { // by a sync that began after this call
		return f.err
	}
	f.mu.Lock()
	upTo := f.asked
	f.mu.Unlock()
	f.err = sync()
	f.synced = upTo
	return f.err
}

// flush returns nil once the file is on the disk. A file that is new takes the folders that name it with it.
func (d *disk) flush(path string) error {
	d.mu.Lock()
	f, known := d.files[path]
	if !known {
		f = &flusher{}
		d.files[path] = f
	}
	d.mu.Unlock()
	return f.flush(func() error {
		if err := d.fsync(path); err != nil {
			return err
		}
		if known || runtime.GOOS == "windows" { // which syncs no folder
			return nil
		}
		folder := filepath.Dir(path)
		if err := d.fsync(folder); err != nil {
			return err
		}
		return d.fsync(filepath.Dir(folder))
	})
}

// flushBatch returns nil once the batch that begins at offset is on the disk.
func (d *disk) flushBatch(topic string, partition int32, offset int64) error {
	folder := filepath.Join(partitionsPath(d.kafka()), partitionName(topic, partition))
	bases, err := segmentBases(folder)
	if err != nil {
		return err
	}
	holds := int64(-1)
	for _, base := range bases {
		if base <= offset {
			holds = max(holds, base)
		}
	}
	if holds < 0 {
		return fmt.Errorf("%s has no segment with offset %d: %w", folder, offset, os.ErrNotExist)
	}
	return d.flush(segmentPath(folder, holds))
}

// topics is kfake's topics.json.
type topics struct {
	Topics []struct {
		Name       string            `json:"name"`
		ID         string            `json:"id"` // base64
		Partitions int32             `json:"partitions"`
		Configs    map[string]string `json:"configs"`
	} `json:"topics"`
}

func readTopics(kafka string) (*topics, error) {
	text, err := os.ReadFile(topicsPath(kafka))
	if err != nil {
		return nil, err
	}
	var t topics
	if err := json.Unmarshal(text, &t); err != nil {
		return nil, fmt.Errorf("reading %s: %w", topicsPath(kafka), err)
	}
	return &t, nil
}

// topicName returns the name of the topic with the id, which newer clients send instead; "": there is none.
func (d *disk) topicName(id [16]byte) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if name, ok := d.names[id]; ok {
		return name, nil
	}
	t, err := readTopics(d.kafka())
	if err != nil {
		return "", err
	}
	for i := range t.Topics {
		if raw, err := base64.StdEncoding.DecodeString(t.Topics[i].ID); err == nil && len(raw) == len(id) {
			d.names[[16]byte(raw)] = t.Topics[i].Name
		}
	}
	return d.names[id], nil
}

// deleted says that the topic is on the list no more.
func (d *disk) deleted(name string) bool {
	t, err := readTopics(d.kafka())
	if err != nil {
		return false
	}
	for i := range t.Topics {
		if t.Topics[i].Name == name {
			return false
		}
	}
	return true
}
