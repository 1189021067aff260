package broker

import (
	"encoding/binary"
	"errors"
	"net"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestFrameCountsRequests cuts a stream of requests anywhere: each is counted once, when it is whole.
func TestFrameCountsRequests(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stream []byte
		var ends []int
		for range rapid.IntRange(1, 5).Draw(t, "requests") {
			body := make([]byte, rapid.IntRange(headBytes-4, 20).Draw(t, "bytes"))
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

// TestNoRequestEndsTheConnection: what is no Kafka request is hung up on, and the broker goes on.
func TestNoRequestEndsTheConnection(t *testing.T) {
	b, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for name, sent := range map[string]string{
		"HTTP":        "GET / HTTP/1.1\r\n\r\n",
		"TLS":         "\x16\x03\x01\x02\x00\x01\x00\x01",
		"too short":   "\x00\x00\x00\x01\x00\x00",
		"negative":    "\xff\xff\xff\xff\x00\x00",
		"unknown key": "\x00\x00\x00\x08\x03\xe7\x00\x00\x00\x00\x00\x01",
		"no request":  "\x00\x00\x00\x08\x00\x12\x00\x63\x00\x00\x00\x01",
	} {
		conn, err := net.Dial("tcp", b.Addr())
		if err != nil {
			t.Fatal(name, err)
		}
		if _, err := conn.Write([]byte(sent)); err != nil {
			t.Fatal(name, err)
		}
		if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(name, err)
		}
		if n, err := conn.Read(make([]byte, 1)); n != 0 || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: answered %d bytes, %v", name, n, err)
		}
		conn.Close()
	}
}
