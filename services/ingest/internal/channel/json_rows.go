package channel

import (
	"bytes"
	"errors"
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
)

// JSON is any JSON, taken apart and read by its source's mapping file: an object, a list of them, or a list within one.
type JSON struct{}

// Name is json.
func (JSON) Name() string { return "json" }

// Routes are none beside /v1/sources/{source}.
func (JSON) Routes() []Route { return nil }

// Answer is ours.
func (JSON) Answer() Answer { return Own{} }

// Claim reads the head: the body is the sender's own affair.
func (JSON) Claim(r *http.Request) Claim { return headClaim(r) }

// BodyClaims implements Format: never.
func (JSON) BodyClaims(Claim) bool { return false }

// Split takes the items to which the mapping file leads.
func (JSON) Split(in *Input, b *Batch) *Refusal {
	if sniff(in.Body) == 0 {
		return emptyBody()
	}
	if in.Mapping == nil {
		return &Refusal{Kind: InternalFailed, Detail: "the source has no mapping file"}
	}
	body := bytes.TrimPrefix(in.Body, []byte("\xef\xbb\xbf"))
	if r := check(body, ""); r != nil {
		return r
	}
	var refused *Refusal
	err := in.Mapping.Items(jsonscan.Trim(body), func(item []byte) bool {
		switch jsonscan.Kind(item) {
		case 'o', 'a':
			refused = b.add(in, 0, item)
		default:
			refused = b.reject(0, "", fault.Undecodable, "neither an object nor a list")
		}
		return refused == nil
	})
	var wrong *mapfile.CellError
	switch {
	case refused != nil:
		return refused
	case errors.As(err, &wrong):
		return &Refusal{Kind: Unreadable, Detail: "the body " + wrong.What}
	case err != nil:
		return &Refusal{Kind: Unreadable, Detail: "the body is not what the mapping file is for"}
	}
	return nil
}

// Identify asks the mapping.
func (JSON) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	return identifyMapped(in, item, id)
}
