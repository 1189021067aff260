package dedup

// Verdict is what a record is to those before it.
type Verdict int

// New: it is to be sent. Duplicate: its event was delivered, or it has the bytes of a copy of which nobody knows how it
// ended. Undecided: a copy of it has not ended yet; how that one ends decides.
const (
	New Verdict = iota
	Duplicate
	Undecided
)

// known is what is known of a record: in the two low bits its fate, in the next whether its sender proved nothing, in the others a
// hash of its bytes, 0 if nobody asked for it. Two copies of one event that differ are taken for the same with probability 2e-9.
type known uint32

const (
	unknown       known = iota // it ended under another owner of the partition
	open                       // it has not ended
	deliveredFate              // it was delivered, or is a duplicate of one that was
	dead

	fateBits     known = 3
	unprovenBit  known = 4
	leastContent known = 8
	contentBits        = ^(leastContent - 1)
)

// knownAs is what is known of a copy that ended so.
func (c *Copy) knownAs(fate, content known) known {
	if c.Unproven {
		content |= unprovenBit
	}
	return fate | content
}

func (k known) fate() known    { return k & fateBits }
func (k known) unproven() bool { return k&unprovenBit != 0 }
func (k known) content() known { return k & contentBits }

// contentOf is a hash of a copy's bytes, above the other bits; never 0.
func (f *Filter) contentOf(c *Copy) known {
	return max(leastContent, known(f.pair(c.Value, c.Params))&contentBits)
}

// judge walks the list that begins at link, from the newest record before number n to the oldest that is looked back over,
// and says what a copy is to them and as what it is to be kept. A copy that ended dead decides nothing; nor does one of
// unknown fate if a later one of the same bytes is known to have ended dead: it was replayed, so it had died before. The
// bytes are hashed only where there is something to compare them with. A proven copy looks at proven ones alone: whoever guesses an
// id must not have the event of it dropped, nor held. An unproven one looks at all.
func (f *Filter) judge(c *Copy, n uint32, link *uint32) (v Verdict, first uint32, as known) {
	var content known
	newest := link
	died := false // a copy of the same bytes
	// ago is how many records ago one was added. Along a list it must rise; where it does not, the entry has been overwritten
	// by a later record, and the list has ended.
	for least := uint32(1); ; {
		number := *link
		ago := n - number
		if ago < least || ago > f.size || f.next-number > uint32(len(f.ring)) {
			if died {
				f.forget(c, n, newest, content)
			}
			return New, 0, c.knownAs(open, content)
		}
		r := &f.ring[number&uint32(len(f.ring)-1)]
		least = ago + 1
		link = &r.before
		if r.hash != c.Hash {
			continue
		}
		if content == 0 && (r.known.content() != 0 || r.known.fate() == unknown || c.passes(r.known)) {
			content = f.contentOf(c) // where it passes: for those who will compare both with theirs
		}
		if c.passes(r.known) {
			continue
		}
		same := r.known.content() == content
		switch r.known.fate() {
		case dead:
			died = died || same
		case unknown:
			if same && !died && !c.Replay {
				return Duplicate, 0, c.knownAs(unknown, content)
			}
		case deliveredFate:
			if !c.Replay {
				return Duplicate, 0, c.knownAs(deliveredFate, content)
			}
		case open:
			return Undecided, number, c.knownAs(open, content)
		}
	}
}

// passes says that a copy asks nothing of an earlier one, nor waits for it.
func (c *Copy) passes(earlier known) bool {
	return earlier.unproven() && !c.Unproven || c.Replay && earlier.fate() == open
}

// forget takes the dead copies of the same bytes out of the list of a record that is to be sent: it says the same of the event, and more,
// and a flood of refused repeats must not make the list long. It ends at one that is still to be judged, by what lies before it.
func (f *Filter) forget(c *Copy, n uint32, link *uint32, content known) {
	for least := uint32(1); ; {
		number := *link
		ago := n - number
		if ago < least || ago > f.size || f.next-number > uint32(len(f.ring)) {
			return
		}
		r := &f.ring[number&uint32(len(f.ring)-1)]
		least = ago + 1
		switch {
		case r.hash != c.Hash:
		case r.known.fate() == open:
			return
		case r.known == c.knownAs(dead, content):
			*link = r.before
			continue
		}
		link = &r.before
	}
}
