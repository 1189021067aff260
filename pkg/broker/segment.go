package broker

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
)

// castagnoli is the checksum of record batches and of kfake's state logs.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// A record batch: base offset (8 bytes), length of what follows (4), leader epoch (4), magic (1), checksum (4) of the rest,
// attributes (2), last offset delta (4), and more.
const (
	lengthAt    = 8
	batchAt     = lengthAt + 4 // what length counts begins here
	magicAt     = batchAt + 4
	checksumAt  = magicAt + 1
	checkedAt   = checksumAt + 4
	lastDeltaAt = checkedAt + 2
	batchHead   = 61
)

// segment is what a scan found in one file of record batches.
type segment struct {
	path  string
	base  int64 // by the file's name
	next  int64 // the offset after the last whole batch
	whole int64 // bytes of whole batches at the beginning
	size  int64
}

// scanSegment reads a segment as far as its batches are whole and, unless it may have gaps, follow each other.
func scanSegment(path string, base int64, gaps bool) (s segment, err error) {
	s = segment{path: path, base: base, next: base}
	f, err := os.OpenFile(path, os.O_RDWR, 0) // kfake is going to write, and finds out too late
	if err != nil {
		return s, fmt.Errorf("opening a segment: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return s, fmt.Errorf("opening a segment: %w", err)
	}
	s.size = info.Size()
	r := bufio.NewReaderSize(f, 1<<20)
	sum := crc32.New(castagnoli)
	for s.size-s.whole >= batchHead {
		head, err := r.Peek(batchHead)
		if err != nil {
			return s, fmt.Errorf("reading the segment %s: %w", path, err)
		}
		b, ok := headOf(head, s.size-s.whole)
		if !ok || b.first < s.next || b.first > s.next && !gaps {
			return s, nil
		}
		if _, err := r.Discard(checkedAt); err != nil {
			return s, fmt.Errorf("reading the segment %s: %w", path, err)
		}
		sum.Reset()
		if _, err := io.CopyN(sum, r, b.size-checkedAt); err != nil {
			return s, fmt.Errorf("reading the segment %s: %w", path, err)
		}
		if sum.Sum32() != b.checksum {
			return s, nil
		}
		s.whole += b.size
		s.next = b.next
	}
	return s, nil
}

// batch is a batch's head.
type batch struct {
	first, next int64 // offsets
	size        int64
	checksum    uint32
}

// headOf reads a batch's head; false: it is none, or more than the bytes that are left.
func headOf(head []byte, left int64) (batch, bool) {
	be := binary.BigEndian
	b := batch{first: int64(be.Uint64(head)), size: batchAt + int64(be.Uint32(head[lengthAt:])), checksum: be.Uint32(head[checksumAt:])}
	b.next = b.first + int64(int32(be.Uint32(head[lastDeltaAt:]))) + 1
	return b, head[magicAt] == 2 && b.size >= batchHead && b.size <= left && b.first >= 0 && b.next > b.first
}

// searched is how far a whole batch is looked for behind bytes that are none: much further than one write goes.
const searched = 64 << 20

// goesOn says whether a whole batch lies behind the bytes that are none: then they are no write that was cut off.
func (s *segment) goesOn() (bool, error) {
	if s.size-s.whole > searched {
		return true, nil
	}
	f, err := os.Open(s.path)
	if err != nil {
		return false, fmt.Errorf("opening a segment: %w", err)
	}
	defer f.Close()
	rest := make([]byte, s.size-s.whole)
	if _, err := f.ReadAt(rest, s.whole); err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("reading the segment %s: %w", s.path, err)
	}
	for i := 1; i+batchHead <= len(rest); i++ {
		if rest[i+magicAt] != 2 {
			continue
		}
		b, ok := headOf(rest[i:i+batchHead], int64(len(rest)-i))
		if !ok || b.first < s.next || b.first > s.next+math.MaxInt32 {
			continue
		}
		if crc32.Checksum(rest[i+checkedAt:i+int(b.size)], castagnoli) == b.checksum {
			return true, nil
		}
	}
	return false, nil
}

// cut leaves the whole batches.
func (s *segment) cut() error {
	if err := os.Truncate(s.path, s.whole); err != nil {
		return fmt.Errorf("cutting a segment: %w", err)
	}
	s.size = s.whole
	return nil
}
