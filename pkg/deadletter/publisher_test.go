package deadletter_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/deadletter"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

func TestMain(m *testing.M) { kafkatest.Main(m) }

// letterOf is the dead letter of a record with so large a key, header and value.
func letterOf(names topic.Names, key, header, value int) stream.Record {
	rec := stream.Record{
		Topic: names.Signals("shop"), Partition: 2, Offset: 7, Key: bytes.Repeat([]byte("k"), key), Value: make([]byte, value),
		Headers: []stream.Header{{Key: "ce_id", Value: bytes.Repeat([]byte("h"), header)}},
	}
	d := event.DeadLetter{Stage: fault.Forwarder, Reason: fault.Undecodable, Topic: rec.Topic, Partition: rec.Partition, Offset: rec.Offset}
	return d.Record(names.DeadLetters(), rec.Key, &rec)
}

// TestOversize (F53): the topic of dead letters holds the letter of the largest record whole; one that it does not hold is there
// without its value, or without its headers too, and costs no other record of its call.
func TestOversize(t *testing.T) {
	t.Parallel()
	client, names := kafkatest.Client(t), kafkatest.Names(t)
	kafkatest.Create(t, client, names, 1, "shop")
	producer := client.NewProducer(stream.ProducerConfig{})
	defer producer.Close(context.Background())
	var log bytes.Buffer
	p := deadletter.Publisher{Next: producer, Topic: names.DeadLetters(), Log: slog.New(slog.NewTextHandler(&log, nil))}
	small := stream.Record{Topic: names.Outcomes(), Value: []byte("small")}
	giant := stream.Record{Topic: names.Outcomes(), Value: make([]byte, topic.MaxRecordBytes)}
	whole := letterOf(names, 10, 10, topic.MaxRecordBytes-100)
	valueless := letterOf(names, 400_000, 10, 600_000)
	bare := letterOf(names, 400_000, 600_000, 10)
	err := p.Publish(t.Context(), small, valueless, giant, whole, small, bare)
	var large *stream.TooLargeError
	if !errors.As(err, &large) || !slices.Equal(large.Indexes, []int{2}) {
		t.Fatalf("what is no letter: %v", err)
	}
	var outcomes int
	if err := client.Scan(t.Context(), names.Outcomes(), whole.Time, func(*stream.Record) error { outcomes++; return nil }); err != nil || outcomes != 2 {
		t.Errorf("%d other records, %v", outcomes, err)
	}
	got := map[int]event.DeadLetter{}
	err = client.Scan(t.Context(), names.DeadLetters(), whole.Time, func(r *stream.Record) error {
		var d event.DeadLetter
		err := d.Decode(r)
		got[len(r.Value)+len(r.Key)] = d
		return err
	})
	if err != nil || len(got) != 3 {
		t.Fatalf("%v: %v", err, got)
	}
	for size, reason := range map[int]fault.Reason{
		topic.MaxRecordBytes - 90: fault.Undecodable, 400_000: fault.Oversize, len(names.Signals("shop")) + len("-2-7"): fault.Oversize,
	} {
		if d := got[size]; d.Reason != reason || d.Offset != 7 || d.Partition != 2 || d.Shortened != (reason == fault.Oversize) {
			t.Errorf("%d bytes: %+v", size, d)
		}
	}
	if n := strings.Count(log.String(), "too large"); n != 2 {
		t.Errorf("%d lines: %s", n, &log)
	}
}

// limited takes records up to a size, as a broker whose topic was made by others.
type limited struct {
	most int
	got  []stream.Record
}

func (l *limited) Publish(_ context.Context, recs ...stream.Record) error {
	var large []int
	for i := range recs {
		if len(recs[i].Value) > l.most {
			large = append(large, i)
			continue
		}
		l.got = append(l.got, recs[i])
	}
	if len(large) > 0 {
		return &stream.TooLargeError{Topic: recs[large[0]].Topic, Index: large[0], Indexes: large}
	}
	return nil
}

// TestTopicOfOthers: a topic of dead letters that was made for smaller records gets the letters without their values.
func TestTopicOfOthers(t *testing.T) {
	names := topic.Names{Prefix: "p."}
	l := &limited{most: 100}
	p := deadletter.Publisher{Next: l, Topic: names.DeadLetters()}
	if err := p.Publish(t.Context(), letterOf(names, 3, 3, 101), letterOf(names, 3, 3, 100)); err != nil {
		t.Fatal(err)
	}
	if len(l.got) != 2 || len(l.got[0].Value) != 100 || l.got[1].Value != nil || string(l.got[1].Header("dlq_value_bytes")) != "101" {
		t.Errorf("%v", l.got)
	}
	l.most = -1
	var large *stream.TooLargeError
	if err := p.Publish(t.Context(), letterOf(names, 3, 3, 0)); err == nil || errors.As(err, &large) {
		t.Errorf("where nothing fits: %v", err)
	}
}

// outage takes a number of writes, then none.
type outage struct {
	next   stream.Publisher
	writes int
	err    error
}

func (o *outage) Publish(ctx context.Context, recs ...stream.Record) error {
	if o.writes--; o.writes < 0 {
		return o.err
	}
	return o.next.Publish(ctx, recs...)
}

// TestShorterLetterMustBeWritten: while Kafka does not take it, the caller hears that, and repeats the whole call.
func TestShorterLetterMustBeWritten(t *testing.T) {
	names := topic.Names{Prefix: "p."}
	o := &outage{next: &limited{most: 100}, writes: 1, err: errors.New("no leader")}
	p := deadletter.Publisher{Next: o, Topic: names.DeadLetters()}
	if err := p.Publish(t.Context(), letterOf(names, 3, 3, 101)); !errors.Is(err, o.err) {
		t.Errorf("the shorter letter was not written: %v", err)
	}
	if err := p.Publish(t.Context(), letterOf(names, 3, 3, 1)); !errors.Is(err, o.err) {
		t.Errorf("nor this one: %v", err)
	}
}
