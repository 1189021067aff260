package event

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/record"
)

func someDeath() *DeadLetter {
	return &DeadLetter{
		Stage: fault.Forwarder, Reason: fault.Refused, Detail: "100/2804009", Topic: "signals.shop", Partition: 3, Offset: 42,
		Attempts: 2, FBTraceID: "Ap15kJWFpVIhPbM7teS-bvX", FailedAt: time.Date(2026, 11, 25, 15, 0, 0, 5e6, time.UTC),
	}
}

func TestDeadLetterGolden(t *testing.T) {
	d, s := someDeath(), fullSignal()
	s.Replays, s.ReplayFor = 0, nil
	rec := s.Record("signals.shop", []byte(`{"event_name":"Purchase"}`))
	letter := d.Record("deadletters", s.ID, &rec)
	golden(t, "deadletter.txt", appendRecord(nil, &letter))
	var got DeadLetter
	if err := got.Decode(&letter); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, &got); diff != "" {
		t.Error(diff)
	}
	replay := got.Replay(&letter)
	golden(t, "replay.txt", appendRecord(nil, &replay))
}

// TestReplayAgain follows a raw event through two deaths: its key, arrival and headers come back, its replays add up.
func TestReplayAgain(t *testing.T) {
	r := fullRaw()
	rec := RawRecord("events.website", r, AppendRaw(nil, r))
	want := rec
	for n := 1; n <= 2; n++ {
		d := someDeath()
		d.Topic = rec.Topic
		letter := d.Record("deadletters", r.ID, &rec)
		if string(letter.Key) != string(r.ID) || !letter.Time.Equal(d.FailedAt) {
			t.Fatalf("letter key %s time %v", letter.Key, letter.Time)
		}
		var got DeadLetter
		if err := got.Decode(&letter); err != nil || got.Replays != n-1 {
			t.Fatalf("decoding: %v, %d replays, want %d", err, got.Replays, n-1)
		}
		rec = got.Replay(&letter)
		if Replays(&rec) != n {
			t.Fatalf("%d replays, want %d", Replays(&rec), n)
		}
		want.Headers = append(RawRecord("", r, nil).Headers,
			record.Header{Key: "dlq_replays", Value: []byte{'0' + byte(n)}}, record.Header{Key: "dlq_stage", Value: []byte(d.Stage)})
		if diff := cmp.Diff(want, rec); diff != "" {
			t.Fatal(diff)
		}
	}
}

// TestReplayIsForItsStage: a record and a dead letter are for everybody who reads their topic, a replay for the stage where
// it failed.
func TestReplayIsForItsStage(t *testing.T) {
	s := fullSignal()
	s.Replays, s.ReplayFor = 0, nil
	rec := s.Record("signals.shop", []byte(`{}`))
	d := someDeath()
	d.Stage = "audience"
	letter := d.Record("deadletters", s.ID, &rec)
	replay := d.Replay(&letter)
	for stage, want := range map[fault.Stage][3]bool{
		fault.Forwarder: {true, true, false}, "audience": {true, true, true}, "": {true, true, false},
	} {
		if got := [3]bool{IsFor(stage, &rec), IsFor(stage, &letter), IsFor(stage, &replay)}; got != want {
			t.Errorf("%q: record, letter, replay are for it: %v, want %v", stage, got, want)
		}
	}
}

func TestDeadLetterDecodeRefuses(t *testing.T) {
	for _, header := range []string{"dlq_stage", "dlq_reason", "dlq_topic", "dlq_partition", "dlq_offset", "dlq_failed_at"} {
		rec := record.Record{Key: []byte("k"), Time: time.Unix(1, 0)}
		letter := someDeath().Record("deadletters", []byte("e"), &rec)
		for i := range letter.Headers {
			if letter.Headers[i].Key == header {
				letter.Headers[i].Value = nil
			}
		}
		var d DeadLetter
		if f := fault.Of(d.Decode(&letter)); f == nil || f.Error() != "undecodable: "+header {
			t.Errorf("without %s: %v", header, f)
		}
	}
}

func FuzzDeadLetterDecode(f *testing.F) {
	f.Add("forwarder", "refused", "100/1", "t", "3", "42", "2", "2026-11-25T15:00:00.005Z", "1")
	f.Add("", "", "", "", "", "", "", "", "")
	f.Fuzz(func(t *testing.T, stage, reason, detail, topic, partition, offset, attempts, failed, replays string) {
		rec := record.Record{}
		for i, v := range []string{stage, reason, detail, topic, partition, offset, attempts, failed, replays} {
			key := []string{"dlq_stage", "dlq_reason", "dlq_detail", "dlq_topic", "dlq_partition", "dlq_offset", "dlq_attempts", "dlq_failed_at", "dlq_replays"}[i]
			rec.Headers = append(rec.Headers, record.Header{Key: key, Value: []byte(v)})
		}
		var d, again DeadLetter
		if err := d.Decode(&rec); err != nil {
			return
		}
		replay := d.Replay(&rec)
		letter := d.Record("deadletters", []byte("id"), &replay)
		if err := again.Decode(&letter); err != nil {
			t.Fatal(err)
		}
		if again.Replays != d.Replays+1 {
			t.Fatalf("%d replays after %d", again.Replays, d.Replays)
		}
	})
}

// TestLetterIsOneCopy (T16): a dead letter is the record that failed and some hundred bytes, however often it was replayed and failed
// again, and its outcome has nothing of the record but what names it. So what a request costs is bounded behind ingest, too.
func TestLetterIsOneCopy(t *testing.T) {
	size := func(r *record.Record) int {
		n := len(r.Key) + len(r.Value)
		for _, h := range r.Headers {
			n += len(h.Key) + len(h.Value)
		}
		return n
	}
	const most = 1 << 10
	value := bytes.Repeat([]byte("x"), 100_000)
	rec := record.Record{Topic: "omnicapi.events.website", Key: bytes.Repeat([]byte("k"), 64), Value: value, Time: time.Unix(1_700_000_000, 0), Headers: []record.Header{{Key: "content-type", Value: []byte(RawContentType)}}}
	was := size(&rec)
	for replays := range 4 {
		d := DeadLetter{Stage: fault.Normalizer, Reason: fault.MissingField, Detail: "user_data.external_id", Topic: rec.Topic, Partition: 11, Offset: 1 << 40, Attempts: 3, FBTraceID: "AbCdEfGhIjKlMnOpQrStUvW", FailedAt: rec.Time}
		letter := d.Record("omnicapi.deadletters", []byte("id"), &rec)
		if n := size(&letter); n > was+most {
			t.Errorf("after %d replays a record of %d bytes makes a letter of %d", replays, was, n)
		}
		if err := d.Decode(&letter); err != nil {
			t.Fatal(err)
		}
		rec = d.Replay(&letter)
	}
	o := Outcome{BatchID: NewBatchID(), Stage: fault.Normalizer, Events: []EventFate{{ID: "id", Name: "Purchase", Channel: "website", Source: "page", Trust: Unproven, Fate: fault.Dead, Reason: fault.MissingField, Detail: "user_data", Topic: rec.Topic}}}
	for _, r := range o.Records("outcomes") {
		if n := size(&r); n > most {
			t.Errorf("an outcome of one event takes %d bytes", n)
		}
	}
}
