package event

import (
	"strconv"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/record"
)

// maxLetterKey is the longest key of a letter that is shortened for the second time; ids are far shorter.
const maxLetterKey = 1 << 10

// Shorten makes a smaller letter of one that its topic does not hold: first without the record's value, then also without its
// headers and its key. Its reason is then `oversize`, its detail the reason why the record failed, and where the record lay
// stands in it as before. false: nothing more can be left out. The letter is not changed; header values are shared.
func Shorten(letter *record.Record) (record.Record, bool) {
	out := *letter
	out.Value = nil
	again := letter.Header(headerMissing) != nil
	out.Headers = make([]record.Header, 0, len(letter.Headers)+2)
	for _, h := range letter.Headers {
		switch {
		case again && (!strings.HasPrefix(h.Key, dlqPrefix) || h.Key == headerKey):
		case !again && (h.Key == headerReason || h.Key == headerDetail):
		default:
			out.Headers = append(out.Headers, h)
		}
	}
	if again {
		if len(out.Key) > maxLetterKey {
			out.Key = position(letter)
		}
		return out, len(out.Headers) < len(letter.Headers) || len(out.Key) < len(letter.Key)
	}
	out.Headers = append(out.Headers,
		record.Header{Key: headerReason, Value: []byte(fault.Oversize)},
		record.Header{Key: headerDetail, Value: letter.Header(headerReason)},
		record.Header{Key: headerMissing, Value: strconv.AppendInt(nil, int64(len(letter.Value)), 10)})
	return out, true
}

// position names the record of a letter by where it lay.
func position(letter *record.Record) []byte {
	name := append([]byte{}, letter.Header(headerTopic)...)
	name = append(append(name, '-'), letter.Header(headerPartition)...)
	return append(append(name, '-'), letter.Header(headerOffset)...)
}
