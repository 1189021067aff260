package jsonscan

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// walker is what an Index and the functions have in common.
type walker struct {
	object func([]byte, func(key, value []byte) bool) bool
	array  func([]byte, func(value []byte) bool) bool
}

var scanning = walker{Object, Array}

// visits lists what a walk hands out, depth first.
func (w walker) visits(value []byte) (list []string) {
	w.object(value, func(k, v []byte) bool {
		list = append(list, string(k)+"="+string(v))
		list = append(list, w.visits(v)...)
		return true
	})
	w.array(value, func(v []byte) bool {
		list = append(list, string(v))
		list = append(list, w.visits(v)...)
		return true
	})
	return list
}

func TestIndex(t *testing.T) {
	var x Index
	for _, in := range []string{purchase, ` {"a":{"b":[1,[],{}]},"c":"d"} `, `[[{"a":[[]]}],2]`, `{}`, `[]`, ` 1 `, `"\u0041"`} {
		data := []byte(in)
		if err := x.Check(data, Limits{}); err != nil {
			t.Fatal(err)
		}
		if got := x.Value(); !bytes.Equal(got, Trim(data)) {
			t.Errorf("Value: %s", got)
		}
		if diff := cmp.Diff(scanning.visits(data), (walker{x.Object, x.Array}).visits(x.Value())); diff != "" {
			t.Error(diff)
		}
	}
}

// TestIndexTakesAnyOrder: values may be kept and walked later, in any order.
func TestIndexTakesAnyOrder(t *testing.T) {
	var x Index
	if err := x.Check([]byte(`{"a":{"n":1},"b":[2,3],"c":{"n":4},"d":{"a":{"n":5}}}`), Limits{}); err != nil {
		t.Fatal(err)
	}
	var kept [][]byte
	x.Object(x.Value(), func(_, v []byte) bool {
		kept = append(kept, v)
		return true
	})
	for _, v := range slices.Backward(kept) {
		if diff := cmp.Diff(scanning.visits(v), (walker{x.Object, x.Array}).visits(v)); diff != "" {
			t.Error(diff)
		}
	}
}

// TestIndexStops: at false, and at the end of a value within others.
func TestIndexStops(t *testing.T) {
	var x Index
	if err := x.Check([]byte(`[[1,2],[3]]`), Limits{}); err != nil {
		t.Fatal(err)
	}
	n := 0
	x.Array(x.Value(), func(v []byte) bool {
		x.Array(v, func([]byte) bool { n++; return false })
		return true
	})
	if n != 2 {
		t.Errorf("%d calls", n)
	}
	if x.Object(x.Value(), nil) {
		t.Error("Object takes an array")
	}
}

func TestIndexGet(t *testing.T) {
	var x Index
	if err := x.Check([]byte(`{"a":{"em":0},"\u0065m":"x","b":[]}`), Limits{}); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"em": `"x"`, "b": `[]`, "a": `{"em":0}`, "c": ""} {
		if got := string(x.Get(x.Value(), key)); got != want {
			t.Errorf("Get(%q) = %q, want %q", key, got, want)
		}
	}
}

// TestIndexOfElsewhere: what the index does not know is scanned.
func TestIndexOfElsewhere(t *testing.T) {
	elsewhere := []byte(`{"a":[{"b":1}]}`)
	want := scanning.visits(elsewhere)
	known := Index{}
	if err := known.Check([]byte(`{"a":[{"b":1}]}`), Limits{}); err != nil {
		t.Fatal(err)
	}
	failed := Index{}
	if err := failed.Check([]byte(`{"a":[{"b":1}]`), Limits{}); !errors.As(err, new(*Error)) || failed.Value() != nil {
		t.Errorf("Check: %v", err)
	}
	for _, x := range []*Index{nil, {}, &known, &failed} {
		if diff := cmp.Diff(want, (walker{x.Object, x.Array}).visits(elsewhere)); diff != "" {
			t.Error(diff)
		}
	}
	part := []byte(` [ {"a":1} ] `)
	if err := known.Check(part, Limits{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(scanning.visits(part), (walker{known.Object, known.Array}).visits(part)); diff != "" {
		t.Errorf("with its white space: %s", diff)
	}
}

func TestIndexAllocatesNothing(t *testing.T) {
	var x Index
	many := []byte(`,"many":{"k":0`)
	for i := range 300 {
		many = fmt.Appendf(many, `,"k%d":%d`, i, i)
	}
	data, n := append([]byte(purchase[:len(purchase)-1]), string(many)+"}}"...), 0
	if got := testing.AllocsPerRun(100, func() {
		if err := x.Check(data, Limits{}); err != nil {
			t.Fatal(err)
		}
		x.Object(x.Value(), func(_, v []byte) bool {
			x.Object(v, func(_, _ []byte) bool { n++; return true })
			return true
		})
	}); got != 0 || n == 0 {
		t.Errorf("%v allocations, %d members", got, n)
	}
}

// FuzzIndex holds an index that is used again and again to Check and the scanning walkers.
func FuzzIndex(f *testing.F) {
	for _, s := range []string{purchase, ` [1,{"a":{"b":[]}},""] `, `{"a":1,"a":2}`, `{"a":`, `"`, `{"\u0061":{}}`} {
		f.Add([]byte(s))
	}
	var x Index
	f.Fuzz(func(t *testing.T, data []byte) {
		want, err := Check(data, Limits{}), x.Check(data, Limits{})
		if (err == nil) != (want == nil) || want != nil && err.Error() != want.Error() {
			t.Fatalf("Check: %v, want %v", err, want)
		}
		if err != nil {
			return
		}
		if diff := cmp.Diff(scanning.visits(data), (walker{x.Object, x.Array}).visits(x.Value())); diff != "" {
			t.Fatal(diff)
		}
	})
}
