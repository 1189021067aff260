package broker

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"pgregory.net/rapid"
)

// kept is a stopped broker with the records kept-0 … kept-9, in segments of that many bytes, and offset 7 committed.
func kept(t *testing.T, segmentBytes int) (r *rig, folder string, acked map[string]bool) {
	t.Helper()
	r = newRig(t, filepath.Join(t.TempDir(), "data"))
	r.create("events", "segment.bytes", strconv.Itoa(segmentBytes))
	acked = map[string]bool{}
	for i := range 10 {
		id := "kept-" + strconv.Itoa(i)
		if err := r.put("events", id+" "+strings.Repeat("x", 500)); err != nil {
			t.Fatal(err)
		}
		acked[id] = true
	}
	if code := r.commit("events", 7); code != 0 {
		t.Fatalf("committing: %d", code)
	}
	r.stop()
	return r, filepath.Join(partitionsPath(kafkaPath(r.dir)), "events-0"), acked
}

const oneSegment, manySegments = 1 << 30, 1000

func change(t *testing.T, path string, f func([]byte) []byte) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, f(raw), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestTornTail (F18): a record that was half written when the process ended is cut off with a warning; everything before it
// is there, and so is what is written after it, over a further restart.
func TestTornTail(t *testing.T) {
	next := batchOf(-1, -1, -1, []byte("torn"))
	binary.BigEndian.PutUint64(next, 10)
	for name, tail := range map[string][]byte{
		"half a batch": next[:len(next)/2], "half a head": next[:20], "a byte": next[:1], "zeros": make([]byte, 5000),
		"a wrong byte": append(bytes.Clone(next[:len(next)-1]), 'x'), "nonsense": bytes.Repeat([]byte{2}, 3000),
	} {
		t.Run(name, func(t *testing.T) {
			r, folder, acked := kept(t, oneSegment)
			change(t, segmentPath(folder, 0), func(raw []byte) []byte { return append(raw, tail...) })
			change(t, filepath.Join(kafkaPath(r.dir), "groups.log"), func(raw []byte) []byte { return append(raw, 9, 0, 0, 0, 1, 2, 3) })
			r.start()
			if n := r.log.lines("level=WARN", "cut off", segmentPath(folder, 0)); n != 1 {
				t.Errorf("%d warnings", n)
			}
			r.mustHold("events", acked)
			if err := r.put("events", "after"); err != nil {
				t.Fatal(err)
			}
			acked["after"] = true
			if code := r.commit("events", 8); code != 0 {
				t.Errorf("committing: %d", code)
			}
			crash(t, r) // an orderly stop would write the logs of state anew
			r.start()
			r.mustHold("events", acked)
			if at := r.committed("events"); at != 8 {
				t.Errorf("committed offset %d", at)
			}
			if end, _ := r.end("events"); end != 11 {
				t.Errorf("the log ends at %d", end)
			}
		})
	}
}

// crash makes the rig go on with a copy of its folder as it is now, as after kill -9.
func crash(t *testing.T, r *rig) {
	t.Helper()
	now := filepath.Join(t.TempDir(), "data")
	if err := errors.Join(os.CopyFS(now, os.DirFS(r.dir)), os.Chmod(now, 0o700)); err != nil {
		t.Fatal(err)
	}
	r.stop()
	r.dir = now
}

// TestDamageIsRefused: records that were acknowledged and can't be read keep the broker from starting, with a text that names
// the file and what to do. kfake would cut them off, or begin anew.
func TestDamageIsRefused(t *testing.T) {
	remove := func(t *testing.T, path string) {
		t.Helper()
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name     string
		segments int
		damage   func(t *testing.T, folder string) (named string)
	}{
		{"a byte in the middle", oneSegment, func(t *testing.T, folder string) string {
			change(t, segmentPath(folder, 0), func(raw []byte) []byte { raw[len(raw)/2] ^= 1; return raw })
			return segmentPath(folder, 0)
		}},
		{"a length in the middle", oneSegment, func(t *testing.T, folder string) string {
			change(t, segmentPath(folder, 0), func(raw []byte) []byte { raw[lengthAt] = 0xff; return raw })
			return segmentPath(folder, 0)
		}},
		{"an earlier segment's end", manySegments, func(t *testing.T, folder string) string {
			change(t, segmentPath(folder, 2), func(raw []byte) []byte { return raw[:len(raw)-5] })
			return segmentPath(folder, 2)
		}},
		{"unreadable", manySegments, func(t *testing.T, folder string) string { // a folder, not even root reads it
			remove(t, segmentPath(folder, 2))
			if err := os.Mkdir(segmentPath(folder, 2), 0o700); err != nil {
				t.Fatal(err)
			}
			return segmentPath(folder, 2)
		}},
		{"the last segment gone", manySegments, func(t *testing.T, folder string) string {
			remove(t, segmentPath(folder, 8))
			return folder
		}},
		{"every segment gone", oneSegment, func(t *testing.T, folder string) string {
			remove(t, segmentPath(folder, 0))
			return folder
		}},
		{"topics.json gone", oneSegment, func(t *testing.T, folder string) string {
			path := topicsPath(filepath.Dir(filepath.Dir(folder)))
			remove(t, path)
			return path
		}},
		{"topics.json cut", oneSegment, func(t *testing.T, folder string) string {
			path := topicsPath(filepath.Dir(filepath.Dir(folder)))
			change(t, path, func(raw []byte) []byte { return raw[:len(raw)/2] })
			return path
		}},
		{"a topic gone", oneSegment, func(t *testing.T, folder string) string {
			path := topicsPath(filepath.Dir(filepath.Dir(folder)))
			change(t, path, func([]byte) []byte { return []byte(`{"version":1,"topics":[]}`) })
			return folder
		}},
		{"meta.json gone", oneSegment, func(t *testing.T, folder string) string {
			path := metaPath(filepath.Dir(filepath.Dir(folder)))
			remove(t, path)
			return path
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, folder, _ := kept(t, c.segments)
			named := c.damage(t, folder)
			err := r.try()
			if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), named) {
				t.Fatalf("started: %v", err)
			}
			if again := r.try(); again == nil || again.Error() != err.Error() { // the first try changed nothing
				t.Errorf("started the second time: %v", again)
			}
		})
	}
}

// TestDamageIsGivenUp: who does what the error says goes on with the records that are left, and is told what is missing.
func TestDamageIsGivenUp(t *testing.T) {
	r, folder, acked := kept(t, manySegments)
	change(t, segmentPath(folder, 2), func(raw []byte) []byte { raw[len(raw)-3] ^= 1; return raw })
	err := r.try()
	_, command, ok := strings.Cut(err.Error(), "truncate -s ")
	size, path, _ := strings.Cut(command, " ")
	n, bad := strconv.ParseInt(size, 10, 64)
	if !ok || bad != nil || path != strconv.Quote(segmentPath(folder, 2)) {
		t.Fatalf("what to do: %v", err)
	}
	if err := os.Truncate(segmentPath(folder, 2), n); err != nil {
		t.Fatal(err)
	}
	r.start()
	delete(acked, "kept-3") // the second record of the segment
	r.mustHold("events", acked)
	if n := r.log.lines("level=ERROR", "records are missing", "from_offset=3", "to_offset=3"); n != 1 {
		t.Errorf("%d lines say what is missing", n)
	}
}

// TestOffsetsOutliveTheRecords: when all records of a partition are past their retention, the next one does not get offset 0
// again: consumers would not look for it there.
func TestOffsetsOutliveTheRecords(t *testing.T) {
	r := newRig(t, filepath.Join(t.TempDir(), "data"))
	r.create("events", "retention.ms", "1")
	for range 3 {
		if err := r.put("events", "old"); err != nil {
			t.Fatal(err)
		}
	}
	folder := filepath.Join(partitionsPath(r.disk.kafka()), "events-0")
	eventually(t, "the records are removed", func() bool {
		<-time.After(2 * time.Millisecond)
		r.cluster.ApplyRetention()
		bases, err := segmentBases(folder)
		return err == nil && len(bases) == 0
	})
	for range 2 { // the second start finds what the first wrote
		r.stop()
		r.start()
		if end, err := r.end("events"); err != nil || end != 3 {
			t.Errorf("the log ends at %d, %v", end, err)
		}
	}
	if err := r.put("events", "new"); err != nil {
		t.Fatal(err)
	}
	if end, err := r.end("events"); err != nil || end != 4 {
		t.Errorf("the log ends at %d, %v", end, err)
	}
}

// TestTopicIDs: clients that name a topic by its id are acknowledged, and a topic made anew under its name as well.
func TestTopicIDs(t *testing.T) {
	r := newRig(t, filepath.Join(t.TempDir(), "data"))
	for range 2 {
		if code := r.create("events"); code != 0 && code != kerr.TopicAlreadyExists.Code {
			t.Fatal(code)
		}
		if err := r.put("events", "one"); err != nil {
			t.Fatal(err)
		}
		if err := r.cluster.DeleteTopic("events"); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Err(); err != nil {
		t.Error(err)
	}
}

// TestWholeEntries: whatever is torn between the entries of a log of state, the entries are all found, in their order.
func TestWholeEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var raw, want []byte
		for range rapid.IntRange(0, 8).Draw(t, "parts") {
			e := entryOf(rapid.SliceOfN(rapid.ByteRange('a', 'z'), 0, 30).Draw(t, "text"))
			if rapid.Bool().Draw(t, "torn") {
				raw = append(raw, e[:rapid.IntRange(0, len(e)-1).Draw(t, "bytes")]...)
				continue
			}
			raw, want = append(raw, e...), append(want, e...)
		}
		got, torn := wholeEntries(raw)
		if !bytes.Equal(got, want) || (torn < 0) != (len(raw) == len(want)) {
			t.Fatalf("%x: got %x, want %x; torn at %d", raw, got, want, torn)
		}
	})
}

func entryOf(text []byte) []byte {
	body := append([]byte{1, 0}, text...)
	e := binary.LittleEndian.AppendUint32(nil, uint32(len(body)))
	e = binary.LittleEndian.AppendUint32(e, checksum(body))
	return append(e, body...)
}

// FuzzMend: whatever the files hold, mending ends, keeps what is whole, and finds nothing to do the second time.
func FuzzMend(f *testing.F) {
	whole := batchOf(-1, -1, -1, []byte("whole"))
	f.Add(whole, entryOf([]byte("{}")))
	f.Add(append(bytes.Clone(whole), whole[:30]...), []byte{9, 0, 0, 0})
	f.Fuzz(func(t *testing.T, segment, entries []byte) {
		path := filepath.Join(t.TempDir(), "0.dat")
		if err := os.WriteFile(path, segment, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := scanSegment(path, 0, false)
		if err != nil || s.whole > s.size || s.whole < 0 {
			t.Fatal(s, err)
		}
		if _, err := s.goesOn(); err != nil {
			t.Fatal(err)
		}
		if err := s.cut(); err != nil {
			t.Fatal(err)
		}
		if again, err := scanSegment(path, 0, false); err != nil || again.whole != again.size || again.next != s.next {
			t.Errorf("cut at %d, then %+v %v", s.whole, again, err)
		}
		mended, _ := wholeEntries(entries)
		if again, torn := wholeEntries(mended); torn >= 0 || !bytes.Equal(again, mended) {
			t.Errorf("mended %x, then %x", mended, again)
		}
	})
}
