package broker

import (
	"encoding/binary"
	"testing"

	"pgregory.net/rapid"
)

// TestFrameCountsRequests cuts a stream of requests anywhere: each is counted once, when it is whole.
func TestFrameCountsRequests(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stream []byte
		var ends []int
		for range rapid.IntRange(1, 5).Draw(t, "requests") {
			body := make([]byte, rapid.IntRange(1, 20).Draw(t, "bytes"))
			stream = append(binary.BigEndian.AppendUint32(stream, uint32(len(body))), body...)
			ends = append(ends, len(stream))
		}
		var f frame
		got, at := int64(0), 0
		for at < len(stream) {
			n := rapid.IntRange(1, len(stream)-at).Draw(t, "read")
			got += f.ends(stream[at : at+n])
			at += n
			want := int64(0)
			for _, end := range ends {
				if end <= at {
					want++
				}
			}
			if got != want {
				t.Fatalf("%d requests in %d bytes, want %d", got, at, want)
			}
		}
	})
}
