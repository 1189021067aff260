package broker

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"
)

// heard is a log that is written and read at the same time.
type heard struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.buf.Write(p)
}

func (h *heard) lines(with ...string) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for line := range strings.Lines(h.buf.String()) {
		if !slices.ContainsFunc(with, func(w string) bool { return !strings.Contains(line, w) }) {
			n++
		}
	}
	return n
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.buf.String()
}

// rig is a broker on a folder, and what it said.
type rig struct {
	*Broker
	t   *testing.T
	dir string
	log *heard
}

func newRig(t *testing.T, dir string) *rig {
	t.Helper()
	r := &rig{t: t, dir: dir, log: &heard{}}
	r.start()
	t.Cleanup(func() {
		if r.Broker != nil {
			_ = r.Close() // the test may have broken it
		}
		if t.Failed() {
			t.Log(r.log.String())
		}
	})
	return r
}

func (r *rig) try() error {
	b, err := Start(Options{Dir: r.dir, Sync: true, Open: true, Log: slog.New(slog.NewTextHandler(r.log, nil))})
	r.Broker = b
	return err
}

func (r *rig) start() {
	r.t.Helper()
	if err := r.try(); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) stop() {
	r.t.Helper()
	if err := r.Close(); err != nil {
		r.t.Fatal(err)
	}
	r.Broker = nil
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(time.Minute); !ok(); {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not within a minute: %s", what)
		}
	}
}

func (r *rig) client(opts ...kgo.Opt) *kgo.Client {
	r.t.Helper()
	c, err := kgo.NewClient(append(opts, kgo.SeedBrokers(r.Addr()), kgo.RetryBackoffFn(func(int) time.Duration { return 20 * time.Millisecond }))...)
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

// ask sends one request on a connection of its own, without a second try.
func ask[R kmsg.Response](r *rig, req kmsg.Request) (R, error) {
	r.t.Helper()
	c := r.client(kgo.RequestRetries(0), kgo.MaxVersions(kversion.V2_8_0())) // names, not ids
	defer c.Close()
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	resp, err := c.Request(ctx, req)
	if err != nil {
		var none R
		return none, err
	}
	return resp.(R), nil
}

// create makes a topic and returns the error code, -1 if there is no answer.
func (r *rig) create(name string, configs ...string) int16 {
	r.t.Helper()
	req := kmsg.NewPtrCreateTopicsRequest()
	req.TimeoutMillis = 5000
	one := kmsg.NewCreateTopicsRequestTopic()
	one.Topic, one.NumPartitions, one.ReplicationFactor = name, 1, 1
	for i := 0; i < len(configs); i += 2 {
		c := kmsg.NewCreateTopicsRequestTopicConfig()
		c.Name, c.Value = configs[i], &configs[i+1]
		one.Configs = append(one.Configs, c)
	}
	req.Topics = append(req.Topics, one)
	resp, err := ask[*kmsg.CreateTopicsResponse](r, req)
	if err != nil {
		return -1
	}
	return resp.Topics[0].ErrorCode
}

// commit commits an offset and returns the error code, -1 if there is no answer.
func (r *rig) commit(name string, offset int64) int16 {
	r.t.Helper()
	req := kmsg.NewPtrOffsetCommitRequest()
	req.Group = "group"
	req.Generation = -1
	at := kmsg.NewOffsetCommitRequestTopic()
	at.Topic = name
	p := kmsg.NewOffsetCommitRequestTopicPartition()
	p.Offset = offset
	at.Partitions = append(at.Partitions, p)
	req.Topics = append(req.Topics, at)
	resp, err := ask[*kmsg.OffsetCommitResponse](r, req)
	if err != nil {
		return -1
	}
	return resp.Topics[0].Partitions[0].ErrorCode
}

// producerID asks for one and returns the error code, -1 if there is no answer.
func (r *rig) producerID() int16 {
	r.t.Helper()
	resp, err := ask[*kmsg.InitProducerIDResponse](r, kmsg.NewPtrInitProducerIDRequest())
	if err != nil {
		return -1
	}
	return resp.ErrorCode
}

func (r *rig) committed(name string) int64 {
	r.t.Helper()
	req := kmsg.NewPtrOffsetFetchRequest()
	req.Group = "group"
	resp, err := ask[*kmsg.OffsetFetchResponse](r, req)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, topics := range resp.Topics {
		if topics.Topic == name {
			return topics.Partitions[0].Offset
		}
	}
	return -1
}

// put produces one record, with one try; nil: it was acknowledged.
func (r *rig) put(name, value string) error {
	c := r.client(kgo.DefaultProduceTopic(name), kgo.DisableIdempotentWrite(), kgo.RecordRetries(0),
		kgo.ProducerBatchCompression(kgo.NoCompression()))
	defer c.Close()
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	return c.ProduceSync(ctx, kgo.StringRecord(value)).FirstErr()
}

// load produces numbered records until it is stopped, and notes what was acknowledged. As pkg/stream does, each of its
// producers repeats the same bytes under the same sequence number until they are.
type load struct {
	stop  context.CancelFunc
	done  sync.WaitGroup
	mu    sync.Mutex
	acked map[string]bool

	repeated atomic.Int64
}

func (r *rig) load(name string, size int) *load {
	r.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l := &load{stop: cancel, acked: map[string]bool{}}
	for worker := range 4 {
		c := r.client(kgo.RequestRetries(0), kgo.MaxVersions(kversion.V2_8_0()))
		l.done.Go(func() {
			defer c.Close()
			p := sequence{client: c, topic: name, again: &l.repeated}
			for i := 0; ctx.Err() == nil; i++ {
				id := fmt.Sprintf("record-%d-%d", worker, i)
				if p.put(ctx, append([]byte(id+" "), make([]byte, size)...)) {
					l.mu.Lock()
					l.acked[id] = true
					l.mu.Unlock()
				}
			}
		})
	}
	r.t.Cleanup(l.end)
	return l
}

// sequence is an idempotent producer on one partition.
type sequence struct {
	client *kgo.Client
	topic  string
	id     int64
	epoch  int16
	next   int32
	known  bool
	again  *atomic.Int64 // how often one was not acknowledged
}

// put repeats a batch of one record until it is acknowledged; false: ctx ended.
func (p *sequence) put(ctx context.Context, value []byte) bool {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for first := true; ctx.Err() == nil; <-tick.C {
		if !first {
			p.again.Add(1)
		}
		first = false
		if !p.known {
			resp, err := kmsg.NewPtrInitProducerIDRequest().RequestWith(ctx, p.client)
			if err != nil || resp.ErrorCode != 0 {
				continue
			}
			p.id, p.epoch, p.next, p.known = resp.ProducerID, resp.ProducerEpoch, 0, true
		}
		req := kmsg.NewPtrProduceRequest()
		req.Acks, req.TimeoutMillis = -1, 5000
		to := kmsg.NewProduceRequestTopic()
		to.Topic = p.topic
		part := kmsg.NewProduceRequestTopicPartition()
		part.Records = batchOf(p.id, p.epoch, p.next, value)
		to.Partitions = append(to.Partitions, part)
		req.Topics = append(req.Topics, to)
		resp, err := req.RequestWith(ctx, p.client)
		if err != nil {
			continue
		}
		switch resp.Topics[0].Partitions[0].ErrorCode {
		case 0:
			p.next++
			return true
		case kerr.OutOfOrderSequenceNumber.Code, kerr.UnknownProducerID.Code, kerr.InvalidProducerEpoch.Code:
			p.known = false
		}
	}
	return false
}

// batchOf returns a record batch of one record.
func batchOf(id int64, epoch int16, sequence int32, value []byte) []byte {
	r := kmsg.NewRecord()
	r.Value = value
	r.Length = int32(len(r.AppendTo(nil)) - 1) // without its own length, which is one byte while it is 0
	now := time.Now().UnixMilli()
	b := kmsg.RecordBatch{
		PartitionLeaderEpoch: -1, Magic: 2, NumRecords: 1, ProducerID: id, ProducerEpoch: epoch, FirstSequence: sequence,
		FirstTimestamp: now, MaxTimestamp: now, Records: r.AppendTo(nil),
	}
	raw := b.AppendTo(nil)
	binary.BigEndian.PutUint32(raw[lengthAt:], uint32(len(raw)-batchAt))
	binary.BigEndian.PutUint32(raw[checksumAt:], crc32.Checksum(raw[checkedAt:], castagnoli))
	return raw
}

func (l *load) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acked)
}

func (l *load) end() { l.stop(); l.done.Wait() }

// read returns the records of a topic's one partition, by what they begin with, and how often they are there.
func (r *rig) read(name string) map[string]int {
	r.t.Helper()
	end, err := r.end(name)
	if err != nil {
		r.t.Fatal(err)
	}
	got := map[string]int{}
	if end == 0 {
		return got
	}
	c := r.client(kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{name: {0: kgo.NewOffset().AtStart()}}))
	defer c.Close()
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	for {
		fetches := c.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			r.t.Fatal(err)
		}
		last := int64(-1)
		fetches.EachRecord(func(rec *kgo.Record) {
			id, _, _ := strings.Cut(string(rec.Value), " ")
			got[id]++
			last = rec.Offset
		})
		if last >= end-1 {
			return got
		}
	}
}

func (r *rig) end(name string) (int64, error) {
	req := kmsg.NewPtrListOffsetsRequest()
	at := kmsg.NewListOffsetsRequestTopic()
	at.Topic = name
	p := kmsg.NewListOffsetsRequestTopicPartition()
	p.Timestamp, p.CurrentLeaderEpoch = -1, -1
	at.Partitions = append(at.Partitions, p)
	req.Topics = append(req.Topics, at)
	resp, err := ask[*kmsg.ListOffsetsResponse](r, req)
	if err != nil {
		return 0, err
	}
	if code := resp.Topics[0].Partitions[0].ErrorCode; code != 0 {
		return 0, fmt.Errorf("listing offsets: error %d", code)
	}
	return resp.Topics[0].Partitions[0].Offset, nil
}

// mustHold fails if an acknowledged record is not there.
func (r *rig) mustHold(name string, acked map[string]bool) {
	r.t.Helper()
	got := r.read(name)
	var lost []string
	for id := range acked {
		if got[id] == 0 {
			lost = append(lost, id)
		}
	}
	twice := 0
	for n := range maps.Values(got) {
		if n > 1 {
			twice++
		}
	}
	r.t.Logf("%d acknowledged, %d lost, %d there, %d of them twice", len(acked), len(lost), len(got), twice)
	if len(lost) > 0 {
		r.t.Errorf("%d of %d acknowledged records are lost, %s among them", len(lost), len(acked), lost[0])
	}
}

var errInjected = errors.New("the disk is on fire")

func (r *rig) breakSync(f func(string) error) {
	r.disk.mu.Lock()
	defer r.disk.mu.Unlock()
	r.disk.fsyncs = f
}

func checksum(p []byte) uint32 { return crc32.Checksum(p, castagnoli) }
