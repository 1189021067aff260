package receive

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// HexSize is the length of an id or key of ours: half a SHA-256.
const HexSize = 32

// Joined is a prefix and the sender's own keys, joined by dashes: an event_id, or a key that stays the same.
func (in *Input) Joined(prefix string, keys ...[]byte) []byte {
	start := len(in.Scratch)
	in.Scratch = append(in.Scratch, prefix...)
	for i, key := range keys {
		if i > 0 {
			in.Scratch = append(in.Scratch, '-')
		}
		in.Scratch = append(in.Scratch, key...)
	}
	return in.Scratch[start:len(in.Scratch):len(in.Scratch)]
}

// Digest is a prefix and 32 hex digits of SHA-256 over parts with bars between them.
func (in *Input) Digest(prefix string, parts [][]byte) []byte {
	hash := in.hash[:0]
	for i, p := range parts {
		if i > 0 {
			hash = append(hash, '|')
		}
		hash = append(hash, p...)
	}
	in.hash = hash
	sum := sha256.Sum256(hash)
	start := len(in.Scratch)
	in.Scratch = hex.AppendEncode(append(in.Scratch, prefix...), sum[:HexSize/2])
	return in.Scratch[start:len(in.Scratch):len(in.Scratch)]
}

// Embedded is the list or object that a text holds as JSON, else the value itself.
func (in *Input) Embedded(value []byte) []byte { return embedded(value, &in.Scratch) }

// OrderKey is order id and event name, nil without an order: 0 and words for nothing are how shops say that there is none.
// order is JSON.
func (in *Input) OrderKey(name, order []byte) []byte {
	text := in.ID(order)
	if len(text) == 0 || len(name) == 0 {
		return nil
	}
	start := len(in.Scratch)
	in.Scratch = append(append(append(in.Scratch, text...), 0), name...)
	return in.Scratch[start:len(in.Scratch):len(in.Scratch)]
}

// VisitorKey tells the item of one visitor from the same item of another: client address, agent and the item's bytes,
// with the minute of arrival where these say no time.
func (in *Input) VisitorKey(item []byte, minute bool) []byte {
	start := len(in.Scratch)
	d := in.Scratch
	if in.Client.IsValid() {
		d = in.Client.AppendTo(d)
	}
	d = append(append(append(d, 0), in.Request.UserAgent()...), 0)
	d = append(d, item...)
	if minute {
		d = strconv.AppendInt(append(d, 0), in.Now.Unix()/60, 10)
	}
	in.Scratch = d
	return d[start:len(d):len(d)]
}
