package receive

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// HexSize is the length of an id or key of ours: half a SHA-256.
const HexSize = 32

// ids is the room of the ids and keys of a request's items.
type ids struct {
	text []byte // all of them
	hash []byte // what is being hashed
}

func (n *ids) reset() { n.text, n.hash = n.text[:0], n.hash[:0] }

// keep copies a text behind the other ids.
func (n *ids) keep(text []byte) []byte {
	start := len(n.text)
	n.text = append(n.text, text...)
	return n.text[start:len(n.text):len(n.text)]
}

// digest is 32 hex digits of SHA-256 over source, what and text; minute < 0 is left out. The parts are divided by zero
// bytes, which no source name holds.
func (n *ids) digest(source, what string, text []byte, minute int64) []byte {
	h := append(n.hash[:0], source...)
	h = append(h, 0)
	h = append(h, what...)
	h = append(h, 0)
	h = append(h, text...)
	if minute >= 0 {
		h = append(h, 0)
		h = strconv.AppendInt(h, minute, 10)
	}
	n.hash = h
	sum := sha256.Sum256(h)
	start := len(n.text)
	n.text = hex.AppendEncode(n.text, sum[:HexSize/2])
	return n.text[start:len(n.text):len(n.text)]
}
