package ndjson

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/serverevent"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Receiver takes a file of lines apart.
type Receiver struct{}

// Split takes each line as an event; empty lines are none.
func (Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	return receive.SplitLines(in, b, nil)
}

// Identify reads Meta's server event.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	return serverevent.Identify(in, item, id)
}
