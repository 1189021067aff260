package jsonscan

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
)

// few is how many keys of an object are compared pairwise; beyond it they are hashed, so that the work stays linear.
const few = 48

// seed keeps senders from choosing keys that collide.
var seed = maphash.MakeSeed()

// keySpan is a key's text: in the data, or in checker.plain when it had escapes.
type keySpan struct {
	head       uint64 // of its text: see headOf
	start, end int
	plain      bool
}

// headOf tells most keys apart at once: the first bytes of the text, and its length.
func headOf(text []byte) uint64 {
	n := uint64(len(text)) << 56
	if len(text) >= 8 {
		return binary.LittleEndian.Uint64(text) ^ n
	}
	for i, b := range text {
		n ^= uint64(b) << (8 * i)
	}
	return n
}

// headAt is headOf for data[start:end], of which the bytes behind it are cut off, not read one by one.
func headAt(data []byte, start, end int) uint64 {
	if start < 0 || start+8 > len(data) {
		return headOf(data[start:end])
	}
	head, n := binary.LittleEndian.Uint64(data[start:start+8:start+8]), uint64(end-start)
	if n < 8 {
		head &= 1<<(8*n) - 1
	}
	return head ^ n<<56
}

// headBits has one of 256 for each head of a set: keys whose bits differ need not be compared.
type headBits [4]uint64

// add says whether the head's bit is new.
func (b *headBits) add(head uint64) bool {
	place := head * 0x9E3779B97F4A7C15 >> 56
	word, bit := &b[place>>6], uint64(1)<<(place&63)
	before := *word
	*word |= bit
	return before&bit == 0
}

// keyStack holds key spans. The first ones lie in an array, so that the checker needs no heap.
type keyStack struct {
	n    int
	room [48]keySpan
	more []keySpan
}

func (k *keyStack) at(i int) *keySpan {
	if i < len(k.room) {
		return &k.room[i]
	}
	return &k.more[i-len(k.room)]
}

func (k *keyStack) push(s keySpan) {
	if k.n < len(k.room) {
		k.room[k.n] = s
	} else {
		if k.more == nil {
			k.more = make([]keySpan, 0, 4*len(k.room))
		}
		k.more = append(k.more, s)
	}
	k.n++
}

func (k *keyStack) cut(n int) {
	k.n = n
	k.more = k.more[:max(n-len(k.room), 0)]
}

// keySet finds repeats among the keys of one object: the key stack from base on.
type keySet struct {
	base  int
	bits  headBits // of its keys, while there are few
	table []int32  // open addressing, a power of two: index into the key stack + 1; nil while there are few
}

func (c *checker) text(s *keySpan) []byte {
	if s.plain {
		return c.plain[s.start:s.end]
	}
	return c.data[s.start:s.end]
}

// duplicate adds the key data[start:end] and says whether the object has it already.
func (c *checker) duplicate(set *keySet, start, end int, escaped bool) bool {
	if !escaped && set.table == nil {
		head := headAt(c.data, start, end)
		if set.bits.add(head) && c.keys.n-set.base < few {
			c.keys.push(keySpan{head: head, start: start, end: end})
			return false
		}
	}
	return c.repeats(set, start, end, escaped)
}

// repeats is duplicate for a key that may be there.
func (c *checker) repeats(set *keySet, start, end int, escaped bool) bool {
	s := keySpan{start: start, end: end}
	key := c.data[start:end]
	if escaped {
		from := len(c.plain)
		c.plain = appendUnescaped(c.plain, key)
		s = keySpan{start: from, end: len(c.plain), plain: true}
		key = c.plain[from:]
	}
	s.head = headOf(key)
	if set.table == nil {
		for i := set.base; i < c.keys.n; i++ {
			if k := c.keys.at(i); k.head == s.head && bytes.Equal(c.text(k), key) {
				return true
			}
		}
		set.bits.add(s.head)
		c.keys.push(s)
		if c.keys.n-set.base > few {
			c.hashAll(set, 256)
		}
		return false
	}
	slot, found := c.find(set, key, s.head)
	if found {
		return true
	}
	c.keys.push(s)
	set.table[slot] = int32(c.keys.n)
	if n := c.keys.n - set.base; 2*n > len(set.table) {
		c.hashAll(set, 4*len(set.table))
	}
	return false
}

// find returns the slot of key, or the free one where it belongs.
func (c *checker) find(set *keySet, key []byte, head uint64) (slot int, found bool) {
	mask := uint64(len(set.table) - 1)
	for h := maphash.Bytes(seed, key) & mask; ; h = (h + 1) & mask {
		i := set.table[h]
		if i == 0 {
			return int(h), false
		}
		if k := c.keys.at(int(i - 1)); k.head == head && bytes.Equal(c.text(k), key) {
			return int(h), true
		}
	}
}

// hashAll builds a table of the given size from the keys of the object.
func (c *checker) hashAll(set *keySet, size int) {
	if cap(set.table) < size {
		old := set.table
		set.table, c.spare = c.spare, nil
		c.keep(old)
	}
	if cap(set.table) < size {
		set.table = make([]int32, size)
	}
	set.table = set.table[:size]
	clear(set.table)
	for i := set.base; i < c.keys.n; i++ {
		k := c.keys.at(i)
		slot, _ := c.find(set, c.text(k), k.head)
		set.table[slot] = int32(i + 1)
	}
}

// keep keeps the larger of a table that is no longer used and the spare one.
func (c *checker) keep(table []int32) {
	if cap(table) > cap(c.spare) {
		c.spare = table
	}
}
