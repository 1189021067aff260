package identity

// Drop is the reason why a value is left out: a closed list, used as a metric label.
type Drop uint8

// The drops. Kept, the zero value, means that the value is not dropped.
const (
	Kept      Drop = iota
	Empty          // nothing left after normalizing
	Malformed      // not a value of this key
	Private        // an address that is not public
	Duplicate      // the same as another value of the list after hashing
	NumDrops       // how many there are
)

// String returns the drop's metric label.
func (d Drop) String() string {
	switch d {
	case Kept:
		return "kept"
	case Empty:
		return "empty"
	case Malformed:
		return "malformed"
	case Private:
		return "private"
	case Duplicate:
		return "duplicate"
	default:
		return "unknown"
	}
}
