package httpapi

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestTwoLengths (T15): a request with a length and chunks is answered at most once, and its connection ends: what a proxy
// before us took for its body is no request of its own.
func TestTwoLengths(t *testing.T) {
	f := newFixture(t, nil)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := f.Server()
	go func() { _ = server.Serve(listener) }() // ends with the test
	defer func() { _ = server.Close() }()
	head := "POST " + graphPath + " HTTP/1.1\r\nHost: ingest.example.com\r\n" + goodToken + "\r\nContent-Type: application/json\r\n"
	chunked := strconv.FormatInt(int64(len(oneBody)), 16) + "\r\n" + oneBody + "\r\n0\r\n\r\n"
	length := "Content-Length: " + strconv.Itoa(len(oneBody)) + "\r\n\r\n" + oneBody
	for name, c := range map[string]struct {
		request string
		status  []int
		open    bool
	}{
		"a length alone":                  {head + length, []int{200, 200}, true},
		"both, the length first":          {head + "Content-Length: " + strconv.Itoa(len(chunked)) + "\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked, []int{200}, false},
		"both, a length that hides one":   {head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked, []int{200}, false},
		"both, the length last":           {head + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + chunked, []int{200}, false},
		"an encoding in another spelling": {head + "Content-Length: 5\r\nTransfer-Encoding: CHUNKED\r\n\r\n" + chunked, []int{200}, false},
		"an encoding that is none":        {head + "Content-Length: 5\r\nTransfer-Encoding: xchunked\r\n\r\n" + chunked, []int{501}, false},
		"two encodings":                   {head + "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked, []int{501}, false},
		"two lengths":                     {head + "Content-Length: 5\r\n" + length, []int{400}, false},
	} {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		second := c.request
		if !c.open {
			second = head + length // what somebody hid behind the first
		}
		if _, err := io.WriteString(conn, c.request+second); err != nil {
			t.Fatal(err)
		}
		if err := conn.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
			t.Fatal(err)
		}
		answers := bufio.NewReader(conn)
		var got []string
		for range c.status {
			res, err := http.ReadResponse(answers, nil)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got = append(got, strconv.Itoa(res.StatusCode))
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
		}
		var want []string
		for _, s := range c.status {
			want = append(want, strconv.Itoa(s))
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		if !c.open {
			if more, err := answers.ReadByte(); err == nil {
				t.Errorf("%s: the connection goes on: %q", name, more)
			} else if timeout, is := err.(net.Error); is && timeout.Timeout() { //nolint:errorlint // as it comes from the connection
				t.Errorf("%s: the connection stays open", name)
			}
		}
		_ = conn.Close()
	}
}
