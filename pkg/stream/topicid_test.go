package stream

import (
	"bytes"
	"testing"
)

// answer is a broker, a topic with a partition, and one that does not exist.
var answer = []byte("\x00\x00\x00\x00\x00" + "\x00\x00\x00\x00" + // correlation, tags, throttle
	"\x02\x00\x00\x00\x01\x02h\x00\x00\x23\x84\x00\x00" + "\x02c\x00\x00\x00\x01" + // a broker, cluster, controller
	"\x03\x00\x00\x02t0123456789abcdef\x00" + "\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00" +
	"\x02\x00\x00\x00\x01\x02\x00\x00\x00\x01\x01\x00" + "\x80\x00\x00\x00\x00" +
	"\x00\x03\x02u0000000000000000\x00\x01\x80\x00\x00\x00\x00" + "\x80\x00\x00\x00\x00")

func TestDecodeIDs(t *testing.T) {
	res, err := decodeIDs(answer)
	if err != nil || len(res.ids) != 1 || res.ids["t"] != "30313233343536373839616263646566" {
		t.Errorf("%v, %v", res, err)
	}
	for n := range len(answer) - 5 { // the last field is not read
		if _, err := decodeIDs(answer[:n]); err == nil {
			t.Errorf("cut after %d bytes it can be read", n)
		}
	}
}

func FuzzDecodeIDs(f *testing.F) {
	f.Add(answer)
	f.Add(bytes.Repeat([]byte{0xff}, 100))
	f.Fuzz(func(t *testing.T, body []byte) {
		if res, err := decodeIDs(body); err == nil && len(res.ids) > len(body) {
			t.Errorf("%d ids of %d bytes", len(res.ids), len(body))
		}
	})
}

func TestPlaceOf(t *testing.T) {
	want := place{topic: "0a", mark: 7, end: 12}
	if got := placeOf(7, want.metadata()); got != want {
		t.Errorf("%+v", got)
	}
	for _, foreign := range []string{"", "host-1", "topic x", "topic  end "} {
		if got := placeOf(7, foreign); got != (place{mark: 7}) || got.anew("0a") {
			t.Errorf("%q: %+v", foreign, got)
		}
	}
}
