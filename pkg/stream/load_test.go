package stream

import "testing"

// TestReserve: what yields never takes what is reserved, however full or empty the rest is; the others take all that is left.
func TestReserve(t *testing.T) {
	p := &Producer{cfg: ProducerConfig{MaxPending: 100, Reserved: 60}, drained: make(chan struct{})}
	other, yields := loadOf(&Record{}, 30), loadOf(&Record{Yields: true}, 30)
	for i, step := range []struct {
		n   load
		err error
	}{{yields, nil}, {yields, ErrFull}, {other, nil}, {other, nil}, {other, ErrFull}, {load{10, 10}, nil}, {load{1, 0}, ErrFull}} {
		if err := p.reserve(step.n); err != step.err { //nolint:errorlint // it is returned as it is
			t.Errorf("step %d: %v", i, err)
		}
	}
	p.release(yields)
	if p.Pending() != 70 || p.PendingThatYield() != 10 {
		t.Errorf("%d bytes pending, %d that yield", p.Pending(), p.PendingThatYield())
	}
	b := newRecordBatch(testTime)
	b.add(&Record{Yields: true}, 0, 7)
	b.add(&Record{}, 0, 4)
	if halves := b.split(); b.sizes != (load{11, 7}) || halves[0].sizes.plus(halves[1].sizes) != b.sizes {
		t.Errorf("a batch counts %v, its halves %v and %v", b.sizes, halves[0].sizes, halves[1].sizes)
	}
}
