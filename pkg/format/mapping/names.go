package mapping

import (
	"bytes"
	"unicode/utf8"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Name reads event_name: a text, byte for byte, since a pixel's twin has the same.
func (o *Output) Name(value []byte) error {
	if IsEmpty(value) {
		return nil // validate misses it
	}
	if jsonscan.Kind(value) != 's' {
		return fault.New(fault.InvalidField, "event_name")
	}
	o.Event.Name = o.Text(value)
	return nil
}

// Names is a format's table of event names as data: the sender's to Meta's, "" for those that are dropped. The zero value
// is the table of senders who use Meta's names already.
type Names struct {
	Table map[string]string // keys lower-case if Fold
	Fold  bool              // case does not count
}

// MaxName is how long Meta lets a custom event's name be, in characters.
const MaxName = 50

// Of returns Meta's name for a sender's; known: the table has it; drop: it says to drop the event.
func (n *Names) Of(name []byte) (meta string, known, drop bool) {
	if n == nil || n.Table == nil {
		return "", false, false
	}
	if n.Fold {
		var room [MaxName]byte
		if len(name) <= len(room) {
			meta, known = n.Table[string(AppendLower(room[:0], name))]
		} else {
			meta, known = n.Table[string(bytes.ToLower(name))]
		}
	} else {
		meta, known = n.Table[string(name)]
	}
	return meta, known, known && meta == ""
}

// Rename gives the event Meta's name: by the source's own table, else the format's. A name that neither has becomes a
// custom event, cut to what Meta takes and counted. drop: a table says to drop it.
func (in *Input) Rename(n *Names, out *Output) (drop bool) {
	if out.Names != nil {
		n = out.Names
	}
	name, drop, custom := in.MetaName(n, out.Event.Name)
	switch {
	case drop:
	case custom && len(name) > 0:
		out.Event.Name = CutName(name)
		out.Drop(fieldEventName, Unknown)
	default:
		out.Event.Name = name
	}
	return drop
}

// MetaName is Rename for a mapper whose values depend on the event's name.
func (in *Input) MetaName(n *Names, name []byte) (meta []byte, drop, custom bool) {
	if to, own := in.Events[string(name)]; own {
		return to, to == nil, false
	}
	to, known, drop := n.Of(name)
	if known {
		return []byte(to), drop, false
	}
	return name, false, n != nil && n.Table != nil
}

// CutName cuts a name to maxName characters.
func CutName(name []byte) []byte {
	if utf8.RuneCount(name) <= MaxName {
		return name
	}
	end := 0
	for range MaxName {
		_, size := utf8.DecodeRune(name[end:])
		end += size
	}
	return name[:end]
}
