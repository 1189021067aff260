package jsonscan

import (
	"math"
	"slices"
	"sort"
	"unsafe"
)

// Index remembers where the values of one checked document begin and end, so that its Object, Array and Get need not scan
// them again. It is reused from document to document and not safe for concurrent use. A zero or nil Index, and one that is
// given bytes of another document, falls back to the package's functions.
type Index struct {
	checker
	at int // the index handed out last
}

// node is where a value stands in the data, and its key within its quotes.
type node struct {
	key, keyEnd, start, end uint32
	next                    uint32 // the index that follows the value and everything in it
}

// keptNodes bounds the memory that an index keeps of a value for the next one.
const keptNodes = 1 << 16

// Check is the package's Check. After nil the index knows data, after an error it knows nothing. data must not change while
// it is walked.
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

// note adds a node for a value that begins at start and returns the node's index; noted says where the value ended.
func (c *checker) note(key, keyEnd, start int) int {
	if !c.noting {
		return 0
	}
	index := len(c.nodes)
	if index == cap(c.nodes) {
		c.nodes = slices.Grow(c.nodes, 64)
	}
	c.nodes = c.nodes[:index+1]
	n := &c.nodes[index]
	n.key, n.keyEnd, n.start = uint32(key), uint32(keyEnd), uint32(start)
	return index
}

func (c *checker) noted(index, end int) {
	if c.noting {
		n := &c.nodes[index]
		n.end, n.next = uint32(end), uint32(len(c.nodes))
	}
}

// Object is the package's Object for a value of the checked document: all of it, or a slice that the index handed out.
func (x *Index) Object(obj []byte, fn func(key, value []byte) bool) bool {
	index := x.find(obj)
	if index < 0 {
		return Object(obj, fn)
	}
	if x.data[x.nodes[index].start] != '{' {
		return false
	}
	end := int(x.nodes[index].next)
	for i := index + 1; i < end; {
		n := &x.nodes[i]
		i, x.at = int(n.next), i
		if !fn(x.data[n.key:n.keyEnd:n.keyEnd], x.data[n.start:n.end:n.end]) {
			break
		}
	}
	return true
}

// Array is the package's Array for such a value.
func (x *Index) Array(arr []byte, fn func(value []byte) bool) bool {
	index := x.find(arr)
	if index < 0 {
		return Array(arr, fn)
	}
	if x.data[x.nodes[index].start] != '[' {
		return false
	}
	end := int(x.nodes[index].next)
	for i := index + 1; i < end; {
		n := &x.nodes[i]
		i, x.at = int(n.next), i
		if !fn(x.data[n.start:n.end:n.end]) {
			break
		}
	}
	return true
}

// Get is the package's Get for such a value.
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

// find returns the index of a value's node, -1 if it is not a value of the data.
func (x *Index) find(value []byte) int {
	if x == nil || len(x.nodes) == 0 || len(value) == 0 {
		return -1
	}
	// Where a slice lies in the data is the distance of their first bytes; slices of elsewhere lie outside of it.
	offset := uintptr(unsafe.Pointer(unsafe.SliceData(value))) - uintptr(unsafe.Pointer(unsafe.SliceData(x.data))) //nolint:gosec // addresses are only compared
	if offset >= uintptr(len(x.data)) {
		return -1
	}
	start, end := uint32(offset), uint32(offset)+uint32(len(value))
	if n := &x.nodes[x.at]; n.start == start && n.end == end {
		return x.at
	}
	index := sort.Search(len(x.nodes), func(i int) bool { return x.nodes[i].start >= start })
	if index == len(x.nodes) || x.nodes[index].start != start || x.nodes[index].end != end {
		return -1
	}
	return index
}
