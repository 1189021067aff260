package disk

import (
	"encoding/binary"
	"errors"

	"github.com/cockroachdb/pebble/v2"
)

// Each record that ended has a bit: whether a fate of it was counted. It says at once, for nearly all, that none was; where it may have
// been, its fates are looked at (write.go). A chunk is the bits of so many offsets.
const (
	chunkOffsets = 1 << 13
	maxChunks    = 1 << 12 // kept in memory: 4 MiB
)

type chunkOf struct {
	topic     string
	partition int
	number    int64
}

func (c chunkOf) key() []byte {
	b := append(binary.AppendUvarint([]byte{keyCounted}, uint64(len(c.topic))), c.topic...)
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(b, uint32(c.partition)), uint64(c.number))
}

type chunk struct {
	bits    [chunkOffsets / 8]byte
	day     uint16 // of the last record that set one
	changed bool
}

// counted keeps the chunks that are in use.
type counted struct {
	db     *pebble.DB
	chunks map[chunkOf]*chunk
	last   chunkOf
	at     *chunk // of last
}

func newCounted(db *pebble.DB) *counted { return &counted{db: db, chunks: map[chunkOf]*chunk{}} }

// forget drops what is in memory.
func (c *counted) forget() { c.chunks, c.last, c.at = map[chunkOf]*chunk{}, chunkOf{}, nil }

func (c *counted) of(topic string, partition int, offset int64) (*chunk, error) {
	id := chunkOf{topic, partition, offset / chunkOffsets}
	if c.at != nil && id == c.last {
		return c.at, nil
	}
	k := c.chunks[id]
	if k == nil {
		k = &chunk{}
		value, closer, err := c.db.Get(id.key())
		switch {
		case errors.Is(err, pebble.ErrNotFound):
		case err != nil:
			return nil, err
		default:
			if len(value) == 2+len(k.bits) {
				k.day = binary.BigEndian.Uint16(value)
				copy(k.bits[:], value[2:])
			}
			if err := closer.Close(); err != nil {
				return nil, err
			}
		}
		c.chunks[id] = k
	}
	c.last, c.at = id, k
	return k, nil
}

func (k *chunk) has(offset int64) bool {
	i := offset % chunkOffsets
	return k.bits[i/8]&(1<<(i%8)) != 0
}

func (k *chunk) set(offset int64, day uint16) {
	i := offset % chunkOffsets
	k.bits[i/8] |= 1 << (i % 8)
	k.day, k.changed = max(k.day, day), true
}

// write puts the changed chunks into a batch.
func (c *counted) write(b *pebble.Batch) error {
	for id, k := range c.chunks {
		if !k.changed {
			continue
		}
		if err := b.Set(id.key(), append(binary.BigEndian.AppendUint16(nil, k.day), k.bits[:]...), nil); err != nil {
			return err
		}
		k.changed = false
	}
	if len(c.chunks) > maxChunks {
		c.forget()
	}
	return nil
}
