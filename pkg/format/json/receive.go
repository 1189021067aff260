package json

import (
	"errors"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/table"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
)

// Receiver takes a body of any JSON apart.
type Receiver struct{}

// Split takes the items to which the mapping file leads.
func (Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if receive.FirstByte(in.Body) == 0 {
		return receive.EmptyBody()
	}
	if in.Mapping == nil {
		return &receive.Refusal{Kind: receive.InternalFailed, Detail: "the source has no mapping file"}
	}
	body := jsonscan.TrimMark(in.Body)
	if r := receive.Check(body, ""); r != nil {
		return r
	}
	var refused *receive.Refusal
	err := in.Mapping.Items(jsonscan.Trim(body), func(item []byte) bool {
		switch jsonscan.Kind(item) {
		case 'o', 'a':
			refused = b.Add(item)
		default:
			refused = b.Reject(0, "", fault.Undecodable, "neither an object nor a list")
		}
		return refused == nil
	})
	var wrong *mapfile.CellError
	switch {
	case refused != nil:
		return refused
	case errors.As(err, &wrong):
		return &receive.Refusal{Kind: receive.Unreadable, Detail: "the body " + wrong.What}
	case err != nil:
		return &receive.Refusal{Kind: receive.Unreadable, Detail: "the body is not what the mapping file is for"}
	}
	return nil
}

// Identify names an item by what the mapping file says.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	return table.Identify(in, item, id)
}
