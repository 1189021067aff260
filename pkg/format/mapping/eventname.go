package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// ReadName reads event_name, a text. It stays byte for byte: Meta finds the same event from a pixel by name and id.
func (o *Output) ReadName(value []byte) error {
	if IsEmpty(value) {
		return nil // the check for what an event must have ends it
	}
	if value = o.firstString(value); jsonscan.Kind(value) != 's' {
		return fault.New(fault.InvalidField, "event_name")
	}
	o.Event.Name = o.Text(value)
	return nil
}

// Rename gives the event Meta's name: by the source's own table, else the format's. A name that neither has becomes a
// custom event, cut to what Meta takes and counted. drop: a table says to drop it.
func (in *Input) Rename(n *Names, out *Output) (drop bool) {
	if out.Names != nil {
		n = out.Names
	}
	name, drop, custom := in.MetaName(n, out)
	switch {
	case drop:
	case custom && len(name) > 0:
		out.Event.Name = CutName(name)
		out.Drop(FieldEventName, Unknown)
	case out.isTrial(name):
		out.Event.Name = startTrial
	default:
		out.Event.Name = name
	}
	return drop
}

// MetaName is the name that Rename will give out's event, for a mapper whose values depend on it. custom: no table has it.
func (in *Input) MetaName(n *Names, out *Output) (meta []byte, drop, custom bool) {
	name := out.Event.Name
	if to, own := in.Events[string(name)]; own {
		return to, to == nil, false
	}
	to, known, drop := n.Of(name)
	if known {
		mark := out.Mark()
		out.Scratch = append(out.Scratch, to...)
		return out.Since(mark), drop, false
	}
	return name, false, n != nil && n.Table != nil
}
