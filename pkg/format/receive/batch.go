package receive

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/pageurl"
)

// Batch is what a request turned out to hold. Its slices point into the request's body or into Scratch.
type Batch struct {
	Claim    Claim
	Items    []Item
	Rejected []Rejection
	Context  []byte // JSON object; nil: nothing is said for all items
	SentAt   []byte // when the sender says it sent them; nil: it does not
	Scratch  []byte // what had to be written anew: texts that had escapes, items made of several parts
	Ignored  int    // items that make no event
	Foreign  int    // items whose id was another format's, and was replaced
	Allowed  int    // bytes that the items may take together; 0: any

	taken int // bytes that they take
}

// Reset empties the batch and keeps its room.
func (b *Batch) Reset() {
	clear(b.Items)
	clear(b.Rejected)
	*b = Batch{Items: b.Items[:0], Rejected: b.Rejected[:0], Context: b.Context[:0], Scratch: b.Scratch[:0]}
}

// Item is one future event. Identify and Name fill ID and Key.
type Item struct {
	Index int    // in the request
	Row   int    // in the file; 0: not from one
	Value []byte // JSON
	ID    []byte
	Key   []byte
}

// SentBy notes when the sender says it sent the request: a text that is no time may be anything.
func (b *Batch) SentBy(value []byte) {
	text := b.Text(value)
	if _, has := pageurl.AppendTextWithoutCredentials(nil, text); !has {
		b.SentAt = text
	}
}

// Add appends an item without its credentials, up to the limit.
func (b *Batch) Add(value []byte) *Refusal { return b.AddRow(0, value) }

// AddRow is Add for an item that was a row of a file.
func (b *Batch) AddRow(row int, value []byte) *Refusal {
	index := len(b.Items) + len(b.Rejected) + b.Ignored
	if index >= maxItems {
		return tooMany()
	}
	value = b.mended(withoutCredentials(value, &b.Scratch))
	if b.taken += len(value); b.Allowed > 0 && b.taken > b.Allowed {
		return TooCostly()
	}
	b.Items = append(b.Items, Item{Index: index, Row: row, Value: value})
	return nil
}

// TooCostly refuses a request of which far more would be stored than it sent.
func TooCostly() *Refusal {
	return &Refusal{Kind: TooLarge, Detail: "too many events for its size"}
}

// mended is a value with U+FFFD for each half of a surrogate pair: a reader of the raw topic may be one who refuses halves. The
// request's body stays as its sender signed it.
func (b *Batch) mended(value []byte) []byte {
	if !jsonscan.HasHalf(value) {
		return value
	}
	start := len(b.Scratch)
	b.Scratch = append(b.Scratch, value...)
	value = b.Scratch[start:len(b.Scratch):len(b.Scratch)]
	jsonscan.Mend(value)
	return value
}

// Rejection is an item that is not stored, by index.
type Rejection struct {
	Index  int
	Row    int
	Field  string
	Reason fault.Reason
	Detail string // closed text; never a value
}

// Reject takes the next index for an item that cannot be stored.
func (b *Batch) Reject(row int, field string, reason fault.Reason, detail string) *Refusal {
	index := len(b.Items) + len(b.Rejected) + b.Ignored
	if index >= maxItems {
		return tooMany()
	}
	b.Rejected = append(b.Rejected, Rejection{Index: index, Row: row, Field: field, Reason: reason, Detail: detail})
	return nil
}

// maxItems is how many items a request may bring.
const maxItems = 10_000

func tooMany() *Refusal {
	return &Refusal{Kind: TooLarge, Detail: "more than 10000 events in one request"}
}

// Embedded is the list or object that a text holds as JSON, else the value itself.
func (b *Batch) Embedded(value []byte) []byte { return embedded(value, &b.Scratch) }

func embedded(value []byte, scratch *[]byte) []byte {
	if jsonscan.Kind(value) != 's' {
		return value
	}
	text := jsonscan.Trim(jsonscan.TrimMark(jsonscan.Text(value, scratch)))
	if k := jsonscan.Kind(text); (k == 'a' || k == 'o') && jsonscan.Check(text, jsonscan.Limits{}) == nil {
		return text
	}
	return value
}

// Text is a value's text, unescaped into Scratch where it must be.
func (b *Batch) Text(value []byte) []byte { return jsonscan.Text(value, &b.Scratch) }
