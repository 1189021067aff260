package stream

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"testing"

	"github.com/segmentio/kafka-go"
)

// TestJudge has each code that is not simply retried, and one of each kind that is.
func TestJudge(t *testing.T) {
	for want, errs := range map[action][]error{
		written: {nil, kafka.DuplicateSequenceNumber},
		restamp: {kafka.OutOfOrderSequenceNumber, kafka.UnknownProducerId, kafka.InvalidProducerEpoch},
		isolate: {kafka.MessageSizeTooLarge, kafka.RecordListTooLarge, kafka.InvalidRecord, kafka.InvalidTimestamp},
		abandon: {kafka.TopicAuthorizationFailed, kafka.ClusterAuthorizationFailed, kafka.InvalidTopic, kafka.PolicyViolation, kafka.InvalidRequiredAcks},
		retry: {
			io.ErrUnexpectedEOF, net.ErrClosed, errNoLeader, errNoAnswer, kafka.RequestTimedOut, kafka.NotEnoughReplicas,
			kafka.NotEnoughReplicasAfterAppend, kafka.NotLeaderForPartition, kafka.UnknownTopicOrPartition, kafka.BrokerNotAvailable, kafka.Unknown, kafka.Error(9999),
		},
	} {
		for _, err := range errs {
			for _, e := range []error{err, wrapped(err)} {
				if got := actionFor(e); got != want {
					t.Errorf("%v: %d, want %d", e, got, want)
				}
			}
		}
	}
}

func wrapped(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("asking: %w", err)
}

// TestSequencesWrapToZero, since Kafka's do.
func TestSequencesWrapToZero(t *testing.T) {
	q := &queue{seq: math.MaxInt32 - 1}
	for _, want := range []int32{math.MaxInt32, 0, 1} {
		if q.written(&recordBatch{count: 1}); q.seq != want {
			t.Errorf("sequence %d, want %d", q.seq, want)
		}
	}
}

// TestANewProducerIDBeginsAtZero, and the old one goes on where it was.
func TestANewProducerIDBeginsAtZero(t *testing.T) {
	q := &queue{id: 7, seq: 41}
	b := newRecordBatch(testTime)
	b.add(&Record{}, 0, 0)
	if q.stamp(b, 7, 1, false); b.stamp != (stamp{7, 1, 41}) {
		t.Errorf("the same id: %+v", b.stamp)
	}
	if q.stamp(b, 8, 1, false); b.stamp != (stamp{8, 1, 0}) {
		t.Errorf("a new id: %+v", b.stamp)
	}
}

// TestRefusalsAreOurs: too large is said in our words, what else Kafka refuses keeps its code.
func TestRefusalsAreOurs(t *testing.T) {
	if err := refusal("topic", kafka.MessageSizeTooLarge); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	if err := refusal("topic", kafka.TopicAuthorizationFailed); !errors.Is(err, kafka.TopicAuthorizationFailed) {
		t.Error(err)
	}
}
