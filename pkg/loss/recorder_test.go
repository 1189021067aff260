package loss_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/loss"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

type kafka struct {
	stored []stream.Record
	err    error
}

func (k *kafka) Publish(_ context.Context, recs ...stream.Record) error {
	if k.err == nil {
		k.stored = append(k.stored, recs...)
	}
	return k.err
}

func TestRecord(t *testing.T) {
	now := time.Date(2026, 11, 25, 15, 0, 0, 0, time.UTC)
	k := &kafka{err: errors.New("no room")}
	r := loss.Recorder{Publisher: k, Names: topic.Names{Prefix: "p."}, Stage: fault.Forwarder, Now: func() time.Time { return now }}
	l := stream.Loss{Group: "p.forwarder.signals.shop", Topic: "p.signals.shop", Partition: 2, From: 10, To: 25, Cause: fault.Truncated}
	if err := r.Record(t.Context(), l); !errors.Is(err, k.err) {
		t.Errorf("not written: %v", err)
	}
	k.err = nil
	if err := r.Record(t.Context(), l); err != nil || len(k.stored) != 1 || k.stored[0].Topic != "p.outcomes" {
		t.Fatal(err, k.stored)
	}
	got, err := event.DecodeLoss(k.stored[0].Value)
	want := &event.Loss{Stage: fault.Forwarder, Dataset: "shop", NoticedAt: now, Lost: event.Lost{
		Group: l.Group, Topic: l.Topic, Partition: 2, From: 10, To: 25, Count: 15, Cause: fault.Truncated,
	}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
}
