package broker

import (
	"encoding/binary"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// TestOnlyRefusalsPass: while the disk takes no writes, an answer passes only if every code in it is the refusal: a topic that is
// said to exist, or a batch that is said to be there already, is not on the disk either.
func TestOnlyRefusalsPass(t *testing.T) {
	const refused = "refused"
	for name, c := range map[string]struct {
		codes []int16
		want  bool
	}{
		refused:               {[]int16{kerr.KafkaStorageError.Code, kerr.KafkaStorageError.Code}, true},
		"one of two written":  {[]int16{kerr.KafkaStorageError.Code, 0}, false},
		"written":             {[]int16{0}, false},
		"there already":       {[]int16{kerr.DuplicateSequenceNumber.Code}, false},
		"nothing was written": {nil, false},
	} {
		resp := kmsg.NewPtrProduceResponse()
		topic := kmsg.NewProduceResponseTopic()
		for _, code := range c.codes {
			p := kmsg.NewProduceResponseTopicPartition()
			p.ErrorCode = code
			topic.Partitions = append(topic.Partitions, p)
		}
		resp.Topics = append(resp.Topics, topic)
		for version := range resp.MaxVersion() + 1 {
			if got := refuses(request{version: version}, framed(resp, version)); got != c.want {
				t.Errorf("%s, version %d: %v", name, version, got)
			}
		}
	}
	create := kmsg.NewPtrCreateTopicsResponse()
	topic := kmsg.NewCreateTopicsResponseTopic()
	topic.ErrorCode = kerr.TopicAlreadyExists.Code
	create.Topics = append(create.Topics, topic)
	if refuses(request{key: create.Key(), version: 5}, framed(create, 5)) {
		t.Error("a topic that exists passes")
	}
	if refuses(request{version: 9}, []byte{0, 0, 0, 5, 0, 0, 0, 0, 0}) {
		t.Error("an answer that can't be read passes")
	}
}

// framed is an answer as it goes over the wire.
func framed(resp kmsg.Response, version int16) []byte {
	resp.SetVersion(version)
	head := make([]byte, 4+4)
	if resp.IsFlexible() {
		head = append(head, 0)
	}
	b := resp.AppendTo(head)
	binary.BigEndian.PutUint32(b, uint32(len(b)-4))
	return b
}
