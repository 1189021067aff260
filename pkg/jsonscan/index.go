package jsonscan

import (
	"math"
	"slices"
	"sort"
	"unsafe"
)

// Index is what Check learns of the shape of one value: its Object and Array walk over what they know instead of reading
// it again. It is reused from value to value and not safe for concurrent use. The zero Index, a nil one, and one that is
// asked about bytes of elsewhere walk as the functions do.
type Index struct {
	checker
	at int // the node handed out last
}

// node is a value's place in the data, and its key's within quotes.
type node struct {
	key, keyEnd, start, end uint32
	next                    uint32 // the node behind the value and all it holds
}

// keptNodes bounds the memory that an index keeps of a value for the next one.
const keptNodes = 1 << 16

// Check is Check; if it returns nil the index knows data, else nothing. data must not change while it is walked.
func (x *Index) Check(data []byte, l Limits) error {
	if cap(x.nodes) > keptNodes {
		*x = Index{}
	}
	x.at, x.noting = 0, len(data) <= math.MaxUint32
	err := x.check(data, l)
	if err != nil {
		x.data, x.nodes = nil, x.nodes[:0]
	}
	return err
}

// Value is the value that the index knows, nil if it knows none.
func (x *Index) Value() []byte {
	if len(x.nodes) == 0 {
		return nil
	}
	n := &x.nodes[0]
	return x.data[n.start:n.end:n.end]
}

// note adds a value that begins at start and returns its place; noted says where it ended.
func (c *checker) note(key, keyEnd, start int) int {
	if !c.noting {
		return 0
	}
	place := len(c.nodes)
	if place == cap(c.nodes) {
		c.nodes = slices.Grow(c.nodes, 64)
	}
	c.nodes = c.nodes[:place+1]
	n := &c.nodes[place]
	n.key, n.keyEnd, n.start = uint32(key), uint32(keyEnd), uint32(start)
	return place
}

func (c *checker) noted(place, end int) {
	if c.noting {
		n := &c.nodes[place]
		n.end, n.next = uint32(end), uint32(len(c.nodes))
	}
}

// Object is Object for a value that the index knows, any of the slices it handed out or the whole.
func (x *Index) Object(obj []byte, fn func(key, value []byte) bool) bool {
	place := x.find(obj)
	if place < 0 {
		return Object(obj, fn)
	}
	if x.data[x.nodes[place].start] != '{' {
		return false
	}
	end := int(x.nodes[place].next)
	for i := place + 1; i < end; {
		n := &x.nodes[i]
		i, x.at = int(n.next), i
		if !fn(x.data[n.key:n.keyEnd:n.keyEnd], x.data[n.start:n.end:n.end]) {
			break
		}
	}
	return true
}

// Array is Array for a value that the index knows.
func (x *Index) Array(arr []byte, fn func(value []byte) bool) bool {
	place := x.find(arr)
	if place < 0 {
		return Array(arr, fn)
	}
	if x.data[x.nodes[place].start] != '[' {
		return false
	}
	end := int(x.nodes[place].next)
	for i := place + 1; i < end; {
		n := &x.nodes[i]
		i, x.at = int(n.next), i
		if !fn(x.data[n.start:n.end:n.end]) {
			break
		}
	}
	return true
}

// Get is Get for a value that the index knows.
func (x *Index) Get(obj []byte, key string) []byte {
	var found []byte
	x.Object(obj, func(k, value []byte) bool {
		if keyIs(k, key) {
			found = value
		}
		return found == nil
	})
	return found
}

// find returns the node of a value, -1 if it is none of the data's.
func (x *Index) find(value []byte) int {
	if x == nil || len(x.nodes) == 0 || len(value) == 0 {
		return -1
	}
	// Where a slice lies in the data is the distance of their first bytes; slices of elsewhere lie outside of it.
	offset := uintptr(unsafe.Pointer(unsafe.SliceData(value))) - uintptr(unsafe.Pointer(unsafe.SliceData(x.data)))
	if offset >= uintptr(len(x.data)) {
		return -1
	}
	start, end := uint32(offset), uint32(offset)+uint32(len(value))
	if n := &x.nodes[x.at]; n.start == start && n.end == end {
		return x.at
	}
	place := sort.Search(len(x.nodes), func(i int) bool { return x.nodes[i].start >= start })
	if place == len(x.nodes) || x.nodes[place].start != start || x.nodes[place].end != end {
		return -1
	}
	return place
}
