package stream

// load is what records count for in a producer's pending bytes.
type load struct {
	all    int64
	yields int64 // of it, of records that yield
}

// loadOf is the load of a record of n bytes.
func loadOf(r *Record, n int64) load {
	if r.Yields {
		return load{n, n}
	}
	return load{n, 0}
}

func (l load) plus(m load) load { return load{l.all + m.all, l.yields + m.yields} }

func (l load) minus(m load) load { return load{l.all - m.all, l.yields - m.yields} }

// half is the first of two parts.
func (l load) half() load { return load{l.all / 2, l.yields / 2} }
