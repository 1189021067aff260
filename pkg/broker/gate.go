package broker

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/omnicapi/omnicapi/pkg/crashpoint"
)

// writing are the requests whose answer promises that something is on the disk.
var writing = []kmsg.Key{
	kmsg.Produce, kmsg.OffsetCommit, kmsg.CreateTopics, kmsg.DeleteTopics, kmsg.CreatePartitions, kmsg.DeleteRecords,
	kmsg.AlterConfigs, kmsg.IncrementalAlterConfigs, kmsg.DeleteGroups, kmsg.OffsetDelete, kmsg.InitProducerID,
	kmsg.AddPartitionsToTxn, kmsg.AddOffsetsToTxn, kmsg.TxnOffsetCommit, kmsg.EndTxn, kmsg.WriteTxnMarkers,
}

// guard makes kfake refuse, before it acts on them, requests that write while the disk takes none: it would acknowledge
// the repetition of a batch that it could not write, as a duplicate. Reading goes on.
func (d *disk) guard(c *kfake.Cluster) {
	c.Fault(kfake.Fault{
		Keys: writing, Err: kerr.KafkaStorageError, Count: -1,
		When: func(kmsg.Request) bool { return d.Err() != nil },
	})
}

// errUnanswered ends a connection instead of an answer that would promise what the disk does not hold.
var errUnanswered = errors.New("the disk did not take it")

// answered is called with each answer before the client sees it; an error withholds it. The client then does not know,
// which is the truth, asks again on a new connection and is refused. A refusal of guard's promises nothing, and passes.
func (d *disk) answered(to request, answer []byte) error {
	if !slices.Contains(writing, kmsg.Key(to.key)) {
		return nil
	}
	if to.key == int16(kmsg.Produce) && d.Err() == nil {
		if err := d.produced(to, answer); err != nil {
			d.fail(err)
		}
	}
	if d.Err() != nil && !refuses(to, answer) {
		return errUnanswered
	}
	return nil
}

// read decodes an answer.
func (r request) read(answer []byte) (kmsg.Response, error) {
	resp := kmsg.ResponseForKey(r.key)
	resp.SetVersion(r.version)
	body := answer[4+4:] // after length and correlation id
	if resp.IsFlexible() {
		body = body[1:] // no tags
	}
	if err := resp.ReadFrom(body); err != nil {
		return nil, fmt.Errorf("reading an answer: %w", err)
	}
	return resp, nil
}

// refuses says whether guard has refused all that was asked for. Other errors do not count: that a topic exists, or that a
// batch was written before, is a promise in other words.
func refuses(to request, answer []byte) bool {
	resp, err := to.read(answer)
	if err != nil {
		return false
	}
	found, others := codes(reflect.ValueOf(resp))
	return found > 0 && others == 0
}

// codes counts the error codes of an answer, and those that are not guard's.
func codes(v reflect.Value) (found, others int) {
	add := func(v reflect.Value) {
		f, o := codes(v)
		found, others = found+f, others+o
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			add(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			add(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Name != "ErrorCode" {
				add(v.Field(i))
				continue
			}
			found++
			if v.Field(i).Int() != int64(kerr.KafkaStorageError.Code) {
				others++
			}
		}
	default: // no code in it
	}
	return found, others
}

// produced returns nil once every batch that the answer acknowledges is on the disk.
func (d *disk) produced(to request, answer []byte) error {
	read, err := to.read(answer)
	if err != nil {
		return err
	}
	resp := read.(*kmsg.ProduceResponse) //nolint:forcetypeassert // the answer to a Produce
	var all sync.WaitGroup
	var mu sync.Mutex
	var errs []error
	wrote := false
	crashpoint.Reach(crashpoint.BrokerWritten)
	for i := range resp.Topics {
		t := &resp.Topics[i]
		for j := range t.Partitions {
			p := &t.Partitions[j]
			switch {
			case p.ErrorCode == kerr.UnknownServerError.Code: // kfake's word for a write that failed
				return fmt.Errorf("a record batch of %s-%d was not written", t.Topic, p.Partition)
			case p.ErrorCode != 0:
				continue
			}
			wrote = true
			if d.sync {
				all.Go(func() {
					if err := d.flushAnswer(t, p); err != nil {
						mu.Lock()
						defer mu.Unlock()
						errs = append(errs, err)
					}
				})
			}
		}
	}
	all.Wait()
	if len(errs) > 0 {
		return errs[0]
	}
	if wrote {
		crashpoint.Reach(crashpoint.BrokerSynced)
		d.wrote()
	}
	return nil
}

func (d *disk) flushAnswer(t *kmsg.ProduceResponseTopic, p *kmsg.ProduceResponseTopicPartition) error {
	name := t.Topic
	if name == "" {
		var err error
		if name, err = d.topicName(t.TopicID); err != nil {
			return err
		} else if name == "" {
			return nil // deleted since
		}
	}
	err := d.flushBatch(name, p.Partition, p.BaseOffset)
	if errors.Is(err, fs.ErrNotExist) && d.deleted(name) {
		return nil // its records were given up with it
	}
	return err
}

// storageWords begin what kfake logs of a write that failed. It logs it before it answers.
var storageWords = []string{"persist ", "compact groups.log", "compact pids.log", "rebuildSegments ", "delete topic ", "save session state"}

// brokerLog passes what an operator should see: kfake's warnings and errors. That a write failed goes to the disk, which
// says it once.
type brokerLog struct {
	log  *slog.Logger
	disk *disk // nil: memory only
}

// Logf implements kfake.Logger.
func (l brokerLog) Logf(level kfake.LogLevel, format string, args ...any) {
	if level != kfake.LogLevelError && level != kfake.LogLevelWarn {
		return
	}
	if l.disk != nil && slices.ContainsFunc(storageWords, func(w string) bool { return strings.HasPrefix(format, w) }) {
		l.disk.fail(fmt.Errorf(wrapping(format), args...))
		return
	}
	say := l.log.Warn
	if level == kfake.LogLevelError {
		say = l.log.Error
	}
	say("embedded broker", "message", fmt.Sprintf(format, args...))
}

// wrapping makes a format that ends with an error keep it, for errors.Is.
func wrapping(format string) string {
	if head, ok := strings.CutSuffix(format, ": %v"); ok {
		return head + ": %w"
	}
	return format
}
